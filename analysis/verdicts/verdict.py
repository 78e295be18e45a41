"""What a verdict says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.claims.claim import named
from analysis.claims.evidence import Comparison
from analysis.statistics.intervals import FIXED

Word = Literal["reproduced", "contradicted", "inconclusive", "untestable", "not run", "no claim"]
WORDS: tuple[Word, ...] = ("reproduced", "contradicted", "inconclusive", "untestable", "not run", "no claim")


def tally(words: Sequence[Word]) -> list[tuple[Word, int]]:
    """How often each word stands, in the order of `WORDS`; those that do not are left out."""
    return [(word, words.count(word)) for word in WORDS if word in words]


@dataclass(frozen=True)
class Verdict:
    """The verdict of one claim under one protocol, with all that it rests on.

    Effects and limits are in `unit`, positive in the claimed direction, and None where nothing could be computed.
    `low` and `high` are limits of 95 %, `low90` and `high90` of 90 %; none is adjusted for the number of claims.
    `p` is one-sided, of "no effect" against an effect in the claimed direction; `p_below` of "at least the margin"
    against less; `p_adjusted` and `p_below_adjusted` are Holm's over the study. `n` counts paired repetitions,
    `groups` held-out groups; in `ahead` repetitions the first is better. `probabilities` are those of an effect below,
    within and above the margin, were all effects equally likely before. `level` is what p values are compared with,
    `chance` the probability that the last look of a run that stops when decided decides, 1 where that is not known.
    `smallest_detectable` is the effect found in 80 % of studies like this one; `needed` and `needed_groups` are the
    numbers of repetitions and of test groups at which that is the margin, None where no number is enough. `shares` of
    the variance are due to seeds, to groups, and to both together. `barred` are the reasons, other than its numbers,
    why the claim may not be decided.
    """

    finding: str
    part: str
    kind: str
    protocol: str
    word: Word
    label: str = ""
    badges: tuple[str, ...] = ()
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    low90: float | None = None
    high90: float | None = None
    unit: str = "points"
    margin: float | None = None
    n: int = 0
    groups: int = 0
    p: float | None = None
    p_adjusted: float | None = None
    p_below: float | None = None
    p_below_adjusted: float | None = None
    ahead: int | None = None
    probabilities: tuple[float, float, float] | None = None
    level: float = FIXED.test
    chance: float = 1.0
    smallest_detectable: float | None = None
    needed: int | None = None
    needed_groups: int | None = None
    shares: tuple[float, float, float] | None = None
    barred: tuple[str, ...] = ()
    reason: str = ""
    printed: float | None = None
    arms: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def name(self) -> str:
        return named(self.finding, self.part)

    @property
    def exact(self) -> bool:
        """Whether it rests on counts, which have no repetitions."""
        return not self.n and self.effect is not None
