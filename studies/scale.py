"""Scales: how much is spent on a study."""

import math
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from analysis.looks import LOOKS
from analysis.protocols import protocol_named
from trainables.errors import UserError, unknown
from trainables.registry import Value

MINIMUM_REPETITIONS = 8


class Frozen(BaseModel):
    """Checked when made, unchangeable after; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Scale(Frozen):
    """How much is spent on a study.

    `trials` per arm are explored, stopped by successive halving with factor `reduction`. Their `finalists`, and the
    printed configuration, are trained again to choose from. `repetitions` fresh seeds are confirmed. All trainings have
    `epochs` epochs (0: as many as the document printed). Under a protocol with folds, each repetition tests one of
    `folds` parts of a division that changes when all have been tested. Only a scale that `decides` can give a verdict.
    With `until_decided` the repetitions are those before the first look, and the epochs the most that there may be.
    """

    name: str
    trials: int = Field(ge=1)
    repetitions: int = Field(ge=1)
    epochs: int = Field(default=0, ge=0)
    reduction: int = Field(default=3, ge=2)
    finalists: int = Field(default=1, ge=1)
    folds: int = Field(default=5, ge=1)
    decides: bool = True
    until_decided: bool = False

    def place(self, protocol: str, repetition: int) -> dict[str, Value]:
        """How the data are divided in a repetition, counted from 0: the settings `split_seed`, `fold` and `folds`.

        A protocol without folds is drawn anew for each repetition, as the documents drew theirs.
        """
        folds = self.folds_of(protocol)
        return {"split_seed": repetition // folds, "fold": repetition % folds, "folds": folds}

    def folds_of(self, protocol: str) -> int:
        """In how many folds data are divided under a protocol; 1 where it has none."""
        return self.folds if protocol_named(protocol).folded else 1

    def epochs_of(self, printed: int) -> int:
        """The epochs of each training of a study that the document trained for `printed`: never more than these."""
        return min(self.epochs or printed, printed)

    def at(self, epochs: int) -> "Scale":
        """The scale with other epochs."""
        return self.model_copy(update={"epochs": epochs})

    def until_the_first_look(self) -> "Scale":
        """The scale of a run that stops when it is decided, with the repetitions before its first look."""
        return self.model_copy(update={"until_decided": True, "repetitions": LOOKS[0]})

    def described(self) -> dict[str, Value]:
        """The scale as plain values, by which a run is named; a field that was added later adds none by its default."""
        return self.model_dump(exclude=None if self.until_decided else {"until_decided"})

    def rungs(self, printed: int) -> list[int]:
        """The epochs after which weak trials are stopped.

        The first comes after a third: earlier ones favour arms that learn fast at first over those that end higher.
        """
        last = self.epochs_of(printed)
        rungs, epoch = [], math.ceil(last / 3)
        while epoch < last:
            rungs.append(epoch)
            epoch *= self.reduction
        return rungs


SCALES: Mapping[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale(name="smoke", trials=3, repetitions=2, epochs=3, decides=False),
        Scale(name="laptop", trials=4, repetitions=8, finalists=2),
        Scale(name="cluster", trials=40, repetitions=10, reduction=2, finalists=3),
    )
}


BUDGETS = ("epochs", "repetitions", "trials", "folds")
"""What of a scale a user sets."""


def scale_named(name: str, *, until_decided: bool = False, **budgets: int | None) -> Scale:
    """The scale of that name with other budgets where they are given, or an error that names the nearest one.

    Raises UserError for repetitions of a run that finds their number by itself.
    """
    if name not in SCALES:
        raise unknown("scale", name, SCALES)
    given: dict[str, int] = {name: budget for name, budget in budgets.items() if budget}
    if until_decided and "repetitions" in given:
        raise UserError(
            f"--repetitions is {given['repetitions']} and --until-decided looks after {', '.join(map(str, LOOKS))}: "
            "leave one of the two out."
        )
    found = SCALES[name].model_copy(update=given)
    return found.until_the_first_look() if until_decided else found
