"""What a training is given: the parts of a trial's data as features and labels, its network, recipe and seed."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from trainables.augmentation.chain import chain
from trainables.configuration import Configuration, entries
from trainables.data.batches import HeardPart, KeptPart, Part
from trainables.data.features import Features
from trainables.data.items import classes_of, items_of, targets
from trainables.data.predictions import prediction_table
from trainables.recipe.initialisation import initialise
from trainables.recipe.losses import LOSSES
from trainables.weights import load_weights


class Material:
    """The data of one trial, divided, and how its network is built."""

    def __init__(self, configuration: Configuration, features: Features):
        settings = configuration.settings
        self.configuration, self.features = configuration, features
        self.recipe = configuration.recipe
        self.seed, self.aggregation = int(settings["seed"] or 0), str(settings["aggregation"])
        self.loss = LOSSES[self.recipe.loss]
        self.items = items_of(features.divisions, features.segments, configuration)
        self.classes = classes_of(self.items, columns=self.loss.columns)

    @property
    def device(self) -> torch.device:
        """Where the features are, and the network shall be."""
        return self.features.device

    def network(self, seed: int, classes: int = 0) -> nn.Module:
        """The network, drawn with the random state set by `seed`, and with the published weights that are asked for.

        It has an output for each class of the trial, or as many as `classes` says.
        """
        torch.manual_seed(seed)
        architecture = entries(self.configuration.settings)["architecture"]
        parameters = self.configuration.part("architecture")
        network: nn.Module = architecture.build(self.features.shape, classes or len(self.classes), **parameters)
        initialise(network, self.recipe.initialisation)
        if name := str(self.configuration.settings["weights"]):
            load_weights(network, name, self.features.store.path.parent)
        return network

    def predictions(self, answers: Callable[[str], Tensor]) -> dict[str, Any]:
        """The table of predictions of a classifier whose `answers` are for the items of a named part."""
        return prediction_table(self, answers)

    def part(self, name: str, *, augmented: bool = False) -> Part:
        """The segments of "train", "validation" or "test", heard with the trial's augmentations if `augmented`."""
        part, device = self.items[name], self.device
        names = str(self.configuration.settings["augmentation"]) if augmented else ""
        labels = targets(part, self.classes, columns=self.loss.columns, device=device)
        item = torch.as_tensor(part.item, device=device)
        if names or not self.features.kept:
            augmentation = chain(names, self.features.store.rate, self.configuration.part("augmentation"))
            return HeardPart(self.features, part.rows, labels, augmentation, item)
        values = self.features.ready(part.rows)
        return KeptPart(values, labels, torch.as_tensor(part.rows, device=device), item)
