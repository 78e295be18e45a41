"""The registry of trainings: what a trial does in its epochs; each module of this package holds one.

A training is a function `(material, *, parameters) -> Training`, called anew whenever a trial is opened. All trials
have one kind of directory, one Trainable and one way to be gathered; a training only says what an epoch is and what is
predicted at the end. The modules know nothing of configurations, which have to know the trainings' parameters.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

from trainables.fit import Record
from trainables.registry import Registry

TRAININGS = Registry("training")


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
        """Train one epoch and measure it; the record, with at least the keys of `Fit.epoch`, joins the history."""

    def state(self) -> bytes:
        """Tensors and text, for torch.load with weights_only."""

    def load(self, state: bytes) -> None:
        """Go back to where `state` was taken; raises RuntimeError, KeyError or ValueError for another training's."""

    def predictions(self) -> dict[str, Any]:
        """Columns of the table of predictions of the test part."""

    def files(self) -> dict[str, bytes]:
        """Further files of the trial by their names, written before each checkpoint."""


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
