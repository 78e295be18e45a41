"""Detectors of what flatters results and no check before a run can see (B4, B6, B9, B10, B13 to B15, B18, B19)."""

from collections.abc import Sequence

from analysis.audit import tested, tuned
from analysis.audit.check import Check, Outcome
from analysis.runs import Run
from analysis.verdicts.verdict import Verdict

__all__ = ["Check", "Outcome", "results_card"]


def results_card(run: Run, judged: Sequence[Verdict]) -> list[Check]:
    """All checks of the results of a run, in the order of their ids; `judged` are its verdicts."""
    return [
        tested.familiar(run),
        tested.ceiling(run),
        tested.evaluations(run),
        tuned.optimism(run),
        tuned.stacked(run),
        tuned.gaps(run),
        tuned.effort(run),
        tested.generated(run),
        tested.detectable(judged),
    ]
