"""Whether a claim may be judged by arms in a reduced form: with smaller networks or inputs than the study's own."""

from collections.abc import Sequence

from analysis.claims import Claim
from analysis.claims.sides import arms_of
from analysis.metrics import METRICS
from analysis.runs import Run
from analysis.verdicts.learning import of_a_course


def reduced(claim: Claim, run: Run) -> list[str]:
    """The arms of a claim that had a reduced form."""
    return [arm for arm in claim.arms if arm in run.reduced_form]


def barriers(claim: Claim, run: Run) -> list[str]:
    """Why a claim may not be judged by the forms that its arms had; nothing where it may.

    A reduced form shows which of two arms is ahead where both have one. It shows no level, no course over epochs and no
    count, and nothing of an arm beside the full form of another.
    """
    if not reduced(claim, run):
        return []
    if claim.rests_on == "described":
        return [f"a reduced form has other {METRICS[claim.metric].words}"]
    if of_a_course(claim):
        return ["a reduced form decides neither levels nor courses over epochs"]
    uneven = [each for each in together(claim) if 0 < sum(arm in run.reduced_form for arm in each) < len(each)]
    return [in_words(uneven[0], run)] if uneven else []


def together(claim: Claim) -> list[Sequence[str]]:
    """The arms of each comparison that a claim makes."""
    return [arms_of(first) + arms_of(second) for first, second in claim.compared] or [claim.arms]


def in_words(arms: Sequence[str], run: Run) -> str:
    """Which arm had a reduced form beside the full form of which other: "a is reduced and b is not"."""
    small = next(arm for arm in arms if arm in run.reduced_form)
    full = next(arm for arm in arms if arm not in run.reduced_form)
    return f"{small} has a reduced form and {full} has not"
