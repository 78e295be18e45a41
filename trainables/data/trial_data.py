"""What a training is given: the parts of a trial's data as features and labels, its network, recipe and seed."""

import torch
from torch import Tensor, nn

from trainables.architectures import network_of
from trainables.augmentation.chain import chain
from trainables.configuration import Configuration
from trainables.data.batches import CachedPart, Part, StreamedPart
from trainables.data.features import Features
from trainables.data.items import classes_of, items_of, targets
from trainables.data.splitting import Division
from trainables.recipe.initialisation import initialise
from trainables.recipe.losses import LOSSES
from trainables.recipe.recipes import recipe_of
from trainables.weights import load_weights


class TrialData:
    """The data of one trial, divided, and how its network is built."""

    def __init__(self, configuration: Configuration, division: Division, features: Features):
        self.configuration, self.features = configuration, features
        self.recipe = recipe_of(configuration)
        self.seed, self.aggregation = configuration["seed"], configuration["aggregation"]
        self.loss = LOSSES[self.recipe.loss]
        self.items = items_of(division, configuration)
        self.classes = classes_of(division, configuration)
        self._own: dict[str, Tensor] = {}

    @property
    def device(self) -> torch.device:
        return self.features.device

    def network(self, seed: int, outputs: int = 0) -> nn.Module:
        """The network, drawn with the random state set by `seed`, and with the published weights that are asked for.

        It has an output for each class of the trial, or as many `outputs` as its training is registered with.
        """
        torch.manual_seed(seed)
        network = network_of(self.configuration, self.features.shape, outputs or len(self.classes))
        initialise(network, self.recipe.initialisation)
        if name := self.configuration["weights"]:
            load_weights(network, name, self.features.store.path.parent)
        return network

    def part(self, name: str, *, augmented: bool = False) -> Part:
        """The segments of "train", "validation" or "test", with the trial's augmentations if `augmented`."""
        part, device = self.items[name], self.device
        names = self.configuration["augmentation"] if augmented else ""
        labels = targets(part, self.classes, columns=self.loss.columns, device=device)
        item = torch.as_tensor(part.item, device=device)
        if names or not self.features.bytes_kept(self.segments):
            augmentation = chain(names, self.features.store.rate, self.configuration.part("augmentation"))
            return StreamedPart(self.features, part.rows, labels, augmentation, item)
        if not self.features.kept:
            return CachedPart(self._features_of(name), labels, item=item)
        values = self.features.ready(part.rows)
        return CachedPart(values, labels, torch.as_tensor(part.rows, device=device), item)

    @property
    def segments(self) -> int:
        """How many segments the three parts have."""
        return sum(len(each.rows) for each in self.items.values())

    def _features_of(self, name: str) -> Tensor:
        """Features of a part, kept for this trial: the store has more segments than can be kept for all trials."""
        if name not in self._own:
            self._own[name] = self.features.alone(self.items[name].rows)
        return self._own[name]
