"""How the odds of a right answer change with a property of the item."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.discrete.discrete_model import Logit

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Slope:
    """Log odds ratio per standard deviation of the covariate, with its clustered standard error."""

    effect: float
    error: float
    df: float
    n: int
    groups: int

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """The two-sided interval of that level."""
        half = float(stats.t.ppf((1 + level) / 2, self.df)) * self.error
        return self.effect - half, self.effect + half

    def p_above(self, bound: float) -> float:
        """One-sided p of "the slope is at most `bound`"."""
        return float(stats.t.sf((self.effect - bound) / self.error, self.df))

    def p_below(self, bound: float) -> float:
        """One-sided p of "the slope is at least `bound`"."""
        return float(stats.t.cdf((self.effect - bound) / self.error, self.df))


def clustered_slope(correct: Floats, covariate: Floats, classes: NDArray[np.str_], groups: NDArray[np.str_]) -> Slope:
    """Logistic regression of "correct" on the standardised covariate, with a constant per class.

    Errors are clustered by group with G - 1 degrees of freedom (a group's items, in all repetitions, move together).
    All arguments are (items,). Classes that are always right or always wrong say nothing and are left out. Raises
    ValueError where nothing is left, or the covariate does not vary.
    """
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
    return Slope(float(fit.params[0]), float(fit.bse[0]), count - 1, int(kept.sum()), count)
