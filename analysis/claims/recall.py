"""RECALL: some classes are recognised better than others, in one arm, or by more in one arm than in another."""

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from analysis.claims.claim import Apart, Cells, Generator, Pair, Sized, Trials, Unmeasured, kind
from analysis.claims.classes import class_cells, column
from analysis.claims.contrasts import directed
from analysis.claims.evidence import Evidence
from analysis.claims.sides import joined
from analysis.statistics.intervals import Floats


@kind
class Recall(Unmeasured, Sized):
    """RECALL: the mean recall of `classes` is above that of the classes `less`, in `arm`; margins are in points.

    With an arm `than`, the difference is larger in `arm` than in `than`: an interaction of arms and classes.
    """

    words: ClassVar[str] = "recall of classes"
    of_its_corpus: ClassVar[str] = "it names classes of its corpus"

    kind: Literal["RECALL"] = "RECALL"
    arm: Apart[str]
    than: Apart[str] = ""
    classes: tuple[str, ...] = Field(min_length=1)
    less: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def classes_stand_once(self) -> "Recall":
        if len({*self.classes, *self.less}) < len(self.classes) + len(self.less):
            raise ValueError("a class is compared with itself: name each class once")
        return self

    @property
    def axis(self) -> str:
        return "recall (%)"

    @property
    def sides(self) -> Pair:
        """The recalls of one arm, or the differences of two."""
        if not self.than:
            return self._columns(self.arm)
        return f"({' − '.join(self._columns(self.arm))})", f"({' − '.join(self._columns(self.than))})"

    def _columns(self, arm: str) -> Pair:
        return column(arm, joined(self.classes)), column(arm, joined(self.less))

    def cells(self, data: Trials) -> Cells:
        """The mean recall of either set of classes in each arm."""
        return class_cells(data, self.arms, {joined(names): names for names in (self.classes, self.less)})

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        apart = [values(high) - values(low) for high, low in map(self._columns, self.arms)]
        return apart[0] - apart[1] if self.than else apart[0]

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The contrast of the recalls as a direction is judged."""
        cells, coefficients = self.cells(data), dict[str, float]()
        for arm, turn in zip(self.arms, (1.0, -1.0), strict=False):
            high, low = self._columns(arm)
            coefficients |= {high: turn, low: -turn}
        classes, less = joined(self.classes), joined(self.less)
        one = f"the recall of {classes} by {self.arm}", f"that of {less}"
        two = f"the recall of {classes} less that of {less} by {self.arm}", f"the same by {self.than}"
        return directed(self, cells, cells.interval(coefficients), two if self.than else one, 1)
