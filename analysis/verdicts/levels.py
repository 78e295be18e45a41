"""Rules for claims about several levels of one setting: NI, SAT, OPT."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from analysis.claims import NeverHurts, Optimum, Saturates
from analysis.metrics import METRICS
from analysis.statistics import holm, max_t
from analysis.statistics.intervals import Floats
from analysis.verdicts.cells import Confirmed
from analysis.verdicts.differences import against, inside
from analysis.verdicts.evidence import Evidence, comparison, figures, rule
from analysis.verdicts.sentences import difference, size

ALPHA = 0.025


@rule(NeverHurts)
def never_hurts(claim: NeverHurts, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """Every larger level against every smaller one; each must be non-inferior (intersection-union, so unadjusted)."""
    cells, sign = data.cells(claim.levels, claim.metric), METRICS[claim.metric].sign
    pairs = [(large, small) for small, large in combinations(claim.levels, 2)]
    intervals = [against(cells, large, small, sign) for large, small in pairs]
    worst = int(np.argmin([i.low90 for i in intervals]))
    band = size(claim.margin, claim.metric)
    return Evidence(
        holds=all(i.low90 > -claim.margin for i in intervals),
        fails=True,
        said=difference(intervals[worst], pairs[worst], claim.metric, cells.held_out, sign)
        + f", the weakest of {len(pairs)} comparisons of a larger with a smaller level",
        ends={
            "reproduced": f"no larger level is worse by {band} or more",
            "contradicted": f"a larger level is worse by more than {band}",
            "inconclusive": f"a loss of {band} is neither excluded everywhere nor shown anywhere",
        },
        unit=METRICS[claim.metric].unit,
        p_below=float(np.min(holm([i.p_below(-claim.margin) for i in intervals]))),
        comparisons=tuple(comparison(*pair, i) for pair, i in zip(pairs, intervals, strict=True)),
        **figures(intervals[worst], claim.margin, cells.held_out),
    )


@rule(Saturates)
def saturates(claim: Saturates, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """Levels above `at` equal to it, and `at` better than the lowest."""
    cells, sign = data.cells(claim.levels, claim.metric), METRICS[claim.metric].sign
    lowest, above = claim.levels[0], claim.levels[claim.levels.index(claim.at) + 1 :]
    gain = against(cells, claim.at, lowest, sign)
    beyond = [against(cells, arm, claim.at, sign) for arm in above]
    p_beyond = holm([i.p_above(0.0) for i in beyond])
    gains = [p for p, i in zip(p_beyond, beyond, strict=True) if i.effect >= claim.margin]
    flat, band = inside(gain, claim.margin), size(claim.margin, claim.metric)
    pairs = [(claim.at, lowest, gain), *((arm, claim.at, i) for arm, i in zip(above, beyond, strict=True))]
    return Evidence(
        holds=gain.effect >= claim.margin and all(inside(i, claim.margin) for i in beyond),
        fails=flat or bool(gains),
        said=difference(gain, (claim.at, lowest), claim.metric, cells.held_out, sign),
        ends={
            "reproduced": f"every level above {claim.at} lies within {band} of it",
            "contradicted": "so nothing is gained up to there" if flat else f"and a level above gains {band} or more",
            "inconclusive": f"a gain up to {claim.at} and none beyond it are not both shown, nor is the contrary",
        },
        unit=METRICS[claim.metric].unit,
        p=gain.p_above(0.0),
        p_below=None if flat else float(min(gains, default=1.0)),
        label="flat" if flat else "not saturated",
        comparisons=tuple(comparison(*pair) for pair in pairs),
        **figures(gain, claim.margin, cells.held_out),
    )


@rule(Optimum)
def optimum(claim: Optimum, data: Confirmed, generator: np.random.Generator) -> Evidence:
    """Every level against `at`, adjusted by the maximum statistic (Dunnett) in either direction."""
    cells, sign = data.cells(claim.levels, claim.metric), METRICS[claim.metric].sign
    others = [level for level in claim.levels if level != claim.at]
    intervals = {level: against(cells, level, claim.at, sign) for level in others}
    effects, covariance = cells.joint([{level: sign, claim.at: -sign} for level in others])
    df = next(iter(intervals.values())).df
    beats = adjusted(others, effects, max_t_or_nan(effects, covariance, df, generator), claim.margin)
    worse = adjusted(others, -effects, max_t_or_nan(-effects, covariance, df, generator), claim.margin)
    at = claim.levels.index(claim.at)
    sides = [side for side in (claim.levels[:at], claim.levels[at + 1 :]) if side]
    beyond = [level for level in others if abs(claim.levels.index(level) - at) > 1]
    flat = all(inside(i, claim.margin) for i in intervals.values())
    best = max(others, key=lambda level: intervals[level].effect)
    shown, band = against(cells, claim.at, best, sign), size(claim.margin, claim.metric)
    return Evidence(
        holds=not any(p < ALPHA for p in beats.values()) and all(any(name in worse for name in side) for side in sides),
        fails=flat or any(level in beats for level in beyond),
        said=difference(shown, (claim.at, best), claim.metric, cells.held_out, sign) + ", the best other level",
        ends={
            "reproduced": f"no level beats {claim.at}, and on each side one is worse by {band} or more",
            "contradicted": "all levels are equal within the margin"
            if flat
            else f"a level beyond its neighbours beats {claim.at} by {band} or more",
            "inconclusive": f"an optimum at {claim.at} is neither shown nor excluded",
        },
        unit=METRICS[claim.metric].unit,
        p=max(min((worse[name] for name in side if name in worse), default=1.0) for side in sides),
        p_below=None if flat else min((beats[name] for name in beyond if name in beats), default=1.0),
        label="flat" if flat else "elsewhere",
        comparisons=tuple(comparison(level, claim.at, i) for level, i in intervals.items()),
        **figures(shown, claim.margin, cells.held_out),
    )


def max_t_or_nan(effects: Floats, covariance: Floats, df: float, generator: np.random.Generator) -> Floats:
    """`max_t`, and NaN where there is but one repetition."""
    return max_t(effects, covariance, df, generator) if df > 0 else np.full(len(effects), np.nan)


def adjusted(names: Sequence[str], effects: Floats, p: Floats, margin: float) -> dict[str, float]:
    """The p of each effect of at least the margin, by name."""
    return {n: float(q) for n, q, effect in zip(names, p, effects, strict=True) if effect >= margin}
