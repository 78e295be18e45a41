"""What all kinds of claim have in common: what is registered, which fields name arms, and how a kind is registered.

Margins are in points for accuracies (0 to 100), in the metric's own unit for all else, and as a ratio for costs.
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum, auto
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis.claims.evidence import Evidence, figures
from analysis.claims.sentences import difference, lead, odds, size
from analysis.claims.sides import Sides
from analysis.errors import RunError, unknown
from analysis.metrics import ACCURACY, METRICS
from analysis.protocols import PROTOCOLS, judging
from analysis.statistics import Interval
from analysis.statistics.intervals import Floats
from analysis.text import TIMES, minus

if TYPE_CHECKING:
    # It needs pandas, and every command that names a study imports claims: the kinds name these types from here.
    import numpy as np

    from analysis import confirmed

Trials: TypeAlias = "confirmed.Confirmed"
Cells: TypeAlias = "confirmed.Cells"
Generator: TypeAlias = "np.random.Generator"
Pair = tuple[str, str]
Basis = Literal["confirmed", "explored", "described"]
T = TypeVar("T")


class Naming(Enum):
    """What a field of a claim says of arms."""

    ARMS = auto()
    APART = auto()


Arms = Annotated[T, Naming.ARMS]
"""A field that names arms: a name, a tuple of names, or a tuple of pairs; a number in it is a constant."""
Apart = Annotated[T, Naming.ARMS, Naming.APART]
"""A field that names arms which are compared: none may stand twice in all such fields of a claim."""


def sesoi(printed: float) -> float:
    """The smallest effect of interest, in points, for a claim with a printed size in points: max(2, size / 4)."""
    return max(2.0, abs(printed) / 4)


def named(finding: str, part: str) -> str:
    """The key of a claim: its finding and, where that has several, the part, as in "S4-F1 equal"."""
    return f"{finding} {part}".strip()


class Claim(BaseModel, ABC):
    """What every claim registers; `part` tells the claims of one finding apart.

    Its `words` name the kind for a reader. A kind that does not have `intervals` is in no figure; one that is not drawn
    `by_run` has no figure of single repetitions; of one that is a `ratio` these are divided, not subtracted. What is
    printed of one that is `unitless` has no unit, else that of the metric. One that does not compare means, such as one
    of how many runs end at chance, counts collapsed runs like others. One that `needs_printed_epochs` is not judged by
    fewer, whatever its metric needs. One that is `of_its_corpus`, for that reason, cannot be tested on other audio.
    One with `fewest_explored` is judged by that many explored trials of each arm in place of confirmed ones. `repeated`
    says what its n counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: ClassVar[str]
    intervals: ClassVar[bool] = True
    by_run: ClassVar[bool] = True
    ratio: ClassVar[bool] = False
    unitless: ClassVar[bool] = False
    of_means: ClassVar[bool] = True
    needs_printed_epochs: ClassVar[bool] = False
    of_its_corpus: ClassVar[str] = ""
    fewest_explored: ClassVar[int] = 0
    repeated: ClassVar[str] = "paired seeds"

    finding: str
    part: str = ""
    metric: str = ACCURACY
    margin: float = Field(2.0, gt=0)
    protocols: tuple[str, ...] = Field(default_factory=lambda: tuple(p.name for p in PROTOCOLS.values() if p.judges))
    hypothesis: bool = False
    confounded: str = ""
    kind: str

    def __init__(self, **fields: Any):
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise RunError(sentence(type(self), fields, error)) from None

    @abstractmethod
    def evidence(self, data: Trials, generator: Generator) -> Evidence:
        """What the confirmed trials of one protocol say of the claim: the rule of judging.

        Raises NotRun where trials are missing, Untestable where they cannot say it.
        """

    @property
    def name(self) -> str:
        """The key of the claim in its study: "S4-F1 equal"."""
        return named(self.finding, self.part)

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms that the claim compares, each once, in the order in which it names them."""
        return tuple(dict.fromkeys(self._arms_in(Naming.ARMS)))

    def _arms_in(self, naming: Naming) -> Iterator[str]:
        return chain.from_iterable(map(names_in, self._values(naming)))

    def _values(self, naming: Naming) -> Iterator[object]:
        fields = type(self).model_fields.items()
        return (getattr(self, name) for name, field in fields if naming in field.metadata)

    @property
    def constants(self) -> tuple[float, ...]:
        """The figures with which arms are compared."""
        return tuple(chain.from_iterable(map(numbers_in, self._values(Naming.ARMS))))

    @property
    def stays(self) -> str:
        """Why the claim cannot be tested on other audio; "" if nothing it says is `of_its_corpus`."""
        return self.of_its_corpus

    @property
    def tuned(self) -> tuple[str, ...]:
        """The tuned parameters that the claim names."""
        return ()

    @property
    def rests_on(self) -> Basis:
        """What a verdict needs of the arms: that they are confirmed, or only explored, or described and not trained."""
        return "confirmed"

    @property
    def sides(self) -> Pair | None:
        """The two that are compared, as figures name them; None where the verdict lists several comparisons."""
        return None

    @property
    def compared(self) -> tuple[Sides, ...]:
        """The sides that are compared with one another, pair by pair; none where all arms are looked at together."""
        return ()

    @property
    def judged_margin(self) -> float | None:
        """The margin, where the rule uses it."""
        return self.margin

    @property
    def sign(self) -> int:
        """1 where more of the metric is better, else -1."""
        return METRICS[self.metric].sign

    @property
    def unit(self) -> str:
        """The unit of the metric."""
        return METRICS[self.metric].unit

    @property
    def band(self) -> str:
        """The margin with its unit."""
        return size(self.margin, self.metric)

    @property
    def stated(self) -> str:
        """The figure that the claim itself states, with its unit; "" without one."""
        printed = getattr(self, "printed", None)
        return "" if printed is None else f"{minus(f'{printed:g}')} {'' if self.unitless else self.unit}".strip()

    @property
    def in_words(self) -> str:
        """The claim in words, for a finding that no register describes."""
        return f"{type(self).__name__}: {', '.join(self.arms)}."

    @classmethod
    def origin(cls, printed: float | None) -> float:
        """Where the axis of a figure begins, in the unit of the effect; `printed` is the figure of the document."""
        return 0.0

    @property
    def axis(self) -> str:
        """The title of an axis of what is compared, with its unit."""
        return METRICS[self.metric].axis

    def cells(self, data: Trials) -> Cells:
        """What is compared, side by side; raises as `evidence` does."""
        return data.cells(self.arms, self.metric)

    def difference(self, values: Callable[[str], Floats], first: str, second: str) -> Floats:
        """What figures draw of each repetition, in the claimed direction; `values` are those of one side."""
        return self.sign * (values(first) - values(second))

    def shown(self, cells: Cells, interval: Interval, pair: Pair, sign: int = 1, also: str = "") -> dict[str, Any]:
        """The fields of Evidence that come from the comparison that is shown, which `sign` turned as claimed."""
        ahead = interval.above if sign == self.sign else interval.below
        probabilities = interval.probabilities(self.margin)
        parts = [
            difference(interval, pair, self.metric, cells.held_out, sign) + also,
            lead(ahead, interval.n),
            *([] if math.isnan(probabilities[0]) else [odds(probabilities, self.band)]),
        ]
        more = {"ahead": ahead, "probabilities": probabilities, "unit": self.unit}
        return {"sentence": ", ".join(parts), **more, **figures(interval, self.margin, cells.held_out)}

    @field_validator("metric")
    @classmethod
    def known_metric(cls, metric: str) -> str:
        if metric not in METRICS:
            raise ValueError(str(unknown("metric", metric, METRICS)))
        return metric

    @field_validator("protocols")
    @classmethod
    def known_protocols(cls, protocols: tuple[str, ...]) -> tuple[str, ...]:
        known = [protocol.name for protocol in judging()]
        if others := [name for name in protocols if name not in known]:
            raise ValueError(str(unknown("protocol of a verdict", others[0], known)))
        return protocols

    @model_validator(mode="after")
    def arms_differ(self) -> "Claim":
        compared = list(self._arms_in(Naming.APART))
        if len(compared) != len(set(compared)):
            raise ValueError("an arm is compared with itself: name each arm once")
        return self

    @model_validator(mode="after")
    def margin_has_unit(self) -> "Claim":
        """Raise where the default margin, which is in points, would be read in another unit."""
        assumed = self.judged_margin is not None and not self.ratio and "margin" not in self.model_fields_set
        if assumed and self.unit != "points":
            raise ValueError(f"'{self.metric}' is in {self.unit}: state the margin in that unit")
        return self


class Sized(Claim):
    """A claim of an effect, of which the document may have printed the size."""

    printed: float | None = None

    @model_validator(mode="before")
    @classmethod
    def margin_of_size(cls, fields: Any) -> Any:
        """Take the margin from the printed size of the effect, in points, unless it is stated."""
        if not isinstance(fields, Mapping) or fields.get("printed") is None:
            return fields
        metric = METRICS.get(fields.get("metric", ACCURACY))
        if "margin" not in fields and (metric is None or metric.unit == "points"):
            return {**fields, "margin": sesoi(float(fields["printed"]))}
        return fields


class Unmeasured(Claim):
    """A claim of no metric: one that names a metric is refused."""

    @model_validator(mode="before")
    @classmethod
    def no_metric(cls, fields: Any) -> Any:
        """Raise for a metric, which the rule would not use."""
        if isinstance(fields, Mapping) and "metric" in fields:
            raise ValueError("it is of no metric: leave out 'metric'")
        return fields


class Counted(Claim):
    """A claim that may be of what is counted in the network of an arm as it is described, such as its parameters."""

    @property
    def counted(self) -> bool:
        return METRICS[self.metric].counted

    @property
    def rests_on(self) -> Basis:
        return "described" if self.counted else "confirmed"


class AtLevel(Claim):
    """A claim about one of several levels, or about several in a row."""

    levels: Apart[tuple[str, ...]]
    at: Arms[str | tuple[str, ...]]

    @property
    def inside(self) -> tuple[str, ...]:
        """The levels that `at` names, in increasing order."""
        named = (self.at,) if isinstance(self.at, str) else self.at
        return tuple(level for level in self.levels if level in named)

    @model_validator(mode="after")
    def at_is_a_level(self) -> "AtLevel":
        for name in names_in(self.at):
            if name not in self.levels:
                raise ValueError(str(unknown("level", name, self.levels)))
        return self


KINDS: dict[str, type[Claim]] = {}
"""Every kind of claim by its `kind`."""
K = TypeVar("K", bound=Claim)


def kind(cls: type[K]) -> type[K]:
    """Register the decorated class; raises ValueError where its `kind` is taken, or it has no words."""
    name = str(cls.model_fields["kind"].default)
    if name in KINDS:
        raise ValueError(f"the kind of claim '{name}' is registered twice")
    if not getattr(cls, "words", ""):
        raise ValueError(f"the kind of claim '{name}' has no words: give it some")
    KINDS[name] = cls
    return cls


def in_words(kinds: str, *, coded: bool = True) -> str:
    """The kinds of a finding, as a register writes them, with words: "DIR x2" as "direction ×2 [DIR x2]".

    Findings of one's own have no register: their kinds are not `coded`.
    """
    words = {name: cls.words for name, cls in KINDS.items()} | {"CURVE": "course over epochs"}
    spelt = re.sub("[A-Za-z]{2,}", lambda found: words.get(found[0], found[0]), kinds)
    return f"{spelt.replace(' x', f' {TIMES}')}{f' [{kinds}]' if coded else ''}"


def names_in(value: object) -> list[str]:
    """The arm names in the value of a field: a name, a tuple of names, a tuple of pairs; a constant has none."""
    if isinstance(value, str):
        return [value] if value else []
    return list(chain.from_iterable(map(names_in, value))) if isinstance(value, tuple) else []


def numbers_in(value: object) -> list[float]:
    """The constants in the value of such a field."""
    if isinstance(value, int | float):
        return [float(value)]
    return list(chain.from_iterable(map(numbers_in, value))) if isinstance(value, tuple) else []


def dump(claims: Sequence[Claim]) -> list[dict[str, Any]]:
    return [claim.model_dump(mode="json") for claim in claims]


def load(data: Sequence[Mapping[str, Any]]) -> list[Claim]:
    """The claims that `dump` wrote; raises RunError for an unknown kind or field."""
    return [_load(entry) for entry in data]


def _load(entry: Mapping[str, Any]) -> Claim:
    name = str(entry.get("kind"))
    if name not in KINDS:
        raise unknown("kind of claim", name, KINDS)
    # `dump` writes the field of every claim.
    unused = {"metric"} if issubclass(KINDS[name], Unmeasured) else set()
    return KINDS[name](**{field: value for field, value in entry.items() if field not in unused})


def sentence(cls: type[Claim], fields: Mapping[str, Any], error: ValidationError) -> str:
    """The first of pydantic's errors as one sentence that names the claim."""
    found = error.errors(include_url=False)
    # A misspelt field is named before the field that is then missing.
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    where = ".".join(str(place) for place in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = f"not permitted. {unknown('field', where, cls.model_fields)}"
    key = named(str(fields.get("finding", "?")), str(fields.get("part", "")))
    message = f"{where + ': ' if where else ''}{message[:1].lower()}{message[1:]}"
    return f"{cls.__name__} claim of {key}: {message}".rstrip(".?") + "."
