"""How the odds of a right answer change with a property of the item."""

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.intervals import Estimate, Floats, satterthwaite


def clustered_slope(
    correct: Floats,
    covariate: Floats,
    classes: NDArray[np.str_],
    groups: NDArray[np.str_],
    repetitions: NDArray[np.int64],
    less: NDArray[np.bool_] | None = None,
) -> Estimate:
    """Log odds ratio per SD of the covariate: logistic regression of "correct" on it, with a constant per class.

    `correct` may be a share, as of right pairs (Papke and Wooldridge 1996): errors are clustered in any case.
    With `less`, true for the items of some classes, it is the ratio of the other classes less that of these, per SD of
    the covariate over all. Errors are clustered by group and by repetition (Cameron, Gelbach and Miller 2011), and no
    smaller than by either alone, with degrees of freedom as `two_way`. All arguments are (items,). Classes that are
    always right or always wrong say nothing and are left out. Raises ValueError where nothing is left, or the covariate
    does not vary, on either side.
    """
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups

    labels = np.unique(classes, return_inverse=True)[1]
    rate = np.bincount(labels, weights=correct) / np.bincount(labels)
    kept = (rate[labels] > 0) & (rate[labels] < 1)
    sides = [kept] if less is None else [kept & ~less, kept & less]
    if not all(side.any() and np.ptp(covariate[side]) > 0 for side in sides):
        raise ValueError("neither the answers nor the covariate vary")
    x = (covariate[kept] - covariate[kept].mean()) / covariate[kept].std()
    levels = np.unique(labels[kept])
    # The first coefficient is that of the items that are not `less`, beyond one that all items have.
    slopes = [x] if less is None else [x * ~less[kept], x]
    design = np.column_stack([*slopes, labels[kept][:, None] == levels])
    fit = Logit(correct[kept], design).fit(disp=0)
    (group, held), (seed, n) = (_numbered(names[kept]) for names in (groups, repetitions))
    if n < 2:
        error = float(np.sqrt(cov_cluster(fit, group)[0, 0]))
        return Estimate(float(fit.params[0]), error, held - 1, int(kept.sum()), held)
    both, v_group, v_seed = (float(part[0, 0]) for part in cov_cluster_2groups(fit, group, seed))
    df = satterthwaite(v_seed, v_group, v_group + v_seed - both, n, held, len(np.unique(group * n + seed)))
    return Estimate(float(fit.params[0]), float(np.sqrt(max(both, v_group, v_seed))), df, int(kept.sum()), held)


def _numbered(names: NDArray[np.str_] | NDArray[np.int64]) -> tuple[NDArray[np.intp], int]:
    """Each name as a number, and how many there are."""
    found, numbers = np.unique(names, return_inverse=True)
    return numbers, len(found)
