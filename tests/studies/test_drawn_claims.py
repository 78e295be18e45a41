"""The runs that a figure draws of a claim lie about the effect that its verdict states, in every study."""

import numpy as np
import pytest
from planting.tables import run_of
from planting.worlds import worlds

from analysis.claims import Claim
from analysis.confirmed import Confirmed
from analysis.figures.differences import differences_data
from analysis.protocols import PROTOCOLS
from analysis.verdicts import Verdict, verdicts
from studies import catalogue


@pytest.mark.parametrize("name", catalogue.names())
def test_runs_lie_about_the_effect(name: str) -> None:
    study = catalogue.declared(name)
    # Where less is better, what a claim of a direction is about is turned, and what one of equality is about is not.
    turned = [[claim] for claim in study.claims if claim.arms and claim.sign < 0]
    for world in worlds(study, turned, holds=True):
        run = run_of(world, name)
        confirmed = {protocol: Confirmed(run, protocol) for protocol in PROTOCOLS}
        found = {(verdict.name, verdict.protocol): verdict for verdict in verdicts(run)}
        for claim in (stated.claim for stated in world.stated):
            assert not [each for name in claim.protocols for each in apart(confirmed, claim, found[claim.name, name])]


def apart(confirmed: dict[str, Confirmed], claim: Claim, verdict: Verdict) -> list[str]:
    """The comparisons of which runs and effect are on two sides of the axis, or far from each other."""
    data = differences_data(confirmed, claim, [verdict])
    found = []
    for row in data.intervals[np.isfinite(data.intervals["effect"].astype(float))].itertuples():
        runs = data.runs.loc[data.runs["comparison"] == row.comparison, "difference"]
        middle = runs.median() if claim.ratio else runs.mean()
        if len(runs) and not np.isclose(middle, row.effect, rtol=0.2, atol=2 * runs.std(ddof=0) + 1e-6):
            found.append(f"{verdict.name}, {row.comparison}: {middle:.4g} drawn, {row.effect:.4g} judged")
    return found
