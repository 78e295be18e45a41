"""One verdict per finding and protocol: its parts combined, beside what it cost and which run it is from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.runs import Run
from analysis.verdicts.judge import verdicts
from analysis.verdicts.precedence import Origin
from analysis.verdicts.verdict import Verdict, Word


@dataclass(frozen=True)
class FindingVerdict:
    """The verdict of one finding under one protocol by one run; the `statement` says the finding in a sentence.

    `parts` are the words of its claims by part. Effect, limits and smallest detectable effect are None for a finding of
    several parts; `n` and `groups` are the fewest of any part that is no exact count. `trials` counts the different
    trials of the finding's arms, explored and confirmed; `cpu_hours` is what they took.
    """

    finding: str
    protocol: str
    word: Word
    label: str
    badges: tuple[str, ...]
    kinds: str
    parts: Mapping[str, Word]
    effect: float | None
    low: float | None
    high: float | None
    unit: str
    n: int
    groups: int
    smallest_detectable: float | None
    reason: str
    trials: int
    cpu_hours: float
    origin: Origin
    statement: str = ""

    @property
    def rank(self) -> tuple[Any, ...]:
        """How much it counts beside the verdicts of other runs."""
        return self.origin.rank(self.word != "not run", self.n)


def combine(parts: Sequence[Verdict]) -> tuple[Word, str]:
    """The word and label of a finding from those of its parts.

    Reproduced if every part is; contradicted if any is ("mixed" where others are reproduced); a word that all parts
    share; else inconclusive.
    """
    found = counted(parts)
    words = {v.word for v in found}
    if "contradicted" in words:
        labels = {v.label for v in found if v.word == "contradicted"}
        return "contradicted", "mixed" if "reproduced" in words else labels.pop() if len(labels) == 1 else ""
    if len(words) == 1:
        return found[0].word, found[0].label if len(found) == 1 else ""
    return "inconclusive", "not all parts agree"


def counted(parts: Sequence[Verdict]) -> Sequence[Verdict]:
    """The parts that make the verdict of a finding: those of which nothing is claimed do not count beside others."""
    return [v for v in parts if v.word != "no claim"] or parts


def finding_verdicts(run: Run, judged: Sequence[Verdict] | None = None) -> list[FindingVerdict]:
    """The verdict of each finding that a run tests, under each protocol."""
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts(run) if judged is None else judged:
        grouped.setdefault((verdict.finding, verdict.protocol), []).append(verdict)
    origin = Origin.of(run)
    return [_combined(run, origin, parts) for parts in grouped.values()]


def _combined(run: Run, origin: Origin, parts: Sequence[Verdict]) -> FindingVerdict:
    word, label = combine(parts)
    first, single = parts[0], len(parts) == 1
    estimated = [v for v in parts if not v.exact]
    trials, cpu_hours = cost(run, [arm for v in parts for arm in v.arms])
    return FindingVerdict(
        first.finding,
        first.protocol,
        word,
        label,
        badges=tuple(dict.fromkeys(badge for v in counted(parts) for badge in v.badges)),
        kinds=" + ".join(dict.fromkeys(v.kind for v in parts)),
        parts={v.part: v.word for v in parts},
        effect=first.effect if single else None,
        low=first.low if single else None,
        high=first.high if single else None,
        unit=first.unit if single else "",
        n=min((v.n for v in estimated), default=0),
        groups=min((v.groups for v in estimated), default=0),
        smallest_detectable=first.smallest_detectable if single else None,
        reason=" ".join(f"{v.part}: {v.reason}" if v.part and not single else v.reason for v in parts),
        trials=trials,
        cpu_hours=cpu_hours,
        origin=origin,
        statement=found.statement if (found := run.finding(first.finding)) else "",
    )


def cost(run: Run, arms: Sequence[str]) -> tuple[int, float]:
    """Number of different trials of these arms, and the CPU hours they took."""
    trials = run.trials[run.trials["arm"].isin(arms)].drop_duplicates("trial")
    return len(trials), float(trials["cpu_seconds"].sum()) / 3600
