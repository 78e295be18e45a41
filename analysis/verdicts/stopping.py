"""When repetitions are no longer worth adding, in a run that stops when it is decided.

After each look the judge compares p values with the nominal level of that look, and intervals follow it. An arm goes on
while a claim about it is inconclusive and may still be decided: the probability that the last look decides it is at
least `HOPEFUL`, if the estimate moves from where it is by chance alone and the variance falls as it did
(`analysis.statistics.power.Outlook`). A claim whose kind gives no such probability goes on to the last look; one that
is barred by what repetitions do not change, or that they say nothing of, has a probability of 0.
"""

from analysis.looks import MOST, Open
from analysis.runs import Run
from analysis.statistics.spending import levels_at
from analysis.verdicts.judge import verdicts
from analysis.verdicts.verdict import Verdict

HOPEFUL = 0.1


def open_claims(run: Run) -> tuple[Open, ...]:
    """The arms that need more repetitions under a protocol; none where audio or scale bar every verdict."""
    if run.rendered or not run.decides:
        return ()
    found: dict[tuple[str, str], list[str]] = {}
    for verdict in verdicts(run):
        for arm in verdict.arms if open_to_more(verdict) else ():
            found.setdefault((arm, verdict.protocol), []).append(verdict.name)
    return tuple(Open(*place, f"is undecided in {', '.join(names)}") for place, names in found.items())


def open_to_more(verdict: Verdict) -> bool:
    """Whether more repetitions may decide what a verdict leaves open."""
    before_the_last_look = verdict.level < levels_at(MOST).test
    return verdict.word == "inconclusive" and before_the_last_look and verdict.chance >= HOPEFUL
