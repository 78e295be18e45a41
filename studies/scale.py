"""Scales: how much is spent on a study."""

from collections.abc import Collection, Mapping

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.protocols import PROTOCOLS, judging, protocol_named
from trainables.errors import unknown

MINIMUM_REPETITIONS = 8


class Frozen(BaseModel):
    """Checked when made, unchangeable after; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Scale(Frozen):
    """How much is spent on a study.

    `trials` per arm are explored for at most `explore_epochs`, stopped by successive halving from `grace` epochs on
    with factor `reduction`; `repetitions` fresh seeds are confirmed for `confirm_epochs` (0: what the document
    printed), over `folds` folds where a protocol has folds. Only a scale that `decides` can give a verdict.
    """

    name: str
    trials: int = Field(ge=1)
    explore_epochs: int = Field(ge=1)
    grace: int = Field(ge=1)
    reduction: int = Field(default=3, ge=2)
    repetitions: int = Field(ge=1)
    confirm_epochs: int = Field(ge=0)
    folds: int = Field(default=1, ge=1)
    all_cells: bool = False
    decides: bool = True

    @model_validator(mode="after")
    def _fair(self) -> "Scale":
        # A shorter grace period favours arms that learn fast at first over those that end higher.
        if 3 * self.grace < self.explore_epochs:
            raise ValueError(f"grace is {self.grace}: it must be at least a third of {self.explore_epochs} epochs")
        return self

    def cells(self, protocols: Collection[str]) -> list[tuple[str, str]]:
        """What confirm trains under these protocols: pairs of a configuration and a protocol, the judged ones first."""
        judged = [(str(each.judged_by), each.name) for each in PROTOCOLS.values() if each.name in protocols]
        others = [(str(each.other), each.name) for each in judging() if each.name in protocols]
        return judged + others if self.all_cells else judged

    def folds_of(self, protocol: str) -> int:
        """In how many folds data are divided under a protocol; 1 where it has none."""
        return self.folds if protocol_named(protocol).folded else 1

    @property
    def rungs(self) -> list[int]:
        """The epochs after which weak trials are stopped."""
        rungs, epoch = [], self.grace
        while epoch < self.explore_epochs:
            rungs.append(epoch)
            epoch *= self.reduction
        return rungs


SCALES: Mapping[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale(name="smoke", trials=3, explore_epochs=3, grace=1, repetitions=2, confirm_epochs=3, decides=False),
        Scale(name="laptop", trials=4, explore_epochs=9, grace=3, repetitions=8, confirm_epochs=10),
        Scale(
            name="cluster",
            trials=40,
            explore_epochs=100,
            grace=34,
            reduction=2,
            repetitions=10,
            confirm_epochs=0,
            folds=5,
            all_cells=True,
        ),
    )
}


def scale_named(name: str) -> Scale:
    """The scale of that name, or an error that names the nearest one."""
    if name not in SCALES:
        raise unknown("scale", name, SCALES)
    return SCALES[name]
