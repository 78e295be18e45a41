"""How sure softmaxes are of themselves, and how far two sets of them differ in it (B13)."""

import numpy as np
import scipy


def distance(trained: np.ndarray, tested: np.ndarray) -> tuple[float, float]:
    """The statistic of Kolmogorov and Smirnov, 0 to 1, of the entropies of two sets of softmaxes, and its p.

    NaN where either set is empty.
    """
    if not (len(trained) and len(tested)):
        return float("nan"), float("nan")
    # Named in full: SciPy then imports its statistics, which takes most of a second, when they are first asked for.
    result = scipy.stats.ks_2samp(entropies(trained), entropies(tested))
    return float(result.statistic), float(result.pvalue)


def entropies(outputs: np.ndarray) -> np.ndarray:
    """The entropy of each softmax, in bits, of outputs (..., classes); shape (N,)."""
    return np.asarray(scipy.stats.entropy(outputs.reshape(-1, outputs.shape[-1]), base=2, axis=1))
