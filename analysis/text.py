"""Numbers and names as a reader sees them: real minus signs, units, and a dash for what is not known."""

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Protocol

from analysis.looks import Look
from analysis.rounding import NOISE

DASH, MINUS, TIMES = "–", "−", "×"
THOUSAND = 1000
SHARES = ("share of pairs", "share of classes", "share of runs", "share of the variance")
ANY_UNIT = "units"
"""The unit of scores and errors that were given as they are."""
UNSIGNED = ("ratio", "odds ratio per SD", *SHARES, "")
MARKS = {
    "reproduced": "✓",
    "contradicted": "✗",
    "inconclusive": "~",
    "untestable": "?",
    "not run": "○",
    "no claim": "·",
}


class Measured(Protocol):
    """What has an effect with a 95 % interval in a unit, None where nothing was measured: a verdict."""

    @property
    def effect(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def unit(self) -> str: ...


class Margined(Protocol):
    """What has a margin in a unit, None where the claim has none."""

    @property
    def margin(self) -> float | None: ...
    @property
    def unit(self) -> str: ...


def looked(look: Look) -> str:
    """What a look found: "after 8 repetitions of 34 epochs: square (corrected) is undecided in S4-F3"."""
    after = f"after {look.repetitions} repetitions of {look.epochs} epochs"
    if not look.open:
        return f"{after}: " + ("all is decided, or can no longer be" if look.tested else "no arm is still learning")
    reasons = "; ".join(f"{each.arm} ({each.protocol}) {each.why}" for each in look.open)
    return f"{after}: {reasons}"


def minus(text: str) -> str:
    """A number as text, with a minus sign in place of a hyphen."""
    return text.replace("-", MINUS)


def known(value: float | None) -> bool:
    """Whether a value is there and finite."""
    return value is not None and math.isfinite(value)


def signed(value: float | None, digits: int = 1) -> str:
    """A difference with its sign."""
    if value is None or not math.isfinite(value):
        return DASH
    return minus(f"{value:+,.{enough(value, digits)}f}")


def enough(value: float, digits: int) -> int:
    """So many digits, or as many as a small number needs to keep a figure other than 0."""
    return max(digits, math.ceil(-math.log10(abs(value)))) if abs(value) > NOISE else digits


def number(value: float | None, digits: int = 1) -> str:
    """A figure without decimals where it is whole, else with `digits` of them."""
    if value is None or not math.isfinite(value):
        return DASH
    text = f"{value:,.0f}" if value == round(value) else f"{value:,.{enough(value, digits)}f}"
    return minus(text)


def estimate(value: float) -> str:
    """An estimate with as many decimals as it can bear."""
    if math.isnan(value):
        return "unknown"
    size = abs(value)
    digits = 0 if size >= THOUSAND else 1 if size >= 0.95 or size == 0 else 2 if size >= 0.095 else 3
    digits = max(digits, enough(value, 0) + 1) if size < 0.0095 else digits
    return minus(f"{value:,.{digits}f}")


def effect(verdict: Measured) -> str:
    """The effect of a verdict with its unit; a dash where nothing was measured."""
    if not known(verdict.effect):
        return DASH
    if verdict.unit in UNSIGNED:
        figure = number(verdict.effect, 2)
        return f"{TIMES}\u202f{figure}" if verdict.unit == "ratio" else f"{figure} {verdict.unit}".strip()
    return f"{signed(verdict.effect, decimals(verdict))} {verdict.unit}"


def decimals(verdict: Measured) -> int:
    """Decimals of an effect and its limits: one, none of thousands, or as many as two figures need in any unit."""
    size = abs(verdict.effect or 0.0)
    if verdict.unit == ANY_UNIT:
        return enough(size, 0) + 1
    return 0 if size >= THOUSAND else 1


def limits(verdict: Measured) -> str:
    """The 95 % interval of a verdict in brackets, or nothing."""
    if not (known(verdict.low) and known(verdict.high)):
        return ""
    if verdict.unit in UNSIGNED:
        return f"[{number(verdict.low, 2)}, {number(verdict.high, 2)}]"
    return span(verdict.low, verdict.high, decimals(verdict))


def measured(verdict: Measured) -> str:
    """The effect of a verdict with its unit and its 95 % interval, or nothing."""
    return f"{effect(verdict)} {limits(verdict)}".strip() if known(verdict.effect) else ""


def setting(value: object) -> str:
    """The value of a setting, or "none": three digits of a number that was drawn say enough."""
    return "none" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


def logarithmic(dimension: str) -> bool:
    """Whether a dimension of a search, as study.json has it, is drawn evenly in its logarithm."""
    return "log=True" in dimension


def searched(dimension: str) -> str:
    """A dimension of a search, as study.json has it, in words: "0.0001 to 0.01, logarithmic", "16, 32 or 64"."""
    kind, _, rest = dimension.partition("Distribution(")
    inside, _, condition = rest.rpartition(")")
    if kind == "Categorical":
        *most, last = re.findall(r"[^,()'\"]+", inside.partition("=(")[2].replace(", ", ","))
        words = f"{', '.join(most)} or {last}" if most else last
    else:
        ends = dict(re.findall(r"(low|high)=([^,]+)", inside))
        words = f"{ends['low']} to {ends['high']}" if ends else dimension
    return f"{words}{', logarithmic' if logarithmic(dimension) else ''}{condition}"


def span(low: float | None, high: float | None, digits: int = 1) -> str:
    """Two limits of a difference in brackets, or nothing where either is not known."""
    return f"[{signed(low, digits)}, {signed(high, digits)}]" if known(low) and known(high) else ""


def between(low: float, high: float) -> str:
    """Two limits of a level in brackets, or nothing where either is not known."""
    return f"[{number(low)}, {number(high)}]" if known(low) and known(high) else ""


def margin(verdict: Margined) -> str:
    if not known(verdict.margin):
        return DASH
    if verdict.unit == "ratio":
        return f"{TIMES}\u202f{number(verdict.margin, 2)}"
    return f"±\u202f{number(verdict.margin)} {verdict.unit}"


def duration(seconds: float) -> str:
    """Seconds in the unit that a person would choose."""
    if not math.isfinite(seconds):
        return DASH
    for size, unit in ((3600.0, "h"), (60.0, "min")):
        if seconds >= size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:.1f} s"


def share(value: float | None, digits: int = 1) -> str:
    """A share of 0 to 1 as per cent."""
    return f"{100 * value:.{digits}f} %" if value is not None and math.isfinite(value) else DASH


def probability(value: float) -> str:
    """A probability as whole per cent, never as certainty."""
    return "under 1 %" if value < 0.01 else "over 99 %" if value > 0.99 else f"{100 * value:.0f} %"


def replication(replicates: Mapping[str, Any], corpus: str) -> str:
    """What a study that was moved to a corpus replicates, changes and leaves out (`replicates` of study.json)."""
    changed = [f"{name} from {setting(was)} to {setting(now)}" for name, (was, now) in replicates["changed"].items()]
    left_out = "; ".join(replicates["left_out"]) or "nothing"
    return (
        f"A conceptual replication on {corpus} of a study of {replicates['corpus']}: no verdict of the finding itself. "
        f"Changed: {'; '.join(changed) or 'the audio alone'}. Left out: {left_out}."
    )


def lines(numbers: str) -> str:
    """Line numbers of a document with the word before them: "line 67", "lines 67, 164"."""
    return f"line {numbers}" if numbers.isdigit() else f"lines {numbers}"


def counted(count: int, noun: str) -> str:
    """A number of things: "1 trial", "1,200 trials"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def slug(text: str) -> str:
    """A text as part of an id in a page: letters, digits and hyphens."""
    kept = [c if c.isascii() and c.isalnum() else "-" for c in text]
    return "".join(a for a, b in pairwise([*kept, ""]) if not a == b == "-").strip("-")
