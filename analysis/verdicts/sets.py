"""Rules for claims about several pairs or several arms: PROP and ORD."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from analysis.claims import Pair, Ranking, Share
from analysis.metrics import METRICS
from analysis.statistics import Interval, clustered_share, holm, kendall
from analysis.verdicts.cells import Cells, Confirmed
from analysis.verdicts.differences import against
from analysis.verdicts.evidence import Evidence, comparison, figures, rule
from analysis.verdicts.levels import adjusted, max_t_or_nan
from analysis.verdicts.sentences import basis, difference, number, size, span
from analysis.verdicts.verdict import Comparison

BEST_SET = 0.10
TAU = 0.3


@rule(Share)
def share(claim: Share, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """In every pair, in some, or in a share of them."""
    cells, sign = data.cells(claim.arms, claim.metric), METRICS[claim.metric].sign
    intervals = [against(cells, first, second, sign) for first, second in claim.pairs]
    if claim.share == "each":
        return _each(claim, cells, intervals)
    if claim.share == "sometimes":
        return _sometimes(claim, cells, intervals)
    return _counted(claim, cells, intervals, generator)


def _each(claim: Share, cells: Cells, intervals: Sequence[Interval]) -> Evidence:
    sign, weakest = METRICS[claim.metric].sign, int(np.argmin([i.effect for i in intervals]))
    band = size(claim.margin, claim.metric)
    return Evidence(
        holds=all(i.effect >= claim.margin for i in intervals),
        fails=True,
        said=difference(intervals[weakest], claim.pairs[weakest], claim.metric, cells.held_out, sign)
        + f", the weakest of {len(intervals)} pairs",
        ends={
            "reproduced": f"in every pair the advantage is off zero and at least {band}",
            "contradicted": f"in at least one pair an advantage of {band} is excluded",
            "inconclusive": f"an advantage of {band} is neither shown in every pair nor excluded in any",
        },
        unit=METRICS[claim.metric].unit,
        p=max(i.p_above(0.0) for i in intervals),
        p_below=float(np.min(holm([i.p_below(claim.margin) for i in intervals]))),
        comparisons=_comparisons(claim.pairs, intervals),
        **figures(intervals[weakest], claim.margin, cells.held_out),
    )


def _sometimes(claim: Share, cells: Cells, intervals: Sequence[Interval]) -> Evidence:
    up, down = [i.p_above(0.0) for i in intervals], [i.p_below(0.0) for i in intervals]
    ahead = sum(i.effect > 0 for i in intervals)
    return Evidence(
        holds=True,
        fails=True,
        said=f"{basis(cells.n, cells.held_out)} the first arm is ahead in {ahead} of {len(intervals)} pairs",
        ends={
            "reproduced": "at least one pair is up and one down, each off zero",
            "contradicted": "all pairs go one way, each off zero",
            "inconclusive": "pairs off zero in both directions are not shown, nor is it that all go one way",
        },
        effect=ahead / len(intervals),
        unit="share of pairs",
        n=cells.n,
        groups=cells.held_out,
        p=float(max(np.min(holm(up)), np.min(holm(down)))),
        p_below=min(max(up), max(down)),
        label="always" if ahead else "never",
        comparisons=_comparisons(claim.pairs, intervals),
    )


def _counted(claim: Share, cells: Cells, intervals: Sequence[Interval], generator: np.random.Generator) -> Evidence:
    sign = METRICS[claim.metric].sign
    means = cells.per_repetition()
    differences = np.stack([sign * (means[a] - means[b]).to_numpy(float) for a, b in claim.pairs])
    observed, low, high = clustered_share(differences, clusters(claim.pairs), generator)
    bound = 0.5 if claim.share == "most" else (claim.printed or 0.0) - 0.2
    where = "more than half" if claim.share == "most" else f"more than {number(bound)}, the printed share less 0.2,"
    return Evidence(
        holds=low > bound,
        fails=high < bound,
        said=f"{basis(cells.n, cells.held_out)} the first arm is at least as good in a share of {number(observed)} of "
        f"{len(claim.pairs)} pairs {span(low, high) if not math.isnan(low) else '(all share runs: no interval)'}",
        ends={
            "reproduced": f"{where} of the pairs agree",
            "contradicted": f"that {where} of the pairs agree is excluded",
            "inconclusive": f"that {where} of the pairs agree is neither shown nor excluded",
        },
        effect=observed,
        limits=(low, high),
        unit="share of pairs",
        n=cells.n,
        groups=cells.held_out,
        comparisons=_comparisons(claim.pairs, intervals),
    )


def _comparisons(pairs: Sequence[Pair], intervals: Sequence[Interval]) -> tuple[Comparison, ...]:
    return tuple(comparison(*pair, i) for pair, i in zip(pairs, intervals, strict=True))


def clusters(pairs: Sequence[Pair]) -> list[int]:
    """The number of each pair's cluster: pairs that share an arm, directly or through others, are one."""
    labels = list(range(len(pairs)))
    for i, first in enumerate(pairs):
        for j, second in enumerate(pairs[:i]):
            if set(first) & set(second):
                labels = [labels[j] if label == labels[i] else label for label in labels]
    return labels


@rule(Ranking)
def ranking(claim: Ranking, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """A chain step by step, a best among candidates, or a long ranking by Kendall's tau."""
    arms = claim.chain or claim.ranking or (claim.best, *claim.others)
    cells = data.cells(arms, claim.metric)
    if claim.chain:
        return _chain(claim, cells)
    return _best(claim, cells, generator) if claim.best else _whole(claim, cells, generator)


def _chain(claim: Ranking, cells: Cells) -> Evidence:
    sign, steps = METRICS[claim.metric].sign, list(pairwise(claim.chain))
    intervals = [against(cells, first, second, sign) for first, second in steps]
    weakest, band = int(np.argmin([i.effect for i in intervals])), size(claim.margin, claim.metric)
    return Evidence(
        holds=all(i.effect >= claim.margin for i in intervals),
        fails=True,
        said=difference(intervals[weakest], steps[weakest], claim.metric, cells.held_out, sign)
        + f", the weakest of {len(steps)} steps",
        ends={
            "reproduced": f"every step is off zero and at least {band}",
            "contradicted": "at least one step is reversed",
            "inconclusive": "the order is neither shown at every step nor reversed at any",
        },
        unit=METRICS[claim.metric].unit,
        p=max(i.p_above(0.0) for i in intervals),
        p_below=float(np.min(holm([i.p_below(0.0) for i in intervals]))),
        label="reversed",
        comparisons=_comparisons(steps, intervals),
        **figures(intervals[weakest], claim.margin, cells.held_out),
    )


def _best(claim: Ranking, cells: Cells, generator: np.random.Generator) -> Evidence:
    """In the 90 % set of the best (Hsu's comparisons with the best) and better than the median candidate."""
    sign, others = METRICS[claim.metric].sign, list(claim.others)
    intervals = {arm: against(cells, claim.best, arm, sign) for arm in others}
    # The better of two middle candidates, so that an even number makes the claim no easier.
    median = sorted(others, key=lambda arm: intervals[arm].effect)[(len(others) - 1) // 2]
    shown, band = intervals[median], size(claim.margin, claim.metric)
    effects, covariance = cells.joint([{arm: sign, claim.best: -sign} for arm in others])
    beaten = max_t_or_nan(effects, covariance, shown.df, generator)
    winners = adjusted(others, effects, beaten, claim.margin)
    return Evidence(
        holds=shown.effect >= claim.margin and bool(beaten.min() >= BEST_SET),
        fails=bool(winners),
        said=difference(shown, (claim.best, median), claim.metric, cells.held_out, sign)
        + f", the median of {len(others)} other candidate{'s' if len(others) != 1 else ''}",
        ends={
            "reproduced": f"it may be the best (90 %), and the advantage is off zero and at least {band}",
            "contradicted": f"{min(winners, key=lambda a: winners[a], default='')} beats it by {band} or more",
            "inconclusive": "it is not shown to be among the best, and no candidate is shown to beat it",
        },
        unit=METRICS[claim.metric].unit,
        p=shown.p_above(0.0),
        p_below=min(winners.values(), default=1.0),
        label="beaten",
        comparisons=_comparisons([(claim.best, arm) for arm in others], list(intervals.values())),
        **figures(shown, claim.margin, cells.held_out),
    )


def _whole(claim: Ranking, cells: Cells, generator: np.random.Generator) -> Evidence:
    sign, printed = METRICS[claim.metric].sign, -np.arange(len(claim.ranking), dtype=np.float64)
    columns = np.stack([np.nanmean(sign * cells.values[arm], axis=0) for arm in claim.ranking])
    tau, low, high = kendall(printed, columns, cells.weights.sum(axis=0), generator)
    return Evidence(
        holds=low > TAU,
        fails=high < TAU,
        said=f"{basis(cells.n, cells.held_out)} Kendall's tau of the measured with the printed ranking of "
        f"{len(claim.ranking)} is {tau:.2f} {span(low, high)}",
        ends={
            "reproduced": f"it is above {TAU}",
            "contradicted": f"it is below {TAU}",
            "inconclusive": f"{TAU} is not excluded",
        },
        effect=tau,
        limits=(low, high),
        unit="Kendall's tau",
        n=cells.n,
        groups=cells.held_out,
        label="another order",
    )
