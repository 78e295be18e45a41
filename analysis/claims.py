"""Claims as they are registered before a run: what is compared, in which direction, by how much and how it is judged.

A claim is data. It names the arms of its study and the rule of judging (`kind`); `analysis.verdicts` applies the rule.
Margins are in points for accuracies (0 to 100), in the metric's own unit for all else, and as a ratio for costs.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis.errors import RunError, unknown
from analysis.metrics import ACCURACY, METRICS

Protocol = Literal["as_published", "corrected"]
Pair = tuple[str, str]


def sesoi(printed: float) -> float:
    """The smallest effect of interest, in points, for a claim with a printed size in points: max(2, size / 4)."""
    return max(2.0, abs(printed) / 4)


class Claim(BaseModel):
    """What every claim registers; `part` tells the claims of one finding apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    finding: str
    part: str = ""
    metric: str = ACCURACY
    margin: float = Field(2.0, gt=0)
    protocols: tuple[Protocol, ...] = ("as_published", "corrected")
    hypothesis: bool = False
    confounded: str = ""

    def __init__(self, **fields: Any):
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise RunError(sentence(type(self), fields, error)) from None

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that the claim compares, each once, in the order in which it names them."""
        named = (getattr(self, name) for name in ARM_FIELDS if hasattr(self, name))
        return tuple(dict.fromkeys(chain.from_iterable(map(names_in, named))))

    @property
    def name(self) -> str:
        """The finding and, where it has several, the part: "S4-F1 equal"."""
        return f"{self.finding} {self.part}".strip()

    @field_validator("metric")
    @classmethod
    def known_metric(cls, metric: str) -> str:
        """Raise for a metric that `analysis.metrics` does not compute."""
        if metric not in METRICS:
            raise ValueError(str(unknown("metric", metric, METRICS)))
        return metric

    @model_validator(mode="after")
    def arms_differ(self) -> "Claim":
        """Raise for a claim that compares an arm with itself."""
        named = list(chain.from_iterable(names_in(getattr(self, n)) for n in COMPARED if hasattr(self, n)))
        if len(named) != len(set(named)):
            raise ValueError("an arm is compared with itself: name each arm once")
        return self

    @model_validator(mode="after")
    def margin_has_unit(self) -> "Claim":
        """Raise where the default margin, which is in points, would be read in another unit."""
        unit = METRICS[self.metric].unit
        if (
            unit != "points"
            and "margin" not in self.model_fields_set
            and type(self).model_fields["margin"].default == 2
        ):
            raise ValueError(f"'{self.metric}' is in {unit}: state the margin in that unit")
        return self


class _Sized(Claim):
    printed: float | None = None

    @model_validator(mode="before")
    @classmethod
    def margin_of_size(cls, fields: Any) -> Any:
        """Take the margin from the printed size of the effect, unless it is stated."""
        if isinstance(fields, Mapping) and fields.get("printed") is not None and "margin" not in fields:
            return {**fields, "margin": sesoi(float(fields["printed"]))}
        return fields


class Better(_Sized):
    """DIR: `better` beats `worse` (an arm, or a constant in the metric's unit); `printed` is the size, if any.

    "Beats" is higher for an accuracy and lower for a time, a loss or a number of epochs (`Metric.higher`).
    """

    kind: Literal["DIR"] = "DIR"
    better: str
    worse: str | float


class Equal(Claim):
    """EQ: `first` and `second` (an arm, or a constant in the metric's unit) differ by less than the margin."""

    kind: Literal["EQ"] = "EQ"
    first: str
    second: str | float


class NeverHurts(Claim):
    """NI: along `levels`, in increasing order, no level is worse than a smaller one by the margin."""

    kind: Literal["NI"] = "NI"
    levels: tuple[str, ...] = Field(min_length=2)


class _AtLevel(Claim):
    levels: tuple[str, ...]
    at: str

    @model_validator(mode="after")
    def at_is_a_level(self) -> "_AtLevel":
        """Raise where `at` is not among the levels."""
        if self.at not in self.levels:
            raise ValueError(str(unknown("level", self.at, self.levels)))
        return self


class Saturates(_AtLevel):
    """SAT: along `levels`, in increasing order, nothing is gained beyond the level `at`, which beats the lowest."""

    kind: Literal["SAT"] = "SAT"
    levels: tuple[str, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def at_is_inside(self) -> "Saturates":
        """Raise where no level lies below or none above `at`."""
        if self.at in (self.levels[0], self.levels[-1]):
            raise ValueError("saturation needs a level below and one above 'at'")
        return self


class Optimum(_AtLevel):
    """OPT: of `levels`, in increasing order and at least five, the best is near the level `at`."""

    kind: Literal["OPT"] = "OPT"
    levels: tuple[str, ...] = Field(min_length=5)


class Level(Claim):
    """LEV: the absolute level of an arm, as printed (points for accuracies), judged under `as_published` alone.

    `between` takes `printed` as the lower and `upper` as the upper end. For "about" and "between" the margin is the
    tolerance (5 points); for "above" and "below" it is not used.
    """

    kind: Literal["LEV"] = "LEV"
    arm: str
    printed: float
    upper: float | None = None
    relation: Literal["about", "above", "below", "between"] = "about"
    margin: float = Field(5.0, gt=0)
    protocols: tuple[Literal["as_published"], ...] = ("as_published",)

    @model_validator(mode="after")
    def range_has_two_ends(self) -> "Level":
        """Raise unless exactly a "between" has an upper end, above the lower one."""
        if (self.upper is not None) != (self.relation == "between"):
            raise ValueError("'upper' goes with relation 'between', and only with it")
        if self.upper is not None and self.upper <= self.printed:
            raise ValueError("'upper' must lie above 'printed'")
        return self

    @model_validator(mode="after")
    def tolerance_has_unit(self) -> "Level":
        """Raise where the default of 5 points would be read in another unit."""
        unit = METRICS[self.metric].unit
        if self.relation in ("about", "between") and unit != "points" and "margin" not in self.model_fields_set:
            raise ValueError(f"'{self.metric}' is in {unit}: state the margin in that unit")
        return self


class Share(Claim):
    """PROP: in how many of `pairs` (better, worse) the first is at least as good; `printed` is a share of 0 to 1."""

    kind: Literal["PROP"] = "PROP"
    pairs: tuple[Pair, ...] = Field(min_length=2)
    share: Literal["about", "most", "each", "sometimes"]
    printed: float | None = Field(None, ge=0, le=1)

    @model_validator(mode="after")
    def about_needs_a_figure(self) -> "Share":
        """Raise unless exactly an "about" has a printed share."""
        if (self.printed is not None) != (self.share == "about"):
            raise ValueError("'printed' goes with share 'about', and only with it")
        return self


class Ranking(Claim):
    """ORD in one of three forms: a `chain` (2 to 7, best first), `best` of `candidates`, a `ranking` (8 or more)."""

    kind: Literal["ORD"] = "ORD"
    chain: tuple[str, ...] = Field((), max_length=7)
    best: str = ""
    candidates: tuple[str, ...] = ()
    ranking: tuple[str, ...] = ()

    @model_validator(mode="after")
    def one_form(self) -> "Ranking":
        """Raise unless exactly one form is given, and is complete."""
        forms = [len(self.chain) > 1, bool(self.best) and len(self.candidates) > 1, len(self.ranking) >= 8]
        given = [bool(self.chain), bool(self.best or self.candidates), bool(self.ranking)]
        if sum(given) != 1 or forms != given:
            raise ValueError("give a chain of 2 to 7, or 'best' with 2 or more candidates, or a ranking of 8 or more")
        return self

    @property
    def others(self) -> tuple[str, ...]:
        """The candidates besides `best`."""
        return tuple(c for c in self.candidates if c != self.best)


class Interaction(_Sized):
    """INT: the contrast (a1 - a2) - (b1 - b2) of `plus` = (a1, a2) and `minus` = (b1, b2) is positive."""

    kind: Literal["INT"] = "INT"
    plus: Pair
    minus: Pair


class Slope(Claim):
    """Slope: the odds of a right answer rise (or fall) with a covariate of the item; `margin` is an odds ratio per SD.

    The covariate is a column of the predictions besides those of the contract.
    """

    kind: Literal["slope"] = "slope"
    arm: str
    covariate: str
    direction: Literal["rises", "falls"] = "rises"
    margin: float = Field(1.1, gt=1)


class NoDirection(Claim):
    """HYP without a direction: the difference first - second is estimated and nothing is decided."""

    kind: Literal["HYP"] = "HYP"
    first: str
    second: str
    hypothesis: bool = True


class Cost(Claim):
    """COST: `cheaper` costs less than `dearer`: the median ratio dearer / cheaper exceeds `margin`."""

    kind: Literal["COST"] = "COST"
    cheaper: str
    dearer: str
    metric: str = "seconds_per_epoch"
    margin: float = Field(1.1, gt=1)


class Fact(Claim):
    """FACT: a figure of the corpus computed from its files; `tolerance` is a share of the printed figure (.1 for "≈").

    A yes-or-no fact is printed as 1.0 or 0.0.
    """

    kind: Literal["FACT"] = "FACT"
    fact: str
    printed: float
    tolerance: float = Field(0.0, ge=0)


AnyClaim = Annotated[
    Better
    | Equal
    | NeverHurts
    | Saturates
    | Optimum
    | Level
    | Share
    | Ranking
    | Interaction
    | Slope
    | NoDirection
    | Cost
    | Fact,
    Field(discriminator="kind"),
]
KINDS: tuple[type[Claim], ...] = get_args(get_args(AnyClaim)[0])

ARM_FIELDS: tuple[str, ...] = ("better", "worse", "first", "second", "levels", "at", "arm", "pairs", "chain", "best")
ARM_FIELDS += ("candidates", "ranking", "plus", "minus", "cheaper", "dearer")
# Within one of these groups of fields no arm may stand twice; pairs may share arms, and so may the two of an INT.
COMPARED = ("better", "worse", "first", "second", "levels", "chain", "candidates", "ranking", "cheaper", "dearer")


def names_in(value: object) -> list[str]:
    """The arm names in the value of a field: a name, a tuple of names, a tuple of pairs; a constant has none."""
    if isinstance(value, str):
        return [value] if value else []
    return list(chain.from_iterable(map(names_in, value))) if isinstance(value, tuple) else []


def dump(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    """The claims as JSON-ready dictionaries, in order."""
    return [claim.model_dump(mode="json") for claim in claims]


def load(data: Sequence[Mapping[str, Any]]) -> list[Claim]:
    """The claims that `dump` wrote; raises RunError for an unknown kind or field."""
    return [_load(entry) for entry in data]


def _load(entry: Mapping[str, Any]) -> Claim:
    kinds = {str(k.model_fields["kind"].default): k for k in KINDS}
    kind = str(entry.get("kind"))
    if kind not in kinds:
        raise unknown("kind of claim", kind, kinds)
    return kinds[kind](**entry)


def sentence(kind: type[Claim], fields: Mapping[str, Any], error: ValidationError) -> str:
    """The first of pydantic's errors as one sentence that names the claim."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(place) for place in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    name = f"{fields.get('finding', '?')} {fields.get('part', '')}".strip()
    return (
        f"{kind.__name__} claim of {name}: {where + ': ' if where else ''}{message[:1].lower()}{message[1:]}".rstrip(
            ".?"
        )
        + "."
    )
