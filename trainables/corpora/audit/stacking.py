"""Outputs of a first network as inputs of a second: those on clips it was trained on are too sure (B13)."""

import numpy as np

from trainables.corpora.audit.check import Check, passed
from trainables.trainings.certainty import distance, entropies

LARGEST_P, LARGEST_DISTANCE = 0.01, 0.1


def stacked_outputs(trained: np.ndarray, tested: np.ndarray) -> Check:
    """B13: a second network has to be trained on outputs as sure as those that it will be tested on.

    `trained` and `tested` (N, ..., classes) are softmaxes of the first network. The figure is the distance of their
    entropies (see `distance`). Fails where it is above .1 and p below .01.
    """
    first, second = (entropies(outputs) for outputs in (trained, tested))
    apart, p = distance(trained, tested)
    explanation = (
        f"The outputs that are trained on have a mean entropy of {first.mean():.2f} bits, those that are tested on "
        f"{second.mean():.2f} (Kolmogorov-Smirnov: {apart:.2f}, p = {p:.2g}, n = {len(first)} and {len(second)})."
    )
    return Check("B13", "stacked outputs", passed(apart <= LARGEST_DISTANCE or p >= LARGEST_P), apart, explanation)
