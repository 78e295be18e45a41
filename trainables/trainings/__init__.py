"""The registry of trainings: what a trial does in its epochs; each module of this package holds one.

A training is a function `(data, *, parameters) -> Training`, called anew whenever a trial is opened. All trials
have one kind of directory, one Trainable and one way to be gathered; a training only says what an epoch is and what is
predicted at the end.

One that trains more or less than the trial's network on all of the training part is registered with `work`, for plans:
a function of the trial's settings and of the labels of its training segments to what all its epochs compute, in epochs
of that network on that part. One of which any epoch depends on how many there will be is registered with
`depends_on_epochs=True`. One whose network has another number of outputs than there are classes is registered with
that number as `outputs`. One whose validation accuracy does not say which of two configurations is better, as that of a
discriminator, is registered with `objective=False`: nothing of it is tuned. One that only measures is registered with
`trains=False`: it has no network, is not tuned either, and tells `Measuring` what one recording takes. One that trains
networks beside the trial's own is registered with `beside`: a function of the trial's settings and of the segments of
an item and the classes that there are, to those networks by name, each with the shape of one input. One whose steps
take a batch of segments and nothing else is registered with `by_segments=True`: what they hold of it is counted. One
that judges what it has made in its last epoch, which then lasts as long as many others, is registered with `judge`: a
function of the trial's settings, the shape of an input and the number of classes, to the network that judges and the
epochs in which the first trial of a seed trains it on all training segments.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from trainables.architectures import network_of
from trainables.architectures.layers import parameter_count
from trainables.configuration import Configuration
from trainables.data.items import classes_of
from trainables.data.splitting import Division
from trainables.fit import Record
from trainables.memory import step_bytes
from trainables.recipe.schedules import SCHEDULES
from trainables.registry import Registry, Value, keyword_parameters

TRAININGS = Registry("training")
Sized = tuple[nn.Module, tuple[int, ...]]
"""A network, and the shape of one input of it."""
Beside = Callable[[Mapping[str, Any], int, int], dict[str, Sized]]

JudgeOf = Callable[[Mapping[str, Any], tuple[int, ...], int], tuple[nn.Module, int]]


def work(settings: Mapping[str, Value], labels: Sequence[str]) -> float:
    """What a trial computes in all its epochs, in epochs of its network on all its training segments.

    `labels` are those of the segments. Counted, not measured: see the trainings.
    """
    about = TRAININGS[str(settings["training"])].about
    counted: Callable[..., float] | None = about.get("work")
    usual = float(settings["epochs"] or 0) if about.get("trains", True) else 0.0
    return counted(settings, labels) if counted else usual


def grows(configuration: Configuration) -> bool:
    """Whether a trial of fewer epochs is the beginning of this one: no epoch depends on how many there will be.

    A schedule that depends on them takes `epochs`.
    """
    schedule = SCHEDULES[configuration["schedule"]]
    depends = TRAININGS[configuration["training"]].about.get("depends_on_epochs", False)
    return not depends and "epochs" not in keyword_parameters(schedule)


def outputs(configuration: Configuration, division: Division) -> int:
    """How many outputs the network of a configuration has: one for each class, unless its training says otherwise."""
    return TRAININGS[configuration["training"]].about.get("outputs") or len(classes_of(division, configuration))


def networks_of(configuration: Configuration, shape: tuple[int, ...], division: Division) -> dict[str, Sized]:
    """The networks that a trial trains; its own, whose input is a segment's features of this shape, has no name."""
    own = {"": (network_of(configuration, shape, outputs(configuration, division)), shape)}
    beside: Beside | None = TRAININGS[configuration["training"]].about.get("beside")
    if not beside:
        return own
    (clip,) = division.clips_of("train")[:1]
    segments = int((division.segments.clip == clip).sum())
    return own | beside(configuration.settings, segments, len(classes_of(division, configuration)))


def parameters_of_all(configuration: Configuration, shape: tuple[int, ...], division: Division) -> int:
    """The trainable numbers of all networks of a trial; none is drawn."""
    with torch.device("meta"):
        return sum(parameter_count(network) for network, _ in networks_of(configuration, shape, division).values())


def judge_of(configuration: Configuration) -> JudgeOf | None:
    """What makes the network that judges what was made in the last epoch; None where nothing is judged."""
    return TRAININGS[configuration["training"]].about.get("judge")


def held_in_a_step(configuration: Configuration, network: nn.Module, shape: tuple[int, ...]) -> int | None:
    """The bytes that a training step holds of a batch of inputs of this shape; None where steps take something else."""
    by_segments = TRAININGS[configuration["training"]].about.get("by_segments", False)
    return step_bytes(network, shape, configuration["batch_size"]) if by_segments else None


def has_objective(configuration: Configuration) -> bool:
    """Whether configurations of this training can be chosen by their validation accuracy."""
    return trains(configuration) and bool(TRAININGS[configuration["training"]].about.get("objective", True))


def trains(configuration: Configuration) -> bool:
    """Whether this training has a network; one that has none only measures."""
    return bool(TRAININGS[configuration["training"]].about.get("trains", True))


class Training(Protocol):
    """What a trial needs of its training; all that the next epoch depends on is in `state()`."""

    history: list[Record]

    @property
    def finished(self) -> bool:
        """Whether the last epoch is done."""

    @property
    def parameters(self) -> int:
        """Trainable numbers of what is trained in the end."""

    def epoch(self) -> Record:
        """Train one epoch and measure it; the record joins the history.

        It has at least the keys of `Fit.epoch`; of a training without a network, the epoch and its times.
        """

    def state(self) -> bytes:
        """Tensors and text, for torch.load with weights_only."""

    def load(self, state: bytes) -> None:
        """Go back to where `state` was taken; raises RuntimeError, KeyError or ValueError for another training's."""

    def predictions(self) -> dict[str, Any]:
        """Columns of the table of predictions of the test part."""

    def train_accuracy(self) -> float:
        """The share of the training items that are right in evaluation mode, without augmentation; NaN for none.

        Nothing that the next epoch depends on may change by it.
        """

    def excerpt_answers(self) -> Tensor | None:
        """Log-probabilities (excerpts, classes) of the published test excerpts; None if it tells no classes apart.

        Asked only where the corpus has such excerpts.
        """

    def files(self) -> dict[str, bytes]:
        """Further files of the trial by their names, written before each checkpoint."""


class Measuring(Training, Protocol):
    """A training without a network, which measures recordings one by one."""

    rows: Sequence[int]
    """The segments that are measured."""

    def measure(self, place: int) -> dict[str, float]:
        """What is measured of the recording at a place among the rows."""


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
