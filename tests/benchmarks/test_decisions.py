"""What it costs to decide: studies simulated with the variances, curves and times of a real run.

A simulated study has two arms and, under each of two protocols, the claims "A beats B" and "A equals B" with a margin
of two points. One way to run it is that of before: a fixed fifth of the groups is tested in all repetitions, Student's
t has min(S, G) - 1 degrees of freedom, three cells are trained for the printed epochs, and the number of repetitions is
fixed. The other is that of now: the tested part rotates, degrees of freedom are Satterthwaite's, a study is explored at
the first step of epochs, finalists are trained to choose from, the two cells of the claims (and for one arm, as often
as at the first look, that of the inflation) are trained until the validation curves are flat, and after each look only
what is undecided and may be decided goes on, under the protocol of that claim. Both err alike: each decides at 2.5 %
(5 % for each test of an equivalence), spent over the looks where there are several.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from analysis.claims.contrasts import chance_of_direction, chance_of_equality
from analysis.confirmed import Confirmed
from analysis.looks import LOOKS, MOST
from analysis.runs import Run
from analysis.statistics import Interval, two_way
from analysis.statistics.intervals import FIXED, Floats, Levels
from analysis.statistics.spending import levels_at
from analysis.verdicts.learning import change
from analysis.verdicts.stopping import HOPEFUL
from studies.driver.steps import steps_to
from studies.scale import SCALES

MARGIN, FOLDS, PROTOCOLS = 2.0, 5, 2


@dataclass(frozen=True)
class Measured:
    """What is taken from a real run: SDs in points, groups, and seconds of processor time.

    `epochs` are those at which the validation curves of all arms were flat, `printed` the document's.
    """

    seed: float
    group: float
    rest: float
    weights: Floats
    epoch_seconds: float
    epochs: int
    printed: int


def measured(run: Run) -> Measured:
    """The variances of the difference of a run's first two arms under the corrected protocol, by moments."""
    data = Confirmed(run, "corrected")
    cells = data.cells(run.arms[:2])
    table = cells.values[run.arms[0]] - cells.values[run.arms[1]]
    weights = np.nan_to_num(cells.weights).sum(axis=0)
    rows = np.nansum(np.nan_to_num(table) * cells.weights, axis=1) / cells.weights.sum(axis=1)
    centred = table - rows[:, None]
    twice = (~np.isnan(table)).sum(axis=0) > 1
    rest = float(np.nanmean(np.nanvar(centred[:, twice], axis=0, ddof=1)))
    group = float(max(np.nanvar(np.nanmean(centred, axis=0)) - rest / np.mean((~np.isnan(table)).sum(axis=0)), 0.0))
    shares = cells.weights / cells.weights.sum(axis=1, keepdims=True)
    seed = float(max(rows.var(ddof=1) - (rest + group) * (shares**2).sum(axis=1).mean(), 0.0))
    epochs, printed = flat(data), run.budget[1]
    seconds = float(data.rows["cpu_seconds"].sum() / data.rows["epochs"].sum())
    return Measured(seed**0.5, group**0.5, rest**0.5, weights, seconds, epochs, printed)


def flat(data: Confirmed) -> int:
    """The first step of the epochs at which the mean validation curves of all arms are flat, else the printed ones."""
    printed = data.run.budget[1]
    for epochs in steps_to(printed)[:-1]:
        kept = data.run.epochs[data.run.epochs["epoch"] <= epochs]
        cut = Confirmed(Run(data.run.path, data.run.study, data.run.trials, kept, data.run.predictions), data.protocol)
        if all(change(cut, arm, "points").within(MARGIN / 2) for arm in data.run.arms[:2]):
            return epochs
    return printed


def table(found: Measured, effect: float, rotates: bool, random: np.random.Generator) -> Floats:
    """The differences of `MOST` repetitions (S, G) in points, NaN where a repetition does not test a group."""
    groups = len(found.weights)
    values = effect + found.seed * random.standard_normal((MOST, 1)) + found.group * random.standard_normal(groups)
    values = values + found.rest * random.standard_normal((MOST, groups))
    folds = np.array([random.permutation(groups) % FOLDS for _ in range(-(-MOST // FOLDS))])
    tested = np.array([folds[r // FOLDS] == r % FOLDS if rotates else folds[0] == 0 for r in range(MOST)])
    return np.where(tested, values, np.nan)


def before(interval: Interval) -> Interval:
    return replace(interval, df=min(interval.n, interval.groups) - 1)


def interval(values: Floats, weights: Floats, levels: Levels) -> Interval:
    """The interval over the groups that were tested."""
    tested = ~np.isnan(values).all(axis=0)
    cells = np.where(np.isnan(values[:, tested]), 0.0, weights[tested])
    return two_way(values[:, tested], cells, levels)


def beats(found: Interval) -> bool:
    """Whether "A beats B" is decided, either way."""
    return (found.low > 0 and found.effect >= MARGIN) or found.high < MARGIN


def equals(found: Interval) -> bool:
    """Whether "A equals B" is decided, either way."""
    inside = found.low90 > -MARGIN and found.high90 < MARGIN
    return inside or found.low > MARGIN or found.high < -MARGIN


def fixed(found: Measured, effect: float, n: int, random: np.random.Generator) -> tuple[float, int]:
    """CPU hours, and how many of the four claims are decided, in the way of before with `n` repetitions."""
    decided = 0
    for _ in range(PROTOCOLS):
        values = table(found, effect, rotates=False, random=random)[:n]
        each = before(interval(values, found.weights, FIXED))
        decided += beats(each) + equals(each)
    return 2 * (3 * n * found.printed + explored_before(found)) * found.epoch_seconds / 3600, decided


def explored_before(found: Measured) -> float:
    """Epochs of an arm's exploration: four trials, of which one in three goes on after a third."""
    return 4 * found.printed / 3 * (1 + 2 / 3)


def until_decided(found: Measured, effect: float, random: np.random.Generator) -> tuple[float, int]:
    """CPU hours, and how many of the four claims are decided, in the way of now."""
    epochs, decided = explored_now(found), 0
    for _ in range(PROTOCOLS):
        n, words = stopped(table(found, effect, rotates=True, random=random), found.weights)
        decided += words
        epochs += n * found.epochs
    # One of the two arms is also trained under the base of the document's own protocol, to measure its inflation.
    return 2 * (epochs + LOOKS[0] * found.epochs / 2) * found.epoch_seconds / 3600, decided


def explored_now(found: Measured) -> float:
    """Epochs of an arm's exploration and of its finalists, at the scale for a laptop."""
    scale, seeds = SCALES["laptop"], 2
    stopped_first = scale.trials * steps_to(found.printed)[0] / 3 * (1 + 2 / scale.reduction)
    return stopped_first + seeds * (scale.finalists + 1) * found.epochs


def stopped(values: Floats, weights: Floats) -> tuple[int, int]:
    """After how many repetitions the claims of a protocol are decided or given up, and how many are decided."""
    words = (False, False)
    for n in LOOKS:
        each = interval(values[:n], weights, levels_at(n))
        words = beats(each), equals(each)
        chances = chance_of_direction(each, MARGIN, MARGIN), chance_of_equality(each, -MARGIN, MARGIN)
        if not any(not word and chance >= HOPEFUL for word, chance in zip(words, chances, strict=True)):
            return n, sum(words)
    return MOST, sum(words)


@dataclass(frozen=True)
class Cost:
    """Mean CPU hours of a study, and the mean share of its four claims that are decided."""

    hours: float
    decided: float

    @property
    def each(self) -> float:
        """CPU hours per decided claim."""
        return self.hours / (4 * self.decided) if self.decided else float("inf")


def cost(studies: Sequence[tuple[float, int]]) -> Cost:
    hours, decided = (float(np.mean(column)) for column in zip(*studies, strict=True))
    return Cost(hours, decided / 4)


def compared(found: Measured, effect: float, draws: int, random: np.random.Generator) -> tuple[dict[int, Cost], Cost]:
    """What deciding costs in the way of before, by the number of repetitions that was fixed, and in the way of now."""
    past = {n: cost([fixed(found, effect, n, random) for _ in range(draws)]) for n in LOOKS}
    return past, cost([until_decided(found, effect, random) for _ in range(draws)])


EVIDENCE = Path(__file__).parents[2] / "analysis" / "evidence"
DRAWS = int(os.environ.get("ETUDE_BENCHMARK_REPEATS", "100"))
EFFECTS = (0.0, 1.0, 3.0, 5.0)
BOUND = 0.5


@pytest.mark.benchmark
def test_hours_of_a_decision(table):
    """The two arms of the real study of kernel shapes, were the true difference nothing, small or large."""
    run = Run.load(max(EVIDENCE.glob("yun_bi.kernel_shape-*")))
    found, random = measured(run), np.random.default_rng(0)
    rows = [("SD of seeds, groups, rest", f"{found.seed:.1f}, {found.group:.1f}, {found.rest:.1f} points")]
    rows += [("groups; epochs until flat", f"{len(found.weights)}; {found.epochs} of {found.printed}")]
    ratios, per_claim = [], []
    for effect in EFFECTS:
        past, now = compared(found, effect, DRAWS, random)
        cheapest = min(past, key=lambda n: past[n].each)
        ratios.append(now.hours / past[MOST].hours)
        per_claim.append(now.each / past[cheapest].each)
        rows.append((f"true difference {effect:g}: now", f"{now.hours:.2f} h, {now.decided:.0%} decided"))
        for n in (MOST, cheapest):
            rows.append((f"  before, n = {n}", f"{past[n].hours:.2f} h, {past[n].decided:.0%} decided"))
    rows.append(
        (f"hours until decided or given up at n = {MOST}, now / before", f"{np.mean(ratios):.2f}; bound {BOUND}")
    )
    rows.append(("hours per decided claim, now / before at its cheapest n", f"{np.mean(per_claim):.2f}"))
    table(f"{run.path.name}, {DRAWS} simulated studies for each difference", rows)
