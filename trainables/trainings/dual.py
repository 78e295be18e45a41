"""Two networks: one names segments, the other names clips by the outputs of the first for their segments."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from trainables.architectures.resnet import resnet
from trainables.data.aggregation import log_probabilities, together
from trainables.data.batches import CachedPart, SomeOf, segments_each
from trainables.data.items import EXCERPTS
from trainables.data.predictions import prediction_table, train_accuracy
from trainables.data.trial_data import TrialData
from trainables.errors import InvalidSetting, check_bounds, checked
from trainables.fit import Fit, Record, as_bytes, first_of, from_bytes, predict, stopwatch
from trainables.recipe.recipes import Recipe
from trainables.trainings import TRAININGS, Sized
from trainables.trainings.stacking import (
    RULES,
    Regression,
    Rule,
    SegmentMean,
    Together,
    entropy_distance,
    first_images,
    folds,
    images,
    mean_entropy,
    pieces,
    right_answers,
)

STACKINGS = ("in_sample", "out_of_fold")
STACK_NETWORKS = ("resnet", "logistic", *RULES)
STACKED = ("train", "validation")
SECOND_WIDTH = 16
FEWEST_FOLDS = 2


class Dual:
    """A first network, then a second one over images of the first one's outputs; see `dual`.

    In folds further first networks are trained beside it, each without one fold of the training items: of those items
    it gives the images that the second network is trained on.
    """

    def __init__(self, data: TrialData, stacking: str, network: str, fold_count: int, epochs: int, second: Recipe):
        self.data, self.network, self.recipe = data, network, second
        self.history: list[Record] = []
        self.first_epochs = epochs
        self.second: Fit | Rule | None = None
        self.images: dict[str, Tensor] = {}
        self.fold = (
            folds(data.items["train"].table, fold_count, data.seed)
            if stacking == "out_of_fold"
            else np.zeros(0, np.int64)
        )
        self.in_folds = [self._first(fold) for fold in np.unique(self.fold)]
        self.first = self._first(None)  # last, so that random numbers go on from where a single network's would

    def _first(self, without: int | None) -> Fit:
        """A first network on all training items, or on those of all folds but one."""
        data, seed = self.data, self.data.seed
        train, validation = data.part("train", augmented=True), data.part("validation")
        if without is not None:
            train = SomeOf(train, self._segments(self.fold != without))
            validation = SomeOf(validation, torch.arange(0))
            seed = int(np.random.SeedSequence([data.seed, int(without)]).generate_state(1)[0])
        recipe = replace(data.recipe, epochs=self.first_epochs)
        return Fit(data.network(seed), recipe, data.seed, train, validation, data.aggregation)

    def _segments(self, chosen: np.ndarray) -> Tensor:
        places = np.flatnonzero(chosen[self.data.items["train"].item])
        return torch.as_tensor(places, device=self.data.device)

    @property
    def finished(self) -> bool:
        return len(self.history) >= self.data.recipe.epochs

    @property
    def parameters(self) -> int:
        with torch.device("meta"):
            second = self._second_network()
        return sum(each.numel() for network in (self.first.network, second) for each in network.parameters())

    def epoch(self) -> Record:
        """An epoch of all first networks, or one of the second."""
        taken = stopwatch()
        if len(self.history) < self.first_epochs:
            for fit in self.in_folds:
                fit.epoch()
            record = self.first.epoch()
        else:
            record = self._second_epoch()
        self.history.append({**record, "epoch": len(self.history) + 1, **taken()})
        return self.history[-1]

    def _second_epoch(self) -> Record:
        if self.second is None:
            self.images = {"train": self._training_images(), "validation": self._images("validation")}
            self.second = self._begin_second()
        entropies = {f"{name}_entropy": mean_entropy(self.images[name]) for name in STACKED}
        apart, p = entropy_distance(*(self.images[name].cpu().numpy() for name in STACKED))
        return {**self.second.epoch(), **entropies, "entropy_distance": apart, "entropy_p": p}

    def _images(self, name: str) -> Tensor:
        return images(self.first.network, self.data.part(name), self.data.loss)

    def _training_images(self) -> Tensor:
        """Images of the training items, each by the network that was not trained on it, if there is one."""
        if not self.in_folds:
            return self._images("train")
        train = self.data.part("train")
        found: dict[int, Tensor] = {}
        for fold, fit in zip(np.unique(self.fold), self.in_folds, strict=True):
            stacked = images(fit.network, SomeOf(train, self._segments(self.fold == fold)), self.data.loss)
            found |= dict(zip(np.flatnonzero(self.fold == fold).tolist(), stacked, strict=True))
        return torch.stack([found[item] for item in range(len(self.fold))])

    def _begin_second(self) -> Fit | Rule:
        train, validation = (CachedPart(self.images[name], self._labels(name)) for name in STACKED)
        torch.manual_seed(self.data.seed)
        kind = Rule if self.network in RULES else Regression if self.network == "logistic" else Fit
        return kind(self._second_network(), self.recipe, self.data.seed, train, validation)

    def _labels(self, name: str) -> Tensor:
        part = self.data.part(name)
        return part.labels[first_of(part)]

    def _second_network(self) -> nn.Module:
        if self.network in RULES:
            return Together(self.network, columns=self.data.loss.columns)
        return second_network(self.network, len(self.data.classes))

    def state(self) -> bytes:
        """The first networks in training, or what they left and the second one."""
        saved: dict[str, Any] = {"history": json.dumps(self.history)}
        if self.second is None:
            saved["firsts"] = [as_tensor(fit.state()) for fit in (*self.in_folds, self.first)]
        else:
            first = self.first.network.state_dict()
            saved |= {"first": first, "images": self.images, "second": as_tensor(self.second.state())}
        return as_bytes(**saved)

    def load(self, state: bytes) -> None:
        saved = from_bytes(state)
        history = json.loads(saved["history"])
        if "firsts" in saved:
            for fit, each in zip((*self.in_folds, self.first), saved["firsts"], strict=True):
                fit.load(content(each))
        else:
            self.first.network.load_state_dict(saved["first"])
            self.images = {name: values.to(self.data.device) for name, values in saved["images"].items()}
            self.second = self._begin_second()
            self.second.load(content(saved["second"]))
        self.history = history

    def answers(self, name: str) -> Tensor:
        return self._named(self._images(name))

    def excerpt_answers(self) -> Tensor:
        """Excerpts are longer than the clips that the second network knows: their mean answer, piece by piece."""
        part = self.data.part(EXCERPTS)
        assert part.item is not None
        segments = predict(self.first.network, part)
        rows, excerpt = pieces(part.item.cpu(), segments_each(self.data.part("train"), "dual"))
        stacked = log_probabilities(segments.float(), self.data.loss.columns).exp()[rows].unsqueeze(1)
        return together(self._named(stacked), excerpt, "sum", columns=self.data.loss.columns)

    def _named(self, stacked: Tensor) -> Tensor:
        """Logits (items, classes) of the second network for images."""
        if self.second is None:
            raise RuntimeError("the second network has not been trained")
        nothing = torch.zeros(len(stacked), dtype=torch.long, device=stacked.device)
        return predict(self.second.network, CachedPart(stacked, nothing)).float()

    def predictions(self) -> dict[str, Any]:
        """Those of the second network, what the first one alone makes of the same items (S0-F7, S0-F8), and images."""
        table, stacked = prediction_table(self.data, self.answers), self._images("test").cpu()
        labels = torch.as_tensor(np.searchsorted(self.data.classes, np.array(table["label"])))
        return {**table, **right_answers(stacked, labels), **first_images(stacked, labels)}

    def train_accuracy(self) -> float:
        return train_accuracy(self.data, self.answers)

    def files(self) -> dict[str, bytes]:
        return {}


def as_tensor(state: bytes) -> Tensor:
    """Bytes as a tensor, which is read without running code."""
    return torch.frombuffer(bytearray(state), dtype=torch.uint8)


def content(state: Tensor) -> bytes:
    return state.numpy().tobytes()


def first_epochs(epochs: int, stack_share: float) -> int:
    """How many of a trial's epochs the first network is trained for; each network gets one at least."""
    return epochs - min(max(1, round(epochs * stack_share)), epochs - 1)


def work(settings: Mapping[str, Any], labels: Sequence[str]) -> float:
    """Epochs of the first network, and in k folds as many again for k networks on k - 1 of k parts each.

    The second network, on small images of whole items, is not counted.
    """
    networks = settings["stack_folds"] if settings["stacking"] == "out_of_fold" else 1
    return float(networks * first_epochs(settings["epochs"], settings["stack_share"]))


def second_network(name: str, classes: int) -> nn.Module:
    """A small residual network with a stem of stride 1, or a linear layer on the mean of the segments."""
    if name == "resnet":
        return resnet((1, 1, classes), classes, depth=34, stem="stride_1", width=SECOND_WIDTH)
    return nn.Sequential(SegmentMean(), nn.Linear(classes, classes))


def beside(settings: Mapping[str, Any], segments: int, classes: int) -> dict[str, Sized]:
    """The second network, on images of a row a segment and a column a class; a rule is none."""
    name = settings["stack_network"]
    return {} if name in RULES else {"second": (second_network(name, classes), (1, segments, classes))}


@TRAININGS("S0-A4", "S0-F7", "S0-F8", "B13", work=work, depends_on_epochs=True, beside=beside)
def dual(
    data: TrialData,
    *,
    stacking: str = "in_sample",
    stack_network: str = "resnet",
    stack_folds: int = 5,
    stack_share: float = 0.5,
    stack_learning_rate: float = 0.0,
    stack_batch_size: int = 0,
) -> Dual:
    """A second network over images of the probabilities that the first gives the segments of a clip (S0-A4).

    The image of a clip has a row a segment and a column a class: 10 x 11 in the document. The first network is the
    trial's architecture, trained on segments for the first epochs of the recipe and then left as it is; the second is
    trained for `stack_share` of them, at least one. On what, the document does not print: with `stacking` "in_sample",
    as is supposed, on the first network's outputs for the items that it was trained on; with "out_of_fold" on outputs
    of networks trained without them, one for each of `stack_folds` folds of whole groups (B13).
    `stack_network` "resnet" is a residual network of 34 layers with a stem of stride 1 and a quarter of the usual
    channels. Baselines on the very same first network (S0-F8) are "logistic", which is logistic regression on the mean
    of the segments, and "sum", "product" and "vote", by which nothing is trained. The second network's recipe is the
    first one's, with `stack_learning_rate` and `stack_batch_size` where they are not 0, at a constant rate.
    Raises InvalidSetting for fewer than two epochs or segments a clip, where clips have different numbers of them, and
    for out-of-fold outputs that no second network would be trained on.
    """
    checked("stacking", stacking, STACKINGS)
    checked("stack_network", stack_network, STACK_NETWORKS)
    if stack_network in RULES and stacking != "in_sample":
        raise InvalidSetting(f"stack_network is '{stack_network}', which is not trained: set stacking to in_sample.")
    check_bounds("stack_share", stack_share, above=0, below=1)
    check_bounds("stack_folds", stack_folds, at_least=FEWEST_FOLDS)
    epochs = data.recipe.epochs
    if epochs < 2:
        raise InvalidSetting(f"epochs is {epochs}: training 'dual' needs at least one for each of its two networks.")
    first = first_epochs(epochs, stack_share)
    recipe = replace(
        data.recipe,
        **plain_schedule(),
        epochs=epochs - first,
        learning_rate=stack_learning_rate or data.recipe.learning_rate,
        batch_size=stack_batch_size or data.recipe.batch_size,
    )
    return Dual(data, stacking, stack_network, stack_folds, first, recipe)


def plain_schedule() -> dict[str, Any]:
    plain = Recipe()
    names = ("schedule", "decay_epochs", "decay_factor", "frozen_epochs", "second_learning_rate")
    return {name: getattr(plain, name) for name in names}
