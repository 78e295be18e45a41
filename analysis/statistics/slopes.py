"""How the odds of a right answer change with a property of the item."""

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.intervals import Estimate, Floats


def clustered_slope(
    correct: Floats, covariate: Floats, classes: NDArray[np.str_], groups: NDArray[np.str_]
) -> Estimate:
    """Log odds ratio per SD of the covariate: logistic regression of "correct" on it, with a constant per class.

    Errors are clustered by group with G - 1 degrees of freedom (a group's items, in all repetitions, move together).
    All arguments are (items,). Classes that are always right or always wrong say nothing and are left out. Raises
    ValueError where nothing is left, or the covariate does not vary.
    """
    from statsmodels.discrete.discrete_model import Logit

    labels = np.unique(classes, return_inverse=True)[1]
    rate = np.bincount(labels, weights=correct) / np.bincount(labels)
    kept = (rate[labels] > 0) & (rate[labels] < 1)
    if not kept.any() or np.ptp(covariate[kept]) == 0:
        raise ValueError("neither the answers nor the covariate vary")
    x = (covariate[kept] - covariate[kept].mean()) / covariate[kept].std()
    levels = np.unique(labels[kept])
    design = np.column_stack([x, labels[kept][:, None] == levels])
    clusters = np.unique(groups[kept], return_inverse=True)[1]
    model = Logit(correct[kept], design)
    fit = model.fit(disp=0, cov_type="cluster", cov_kwds={"groups": clusters})
    count = int(clusters.max()) + 1
    return Estimate(float(fit.params[0]), float(fit.bse[0]), count - 1, int(kept.sum()), count)
