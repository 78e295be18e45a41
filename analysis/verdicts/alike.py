"""Arms that did the same: what sets them apart has no effect here, and a difference of 0 between them says nothing.

So it is, for instance, with the mean and the maximum over time where the layers before have left one step.
"""

from itertools import combinations

import numpy as np

from analysis.claims import Claim
from analysis.confirmed import Confirmed
from analysis.metrics import METRICS
from analysis.verdicts.forms import together


def barriers(claim: Claim, data: Confirmed) -> list[str]:
    """Why arms that did the same may not decide a claim that compares what they learned; nothing where none did."""
    if METRICS[claim.metric].epochs == "any":
        return []
    pairs = {pair: None for arms in together(claim) for pair in combinations(dict.fromkeys(arms), 2)}
    same = next((pair for pair in pairs if alike(data, *pair)), None)
    if same is None:
        return []
    return [
        f"{same[0]} and {same[1]} learned and answered the same to the last bit: their difference does nothing here"
    ]


def alike(data: Confirmed, first: str, second: str) -> bool:
    """Whether two arms have, in each repetition, the same finite validation losses and the same answers to items."""
    one, other = (data.losses.get(arm, np.empty(0)) for arm in (first, second))
    if not one.size or not np.isfinite(one).all() or not np.array_equal(one, other):
        return False
    return data.predictions(first).equals(data.predictions(second))
