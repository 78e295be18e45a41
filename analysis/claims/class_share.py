"""CLASSES: in how many classes one arm's recall is at least as high as another's."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from analysis.claims.claim import Apart, Cells, Generator, Pair, Trials, Unmeasured, kind
from analysis.claims.classes import class_cells, column
from analysis.claims.evidence import Evidence
from analysis.claims.share import HALF, NEAR, counted


@kind
class ClassShare(Unmeasured):
    """CLASSES: in most of `classes`, or a share of them about `printed`, the recall of `better` is at least `worse`'s.

    Classes are what varies: the interval is one over classes like these, with repetitions drawn inside.
    """

    words: ClassVar[str] = "share of classes"
    unitless: ClassVar[bool] = True
    of_its_corpus: ClassVar[str] = "it names classes of its corpus"

    kind: Literal["CLASSES"] = "CLASSES"
    better: Apart[str]
    worse: Apart[str]
    classes: tuple[str, ...] = Field(min_length=2)
    share: Literal["about", "most"] = "most"
    printed: float | None = Field(None, ge=0, le=1)

    @model_validator(mode="after")
    def about_needs_a_figure(self) -> "ClassShare":
        if (self.printed is not None) != (self.share == "about"):
            raise ValueError("'printed' goes with share 'about', and only with it")
        if len(set(self.classes)) < len(self.classes):
            raise ValueError("a class stands twice: name each class once")
        return self

    @property
    def axis(self) -> str:
        return "recall (%)"

    @property
    def judged_margin(self) -> float | None:
        """A share has no margin."""
        return None

    def cells(self, data: Trials) -> Cells:
        """The recall of each class in either arm."""
        return class_cells(data, self.arms, {name: (name,) for name in self.classes})

    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """The share's interval above, or below, one half or the printed share less .2."""
        bound = HALF if self.printed is None else self.printed - NEAR
        pairs: list[Pair] = [(column(self.better, name), column(self.worse, name)) for name in self.classes]
        return counted(self, self.cells(data), pairs, bound, "classes", generator)
