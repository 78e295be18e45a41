"""How often intervals and verdicts err, and how often they find: simulated over seeds, groups and items.

The test part rotates: repetition r tests fold r mod 5 of the groups, by a division that changes every 5 repetitions.
"Before" is a fixed fifth of the groups in all repetitions, judged by t with min(S, G) - 1 degrees of freedom.
`SIMULATIONS=10` in the environment draws ten times as many tables.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats
from scipy.special import expit

from analysis.claims.contrasts import chance_of_direction
from analysis.looks import LOOKS, MOST
from analysis.statistics import Interval, two_way
from analysis.statistics.intervals import FIXED
from analysis.statistics.spending import levels_at
from analysis.verdicts.stopping import HOPEFUL

MORE = int(os.environ.get("SIMULATIONS", "1"))
FOLDS, MARGIN, BATCH = 5, 2.0, 100
Floats = NDArray[np.float64]
Tested = NDArray[np.bool_]
Record = Callable[[str, object], None]


def rotation(generator: np.random.Generator, n: int, groups: int) -> Tested:
    """Which groups each repetition tests, (n, groups)."""
    rounds = [generator.permutation(np.arange(groups) % FOLDS) for _ in range(0, n, FOLDS)]
    return np.array([rounds[r // FOLDS] == r % FOLDS for r in range(n)])


def fixed(n: int, groups: int) -> Tested:
    """A fifth of the groups in all repetitions."""
    return np.ones((n, len(range(0, groups, FOLDS))), dtype=bool)


@dataclass(frozen=True)
class Estimates:
    """Means (N,) of N tables, with their standard errors and degrees of freedom."""

    mean: Floats
    error: Floats
    df: Floats

    @property
    def half(self) -> Floats:
        """Half the width of the interval of 95 %."""
        return np.asarray(stats.t.isf(0.025, self.df) * self.error)

    def word(self, level: float) -> tuple[Tested, Tested]:
        """Whether "A beats B" is reproduced, and contradicted."""
        reproduced = (self.mean >= MARGIN) & (stats.t.sf(self.mean / self.error, self.df) < level)
        excluded = stats.t.cdf((self.mean - MARGIN) / self.error, self.df) < level
        return reproduced, excluded & ~reproduced


def estimates(values: Floats, tested: Tested, before: bool = False) -> Estimates:
    """What `two_way` says of each of N tables (N, S, G) with the same gaps, all at once."""
    kept = tested.any(axis=0)
    values, tested = values[:, :, kept], tested[:, kept]
    n, groups = tested.shape
    cells = tested / tested.sum(axis=1, keepdims=True) / n
    share = cells.sum(axis=0)
    rows = n * (cells * values).sum(axis=2)
    mean = rows.mean(axis=1)
    centred = np.where(tested, values - mean[:, None, None], 0.0)
    columns, seeds = (cells * centred).sum(axis=1), rows - mean[:, None]
    square = (share**2).sum()
    c = 1 / (1 - 2 * (share**3).sum() / square + square)
    residual = centred - seeds[:, :, None] - (columns / share)[:, None]
    v_seed = (seeds**2).sum(axis=1) / (n * (n - 1))
    v_group = c * (columns**2).sum(axis=1)
    v_resid = c * n / (n - 1) * ((cells * residual) ** 2).sum(axis=(1, 2))
    if (tested.sum(axis=0) == 1).all():
        v_group = v_resid = np.zeros(len(v_seed))
    v = np.maximum.reduce([v_seed + v_group - v_resid, v_seed, v_group])
    terms = v_seed**2 / (n - 1) + v_group**2 / (groups - 1) + v_resid**2 / max(tested.sum() - n - groups + 1, 1)
    fewest = min(n, groups) - 1.0
    return Estimates(mean, np.sqrt(v), np.full(len(v), fewest) if before else np.maximum(v**2 / terms, fewest))


@pytest.mark.parametrize(("n", "groups"), [(5, 60), (8, 53), (10, 290), (16, 60)])
def test_all_at_once_is_what_is_said_of_each(n: int, groups: int) -> None:
    generator = np.random.default_rng(n)
    for tested in (rotation(generator, n, groups), fixed(n, groups)):
        values = generator.normal(size=(3, *tested.shape))
        found = estimates(values, tested)
        for number, table in enumerate(values):
            kept = np.where(tested, table, np.nan)[:, tested.any(axis=0)]
            one = two_way(kept)
            assert (one.effect, one.error, one.df) == pytest.approx(
                (found.mean[number], found.error[number], found.df[number])
            )


def gaussian(
    generator: np.random.Generator, tested: Tested, sds: tuple[float, float, float], draws: int = BATCH
) -> Floats:
    """Differences around 0 with SDs of seed, group and rest, in points."""
    seed, group, rest = sds
    n, groups = tested.shape
    values = generator.normal(0, seed, (draws, n, 1)) + generator.normal(0, group, (draws, 1, groups))
    return np.asarray(values + rest * generator.standard_normal((draws, n, groups)))


def coverage(n: int, groups: int, sds: tuple[float, float, float], before: bool, draws: int) -> tuple[float, float]:
    """How often the interval holds the truth, and its mean half width."""
    generator, found = np.random.default_rng(n * groups), []
    for _ in range(draws // BATCH):
        tested = fixed(n, groups) if before else rotation(generator, n, groups)
        found.append(estimates(gaussian(generator, tested, sds), tested, before))
    halves, means = (np.concatenate([getattr(each, name) for each in found]) for name in ("half", "mean"))
    return float((np.abs(means) < halves).mean()), float(halves.mean())


@pytest.mark.parametrize("groups", [53, 60, 290, 626])
@pytest.mark.parametrize("n", [5, 8, 10, 16])
@pytest.mark.parametrize("sds", [(2.0, 25.0, 25.0), (2.0, 10.0, 15.0), (3.0, 5.0, 10.0)], ids=str)
def test_intervals_cover_and_are_far_narrower_than_before(
    sds: tuple[float, float, float], n: int, groups: int, record_property: Record
) -> None:
    covered, half = coverage(n, groups, sds, before=False, draws=2000 * MORE)
    _, once = coverage(n, groups, sds, before=True, draws=200)
    print(f"\n{n} x {groups}, SDs {sds}: coverage {covered:.3f}, half width {half:.2f}, before {once:.2f}")
    record_property("coverage", covered)
    assert 0.94 <= covered <= 0.985
    assert sds[1] < 25 or half <= 0.70 * once


SHARED, OWN, MIDDLE = 2.0, 0.5, 2.0
"""Log odds of a right answer: SD of a group's difficulty, of what one arm makes of it, and the mean."""
ITEMS, SEED = 3, 1.4
"""Items of a group, and the SD of an arm's accuracy between seeds, in points."""
QUANTILES = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000) * np.hypot(SHARED, OWN)


def accuracy(odds: float) -> float:
    """The accuracy of an arm with this mean of the log odds, in points."""
    return float(100 * expit(odds + QUANTILES).mean())


SLOPE = accuracy(MIDDLE + 0.5) - accuracy(MIDDLE - 0.5)
"""Points of accuracy for one of the log odds."""


def binomial(generator: np.random.Generator, tested: Tested, points: float, draws: int = BATCH) -> Floats:
    """Differences of two arms whose accuracies differ by so much, of items that are right or wrong by chance."""
    rows, columns = np.nonzero(tested)
    n, groups = tested.shape
    better = optimize.brentq(lambda odds: accuracy(odds) - accuracy(MIDDLE) - points, MIDDLE - 1, MIDDLE + 3)
    difficulty, values = generator.normal(0, SHARED, (draws, groups)), np.zeros((draws, n, groups))
    for turn, middle in ((1, better), (-1, MIDDLE)):
        of_group = middle + difficulty + generator.normal(0, OWN, (draws, groups))
        odds = of_group[:, columns] + generator.normal(0, SEED / SLOPE, (draws, n))[:, rows]
        values[:, rows, columns] += turn * 100 / ITEMS * generator.binomial(ITEMS, expit(odds))
    return values


def decided(n: int, groups: int, points: float, draws: int, how: str = "rotating") -> tuple[float, float]:
    """How often a fixed number of repetitions reproduces and contradicts "A beats B"."""
    generator, found = np.random.default_rng(groups + n), []
    for _ in range(draws // BATCH):
        whole = np.ones((n, groups), dtype=bool)
        tested = {"rotating": rotation(generator, n, groups), "before": fixed(n, groups), "whole": whole}[how]
        found.append(estimates(binomial(generator, tested, points), tested, how == "before").word(FIXED.test))
    reproduced, contradicted = np.concatenate(found, axis=1).mean(axis=1)
    return float(reproduced), float(contradicted)


@pytest.mark.parametrize(("groups", "most"), [(60, 0.025), (220, 0.015), (290, 0.015), (626, 0.015)])
def test_no_effect_is_rarely_reproduced(groups: int, most: float, record_property: Record) -> None:
    reproduced, _ = decided(10, groups, 0.0, 4000 * MORE)
    print(f"\nfalsely reproduced over {groups} groups: {reproduced:.4f}")
    record_property("reproduced", reproduced)
    assert reproduced <= most


@pytest.mark.parametrize("groups", [12, 60, 220])
def test_no_effect_is_rarely_reproduced_where_every_repetition_tests_all_groups(
    groups: int, record_property: Record
) -> None:
    reproduced, _ = decided(10, groups, 0.0, 2000 * MORE, "whole")
    print(f"\nfalsely reproduced over {groups} groups that are all tested each time: {reproduced:.4f}")
    record_property("reproduced", reproduced)
    assert reproduced <= 0.025


@pytest.mark.parametrize("groups", [60, 220, 626])
def test_an_effect_of_the_margin_is_rarely_contradicted(groups: int, record_property: Record) -> None:
    _, contradicted = decided(10, groups, MARGIN, 2000 * MORE)
    record_property("contradicted", contradicted)
    assert contradicted <= 0.025


@pytest.mark.parametrize(("groups", "least", "once"), [(220, 0.75, 0.56), (626, 0.97, 0.93)])
def test_five_points_are_found(groups: int, least: float, once: float, record_property: Record) -> None:
    """The accuracies are such that as many were found before as was measured then."""
    (found, _), (before, _) = decided(10, groups, 5.0, 2000 * MORE), decided(10, groups, 5.0, 1000, "before")
    print(f"\n5 points over {groups} groups: found {found:.3f}, before {before:.3f}")
    record_property("found", found)
    assert before == pytest.approx(once, abs=0.05)
    assert found >= least


def until_decided(groups: int, points: float, draws: int) -> Iterator[tuple[str, int]]:
    """Of each simulated study the word and the repetitions it took, with its looks, and giving up what is hopeless."""
    generator = np.random.default_rng(groups)
    for _ in range(draws // BATCH):
        tested = rotation(generator, MOST, groups)
        for table in binomial(generator, tested, points):
            yield looked_at(np.where(tested, table, np.nan))


def looked_at(table: Floats) -> tuple[str, int]:
    for n in LOOKS:
        rows = table[:n]
        found = two_way(rows[:, ~np.isnan(rows).all(axis=0)], levels=levels_at(n))
        word = said(found)
        if word != "inconclusive" or chance_of_direction(found, MARGIN, MARGIN) < HOPEFUL:
            break
    return word, n


def said(found: Interval) -> str:
    if found.effect >= MARGIN and found.p_above(0.0) < found.levels.test:
        return "reproduced"
    return "contradicted" if found.p_below(MARGIN) < found.levels.test else "inconclusive"


@pytest.mark.parametrize(("groups", "least"), [(220, 0.90), (626, 0.99)])
def test_until_decided_five_points_are_found_and_nothing_is_not(
    groups: int, least: float, record_property: Record
) -> None:
    rates = {}
    for points in (5.0, 0.0):
        words, taken = zip(*until_decided(groups, points, 400 * MORE), strict=True)
        rates[points] = words.count("reproduced") / len(words)
        print(
            f"\n{points:g} points over {groups} groups until decided: reproduced {rates[points]:.4f}, contradicted "
            f"{words.count('contradicted') / len(words):.3f}, after {np.mean(taken):.1f} repetitions"
        )
        record_property(f"repetitions at {points:g} points", float(np.mean(taken)))
    assert rates[5.0] >= least
    # 400 studies of a true 2.5 % are more than this in one of a thousand.
    assert rates[0.0] <= stats.binom.ppf(0.999, 400 * MORE, 0.025) / (400 * MORE)
