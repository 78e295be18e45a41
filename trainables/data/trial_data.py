"""What a training is given: the parts of a trial's data as features and labels, its network, recipe and seed."""

import torch
from torch import Tensor, nn

from trainables.architectures import network_of
from trainables.augmentation.chain import chain
from trainables.configuration import Configuration
from trainables.data.batches import CachedPart, Part, StreamedPart
from trainables.data.features import Features
from trainables.data.items import EXCERPTS, PARTS, classes_of, excerpts_in, items_of, targets
from trainables.data.splitting import Division, excerpts_of
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
        self.inputs = dict.fromkeys(self.items, features)
        if excerpts := excerpts_of(features.store, configuration, features.segments.samples):
            self.items[EXCERPTS] = excerpts_in(division, excerpts)
            self.inputs[EXCERPTS] = features.over(excerpts)

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
        """The segments of "train", "validation", "test" or `EXCERPTS`, with the trial's augmentations if `augmented`.

        Excerpts are many, and are asked for once: their features are not kept.
        """
        part, features, device = self.items[name], self.inputs[name], self.device
        names = self.configuration["augmentation"] if augmented else ""
        labels = targets(part, self.classes, columns=self.loss.columns, device=device)
        item = torch.as_tensor(part.item, device=device)
        if self.streams(name, augmented=augmented):
            augmentation = chain(names, features.store.rate, self.configuration.part("augmentation"))
            return StreamedPart(features, part.rows, labels, augmentation, item)
        if not features.kept:
            return CachedPart(self._features_of(name), labels, item=item)
        values = features.ready(part.rows)
        return CachedPart(values, labels, torch.as_tensor(part.rows, device=device), item)

    def streams(self, name: str, *, augmented: bool = False) -> bool:
        """Whether the features of a part are computed anew for each batch."""
        altered = augmented and bool(self.configuration["augmentation"])
        return altered or name == EXCERPTS or not self.inputs[name].bytes_kept(self.segments)

    @property
    def segments(self) -> int:
        """How many segments the three parts have."""
        return sum(len(self.items[name].rows) for name in PARTS)

    def _features_of(self, name: str) -> Tensor:
        """Features of a part, kept for this trial: the store has more segments than can be kept for all trials."""
        if name not in self._own:
            self._own[name] = self.features.alone(self.items[name].rows)
        return self._own[name]
