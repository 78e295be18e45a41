"""What level and fact share: a figure as a document prints it, which may be a bound or a range."""

from typing import Literal

from pydantic import model_validator

from analysis.claims.claim import Claim


class Printed(Claim):
    """A claim that a figure is about, above or below `printed`, or between it and `upper`."""

    printed: float
    upper: float | None = None
    relation: Literal["about", "above", "below", "between"] = "about"

    @model_validator(mode="after")
    def range_has_two_ends(self) -> "Printed":
        if (self.upper is not None) != (self.relation == "between"):
            raise ValueError("'upper' goes with relation 'between', and only with it")
        if self.upper is not None and self.upper <= self.printed:
            raise ValueError("'upper' must lie above 'printed'")
        return self

    @property
    def bound(self) -> bool:
        """Whether one end is open."""
        return self.relation in ("above", "below")

    @property
    def span(self) -> tuple[float, float]:
        """The lower and the upper end of what is printed; the same for a single figure."""
        return self.printed, self.printed if self.upper is None else self.upper

    def agrees(self, value: float, tolerance: float) -> bool:
        """Whether an exact value is as printed; the tolerance does not move a bound."""
        low, high = self.span
        within = low - tolerance <= value <= high + tolerance
        return {"above": value > low, "below": value <= high}.get(self.relation, within)
