"""Statistics that are no means, as (repetition x group) tables of which they are the mean: Taylor linearisation.

A cell holds the statistic and what its items add to it (Binder 1983), so that `two_way` gives the interval: of a ratio
of sums or of a standard deviation as of a mean, with both sources of chance.
"""

from collections.abc import Sequence

import numpy as np

from analysis.statistics.intervals import Floats


def recalls(right: Floats, items: Floats) -> Floats:
    """The recalls of C classes as tables (C, S, G), in the unit of `right`; `right` and `items` are sums (S, G, C).

    The mean of each, weighted by the items of all classes in a cell, is the recall over all repetitions. A cell without
    items is NaN, and one without items of the class adds nothing to it. A class of m groups has its parts times
    sqrt(m / (m - 1)), because its recall is estimated from the same groups; of one group it has none that could be
    compared, and is NaN throughout.
    """
    totals, weights = items.sum(axis=(0, 1)), items.sum(axis=2)
    recall = right.sum(axis=(0, 1)) / totals
    held = (items.sum(axis=0) > 0).sum(axis=0).astype(float)
    widened = np.sqrt(np.divide(held, held - 1, out=np.full(len(held), np.nan), where=held > 1))
    adds = widened * (right - recall * items) / totals
    share = np.where(weights > 0, weights, np.nan) / weights.sum(axis=1, keepdims=True) / len(items)
    return np.asarray(np.moveaxis(recall + adds / share[:, :, None], 2, 0))


def spread(levels: Sequence[Floats], weights: Floats) -> Floats:
    """The standard deviation over K levels in each repetition, the mean over all, as a table (S, G).

    Each of the K levels is (S, G), NaN in gaps, and `weights` (S, G) are items. Chance
    differences between levels that are alike have a spread too: compare sets that were measured on the same items.
    """
    values, share = np.stack(levels), weights / weights.sum(axis=1, keepdims=True)
    means = np.nansum(share * values, axis=2)
    centred = means - means.mean(axis=0)
    found = centred.std(axis=0, ddof=1)
    slopes = centred / np.where(found > 0, found * (len(values) - 1), 1.0)
    return np.asarray(found[:, None] + np.einsum("ks,ksg->sg", slopes, values - means[:, :, None]))
