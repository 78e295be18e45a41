"""How often each kind of claim errs, and how often it decides: simulated over seeds, groups of test items and items.

Each case has four worlds. Where the claim is `false`, at the bound of what it claims, it may be reproduced in 2.5 % of
studies, and in 5 % where its rule is that a 90 % interval lies within the margin; where it is `true`, at the bound of
what its rule excludes, it may be contradicted as often. Where it is `clearly` so, or `clearly_not`, it is decided in at
least 80 %. Test parts rotate: repetition r tests fold r mod 5 of the groups. `SIMULATIONS=10` in the environment draws
ten times as many studies.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.claims import (
    KINDS,
    Better,
    Claim,
    ClassShare,
    Cost,
    Equal,
    Fact,
    Importance,
    Interaction,
    Level,
    NeverHurts,
    NoDirection,
    Optimum,
    Ranking,
    Recall,
    Runs,
    Saturates,
    Share,
    Slope,
    Spread,
    Unequal,
    contrasts,
    evidence,
    ranking,
    share,
)
from analysis.confirmed import Cells
from analysis.statistics import clustered_share, kendall, max_t
from analysis.statistics.intervals import Levels
from analysis.verdicts.judge import Weighed

F = "S4-F3"
REPETITIONS, FOLDS, GROUPS, ITEMS = 10, 5, 100, 3
SEED, GROUP, REST = 1.4, 6.0, 10.0
"""Standard deviations of an arm's accuracy, in points: between seeds, between groups, and of a group in one seed."""
MORE = int(os.environ.get("SIMULATIONS", "1"))
DRAWS, FEWER, CLEAR = 600 * MORE, 150 * MORE, 40 * MORE
"""Simulated studies of a world: of most, of those that take long, and of those that are clear."""
EIGHT = tuple("abcdefgh")
FIVE = tuple("abcde")
PAIRS = tuple((f"{n}+", f"{n}-") for n in range(12))
CLASSES = tuple("klmnopqrst")
World = Callable[[np.random.Generator], Any]


@dataclass
class Trials:
    """What the kinds of claim read of a run's confirmed trials."""

    tables: Cells | None = None
    answers: dict[str, Any] | None = None
    rows: Any = None
    run: Any = None
    protocol: str = "as_published"
    configuration: str | None = None

    def cells(self, arms: Sequence[str], metric: str = "accuracy") -> Cells:
        assert self.tables is not None
        return replace(self.tables, values={arm: self.tables.values[arm] for arm in arms})


STUDY = SimpleNamespace(study={"protocols": {}})


@cache
def rotation(repetitions: int = REPETITIONS, groups: int = GROUPS) -> np.ndarray:
    """Whether a repetition tests a group (S, G)."""
    return np.arange(repetitions)[:, None] % FOLDS == np.arange(groups)[None] % FOLDS


def means(*levels: float, names: Sequence[str] = EIGHT) -> World:
    """Accuracies of arms about these levels, in points."""

    def made(generator: np.random.Generator) -> Trials:
        tested, size = rotation(), len(levels)
        noise = SEED * generator.standard_normal((size, REPETITIONS, 1))
        noise = noise + GROUP * generator.standard_normal((size, 1, GROUPS))
        noise += REST * generator.standard_normal((size, REPETITIONS, GROUPS))
        values = np.where(tested, np.array(levels)[:, None, None] + noise, np.nan)
        table = Cells(
            dict(zip(names, values, strict=False)),
            np.where(tested, float(ITEMS), 0.0),
            tuple(range(REPETITIONS)),
            tuple(map(str, range(GROUPS))),
        )
        return Trials(table, run=STUDY)

    return made


def pairs(share: float, size: float = 8.0) -> World:
    """Pairs of arms, of which each is up by `size` points with this probability, else down."""

    def made(generator: np.random.Generator) -> Trials:
        ups = np.where(generator.random(len(PAIRS)) < share, size, -size)
        names = [name for pair in PAIRS for name in pair]
        found: Trials = means(*np.column_stack([ups, 0 * ups]).ravel(), names=names)(generator)
        return found

    return made


def scalars(**columns: Callable[[np.random.Generator], np.ndarray]) -> World:
    """A number of each repetition and arm, which has no groups."""

    def made(generator: np.random.Generator) -> Trials:
        values = {name: make(generator)[:, None] for name, make in columns.items()}
        n = len(next(iter(values.values())))
        keys = [(name, r) for name in values for r in range(n)]
        rows = pd.DataFrame(keys, columns=["arm", "repetition"]).assign(state="complete")
        trials = rows.assign(phase="confirm", protocol="as_published", configuration="as_printed")
        return Trials(
            Cells(values, np.ones((n, 1)), tuple(range(n)), ()), rows=rows, run=SimpleNamespace(trials=trials)
        )

    return made


def costs(ratio: float) -> World:
    """Seconds of two arms, the second's this many times the first's in the median."""
    noisy = {"a": 1.0, "b": ratio}
    return scalars(
        **{
            name: lambda g, middle=middle: middle * np.exp(0.05 * g.standard_normal(12))
            for name, middle in noisy.items()
        }
    )


def ends(share: float, arms: int = 1, together: float = 0.0) -> World:
    """Runs that end at 60 with this probability, else at 40; a share of the repetitions is the same in all arms."""

    def made(generator: np.random.Generator) -> Trials:
        alike, common = generator.random(16) < together, generator.random(16)
        column = {
            name: lambda g: np.where(np.where(alike, common, g.random(16)) < share, 60.0, 40.0) for name in EIGHT[:arms]
        }
        found: Trials = scalars(**column)(generator)
        return found

    return made


HELD = 6
"""Groups of each class."""
HARDNESS, SEED_ODDS, OWN = 0.7, 0.2, 0.5
"""Standard deviations of the log odds of a right answer: between groups, between seeds, and of a group in one arm."""


def recall_gained(lift: float) -> float:
    """The points of recall that a class gains whose log odds are lifted by so much."""
    spread = float(np.hypot(np.hypot(HARDNESS, SEED_ODDS), OWN))
    z = stats.norm.ppf((np.arange(10_000) + 0.5) / 10_000) * spread
    return 100 * float(np.mean(1 / (1 + np.exp(-z - lift)) - 1 / (1 + np.exp(-z))))


@cache
def items_tested() -> tuple[pd.MultiIndex, np.ndarray, np.ndarray, pd.DataFrame]:
    """The tested items: their index, class and group as numbers, and their labels."""
    groups = len(CLASSES) * HELD
    tested = np.arange(REPETITIONS)[:, None] % 2 == np.arange(groups)[None] % 2
    repetition, group = (np.repeat(each, ITEMS) for each in np.nonzero(tested))
    item = group * ITEMS + np.tile(np.arange(ITEMS), len(group) // ITEMS)
    names = [repetition, group.astype(str), np.char.add("i", item.astype(str))]
    index = pd.MultiIndex.from_arrays(names, names=["repetition", "group", "item"])
    labels = pd.DataFrame({"item": names[2], "label": np.array(CLASSES)[group // HELD]})
    return index, group, repetition, labels.drop_duplicates("item")


def recognised(*lifts: Callable[[np.random.Generator], Sequence[float]]) -> World:
    """Answers of arms whose log odds are lifted by so much on each class, besides what seeds and groups do."""

    def made(generator: np.random.Generator) -> Trials:
        index, group, repetition, labels = items_tested()
        hard = generator.normal(0, HARDNESS, len(CLASSES) * HELD)
        answers = {}
        for arm, lift in zip(EIGHT, lifts, strict=False):
            odds = np.repeat(lift(generator), HELD) + hard + generator.normal(0, OWN, len(hard))
            logit = odds[group] + generator.normal(0, SEED_ODDS, REPETITIONS)[repetition]
            answers[arm] = pd.Series(generator.random(len(logit)) < 1 / (1 + np.exp(-logit)), index=index)
        groups = tuple(map(str, range(len(hard))))
        table = Cells(dict.fromkeys(answers, np.zeros((1, 1))), np.ones((1, 1)), tuple(range(REPETITIONS)), groups)
        return Trials(table, answers=answers, run=SimpleNamespace(predictions=labels))

    return made


def fixed(first: float, others: float = 0.0) -> Callable[[np.random.Generator], Sequence[float]]:
    """The first half of the classes lifted by so much, and the others by another."""
    half = len(CLASSES) // 2
    return lambda generator: [first] * half + [others] * half


def signs(share: float) -> Callable[[np.random.Generator], Sequence[float]]:
    """Each class lifted or lowered, the former with this probability."""
    return lambda generator: np.where(generator.random(len(CLASSES)) < share, 1.5, -1.5).tolist()


def slopes(steep: float, others: float | None = None) -> World:
    """Answers whose log odds rise by so much with a covariate, and by another on the second half of the classes."""

    def made(generator: np.random.Generator) -> Trials:
        index, group, repetition, labels = items_tested()
        place = pd.factorize(index.get_level_values("item"))[0]
        x = generator.standard_normal(len(labels))[place]
        seeds = generator.normal(0, 0.1, REPETITIONS)
        here = np.where(group // HELD < len(CLASSES) // 2, steep, steep if others is None else others)
        logit = (here + seeds[repetition]) * x + generator.normal(0, HARDNESS, len(CLASSES) * HELD)[group]
        right = generator.random(len(logit)) < 1 / (1 + np.exp(-logit))
        label = np.array(CLASSES)[group // HELD]
        said = np.where(right, label, "none")
        table = {"trial": repetition.astype(str), "group": group.astype(str), "label": label, "prediction": said}
        rows = pd.DataFrame({"arm": "a", "trial": np.arange(REPETITIONS).astype(str), "repetition": range(REPETITIONS)})
        run = SimpleNamespace(predictions=pd.DataFrame(table | {"loudness": x}))
        cells = Cells({"a": np.zeros((REPETITIONS, 1))}, np.ones((REPETITIONS, 1)), tuple(range(REPETITIONS)), ("0",))
        return Trials(cells, rows=rows, run=run)

    return made


@dataclass(frozen=True)
class Case:
    """A claim with its worlds, and how often it may be wrongly reproduced and wrongly contradicted."""

    claim: Claim
    false: World
    true: World
    clearly: World
    clearly_not: World | None
    reproduced: float = 0.025
    contradicted: float = 0.025
    draws: int = DRAWS


LIFT, STEEP = 0.5, 0.103
"""What moves a recall by the margin of its case, and what is an odds ratio of 1.1 beside groups of that hardness."""
STRUCK, SUSTAINED = CLASSES[:5], CLASSES[5:]
BELOW, ABOVE = [6, 7, 3, 0, 2, 5, 1, 4], [2, 6, 5, 3, 7, 4, 1, 0]
"""Places of eight arms whose Kendall's tau with their order is .29 and .36, next to the bound of .3 on either side."""
CASES: dict[str, Case] = {
    "better": Case(Better(finding=F, better="a", worse="b"), means(0, 0), means(2, 0), means(5.5, 0), means(-4, 0)),
    "better than a mean": Case(
        Better(finding=F, better="a", worse=("b", "c")),
        means(0, 3, -3),
        means(2, 3, -3),
        means(5, 0, 0),
        means(-4, 0, 0),
    ),
    "a constant is better": Case(Better(finding=F, better=25.0, worse="a"), means(25), means(23), means(21), means(28)),
    "equal": Case(
        Equal(finding=F, first="a", second="b", margin=5), means(5, 0), means(5, 0), means(0, 0), means(11, 0), 0.05
    ),
    "never hurts": Case(
        NeverHurts(finding=F, levels=EIGHT[:3], margin=5),
        means(0, 0, -5),
        means(0, 0, -5),
        means(0, 1, 2),
        means(0, 0, -12),
        0.05,
    ),
    "saturates": Case(
        Saturates(finding=F, levels=EIGHT[:4], at="b", margin=6),
        means(-14, 0, 6, 0),
        means(-6, 0, 0, 0),
        means(-14, 0, 0, 0),
        means(-14, 0, 5, 14),
        0.05,
        0.05,
    ),
    "optimum": Case(
        Optimum(finding=F, levels=FIVE, at="c"),
        means(0, 0, 0, 0, 0),
        means(0, -4, 0, -4, 0),
        means(-8, -4, 0, -4, -8),
        means(-8, -4, 0, 4, 8),
        draws=FEWER,
    ),
    "optimum within": Case(
        Optimum(finding=F, levels=FIVE, at=("b", "c")),
        means(0, 0, 0, 0, 0),
        means(-4, 0, 0, -4, 0),
        means(-8, 0, 0, -4, -8),
        means(-4, -4, 0, 4, 9),
        draws=FEWER,
    ),
    "level": Case(Level(finding=F, arm="a", printed=70), means(75), means(75), means(70), means(80), 0.05),
    "bound": Case(Level(finding=F, arm="a", printed=70, relation="above"), means(70), means(70), means(74), means(66)),
    "each": Case(
        Share(finding=F, pairs=(("a", "b"), ("c", "d")), share="each"),
        means(0, 0, 10, 0),
        means(2, 0, 2, 0),
        means(7, 0, 7, 0),
        means(-4, 0, 7, 0),
    ),
    "each against a constant": Case(
        Share(finding=F, pairs=(("a", 50.0), (60.0, "b")), share="each"),
        means(50, 40),
        means(52, 58),
        means(55, 55),
        means(47, 58),
    ),
    "sometimes": Case(
        Share(finding=F, pairs=(("a", "b"), ("c", "d")), share="sometimes"),
        means(8, 0, 0, 0),
        means(8, 0, 0, 0),
        means(8, 0, 0, 8),
        means(8, 0, 8, 0),
    ),
    "most": Case(
        Share(finding=F, pairs=PAIRS, share="most"), pairs(0.5), pairs(0.5), pairs(0.97), pairs(0.03), draws=FEWER
    ),
    "about": Case(
        Share(finding=F, pairs=PAIRS, share="about", printed=0.9),
        pairs(0.7),
        pairs(0.7),
        pairs(1.0),
        pairs(0.2),
        draws=FEWER,
    ),
    "chain": Case(
        Ranking(finding=F, chain=EIGHT[:3]), means(10, 0, 0), means(10, 0, 0), means(14, 7, 0), means(0, 6, 0)
    ),
    "best": Case(
        Ranking(finding=F, best="a", candidates=EIGHT[:4]),
        means(0, 0, 0, 0),
        means(0, 0, 0, 0),
        means(6, 0, 0, 0),
        means(0, 8, 0, 0),
        draws=FEWER,
    ),
    "worst": Case(
        Ranking(finding=F, worst="a", candidates=EIGHT[:4]),
        means(0, 0, 0, 0),
        means(0, 0, 0, 0),
        means(-6, 0, 0, 0),
        means(0, -8, 0, 0),
        draws=FEWER,
    ),
    "ranking": Case(
        Ranking(finding=F, ranking=EIGHT),
        means(*(6.0 * np.array(BELOW))),
        means(*(6.0 * np.array(ABOVE))),
        means(*(6.0 * np.arange(8)[::-1])),
        means(*(6.0 * np.arange(8))),
        draws=FEWER,
    ),
    "interaction": Case(
        Interaction(finding=F, plus=("a", "b"), minus=("c", "d")),
        means(0, 0, 0, 0),
        means(2, 0, 0, 0),
        means(8, 0, 0, 0),
        means(-6, 0, 0, 0),
    ),
    "cost": Case(
        Cost(finding=F, cheaper="a", dearer="b"), costs(1.1), costs(1.1), costs(1.3), costs(0.98), draws=FEWER
    ),
    "runs": Case(Runs(finding=F, of=("a",), low=50), ends(0.5), ends(0.5), ends(0.95), ends(0.05), draws=FEWER),
    "runs of several arms": Case(
        Runs(finding=F, of=("a", "b", "c"), low=50),
        ends(0.5, 3, 0.5),
        ends(0.5, 3, 0.5),
        ends(0.9, 3, 0.5),
        ends(0.1, 3, 0.5),
        draws=FEWER,
    ),
    "few runs": Case(
        Runs(finding=F, of=("a", "b"), low=50, relation="below", printed=0.3),
        ends(0.3, 2, 1.0),
        ends(0.3, 2, 1.0),
        ends(0.0, 2),
        ends(0.9, 2),
        draws=FEWER,
    ),
    "unequal": Case(
        Unequal(finding=F, among=EIGHT[:3]), means(0, 0, 0), means(2, 0, 0), means(7, 0, 0), None, draws=FEWER
    ),
    "unequal by much": Case(
        Unequal(finding=F, among=EIGHT[:3], margin=8),
        means(0, 0, 0),
        means(8, 0, 0),
        means(14, 0, 0),
        means(0, 0, 0),
        draws=FEWER,
    ),
    "spread": Case(
        Spread(finding=F, closer=EIGHT[:3], wider=EIGHT[3:6]),
        means(0, 5, 10, 10, 5, 0),
        means(0, 5, 10, 10, 5, 0),
        means(0, 2, 4, 20, 10, 0),
        means(20, 10, 0, 0, 2, 4),
    ),
    "spread of what is alike": Case(
        Spread(finding=F, closer=EIGHT[:3], wider=EIGHT[3:6]),
        means(0, 0, 0, 0, 0, 0),
        means(0, 0, 0, 0, 0, 0),
        means(0, 0, 0, 16, 8, 0),
        means(16, 8, 0, 0, 0, 0),
    ),
    "recall": Case(
        Recall(finding=F, arm="a", classes=STRUCK, less=SUSTAINED, margin=recall_gained(LIFT)),
        recognised(fixed(0)),
        recognised(fixed(LIFT)),
        recognised(fixed(1.5)),
        recognised(fixed(-LIFT)),
        draws=FEWER,
    ),
    "recall by more": Case(
        Recall(finding=F, arm="a", than="b", classes=STRUCK, less=SUSTAINED, margin=recall_gained(LIFT)),
        recognised(fixed(1), fixed(1)),
        recognised(fixed(LIFT), fixed(0)),
        recognised(fixed(1.5), fixed(0)),
        recognised(fixed(-LIFT), fixed(0)),
        draws=FEWER,
    ),
    "share of classes": Case(
        ClassShare(finding=F, better="a", worse="b", classes=CLASSES),
        recognised(signs(0.5), fixed(0)),
        recognised(signs(0.5), fixed(0)),
        recognised(signs(0.99), fixed(0)),
        recognised(signs(0.01), fixed(0)),
        draws=FEWER,
    ),
    "slope": Case(
        Slope(finding=F, arm="a", covariate="loudness"),
        slopes(0),
        slopes(STEEP),
        slopes(0.4),
        slopes(-0.25),
        draws=FEWER,
    ),
    "difference of slopes": Case(
        Slope(finding=F, arm="a", covariate="loudness", less=SUSTAINED),
        slopes(0.3, 0.3),
        slopes(0.3 + STEEP, 0.3),
        slopes(0.9, 0),
        slopes(0, 0.5),
        draws=FEWER,
    ),
}


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what verdicts do not depend on, which is what more repetitions would find, and draw fewer samples."""
    monkeypatch.setattr(evidence, "detectable", lambda df: 1.0)
    monkeypatch.setattr(evidence, "repetitions_needed", lambda interval, margin: None)
    for name in ("chance_of_direction", "chance_of_equality"):
        for module in {claim.claim.__module__ for claim in CASES.values()} | {contrasts.__name__}:
            monkeypatch.setattr(f"{module}.{name}", lambda *_: 1.0, raising=False)
    for module, drawing in ((contrasts, max_t), (ranking, kendall), (share, clustered_share)):
        monkeypatch.setattr(module, drawing.__name__, partial(drawing, draws=1000))


def rate(claim: Claim, world: World, word: str, draws: int) -> float:
    """How often simulated studies of a world read `word`."""
    generator = np.random.default_rng(1)
    found = [claim.evidence(world(generator), generator) for _ in range(draws)]
    return float(np.mean([Weighed(each, each.p or 0.0, each.p_below or 0.0).word[0] == word for each in found]))


def at_most(share: float, draws: int) -> float:
    """What a rate of `share` exceeds in one in a thousand simulations."""
    return float(stats.binom.ppf(0.999, draws, share)) / draws


@pytest.mark.parametrize("name", CASES)
def test_it_is_rarely_reproduced_where_it_is_false(name: str) -> None:
    case = CASES[name]
    assert rate(case.claim, case.false, "reproduced", case.draws) <= at_most(case.reproduced, case.draws)


@pytest.mark.parametrize("name", CASES)
def test_it_is_rarely_contradicted_where_it_is_true(name: str) -> None:
    case = CASES[name]
    assert rate(case.claim, case.true, "contradicted", case.draws) <= at_most(case.contradicted, case.draws)


@pytest.mark.parametrize("name", CASES)
def test_it_is_decided_where_it_is_clear(name: str) -> None:
    case = CASES[name]
    assert rate(case.claim, case.clearly, "reproduced", CLEAR) >= 0.8
    assert case.clearly_not is None or rate(case.claim, case.clearly_not, "contradicted", CLEAR) >= 0.8


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_decided_at_a_look_of_hardly_any_level(name: str) -> None:
    """Every rule follows the levels of the look: by p values, by intervals, by samples that are drawn."""
    case, generator, hardly = CASES[name], np.random.default_rng(1), Levels(1e-30, 1e-30)
    for world in (case.clearly, case.clearly_not):
        data = world(generator) if world else None
        if data is not None and data.tables is not None:
            data.tables = replace(data.tables, levels=hardly)
            found = replace(case.claim.evidence(data, generator), level=hardly.test)
            weighed = Weighed(found, *(1.0 if p is None else p for p in (found.p, found.p_below)))
            assert weighed.word == ("inconclusive", "")


def test_every_kind_is_simulated_that_estimates_and_claims() -> None:
    """A fact is computed exactly, and a question without a direction claims nothing: neither can err by chance.

    What rests on explored trials is simulated in test_importance.py.
    """
    assert {type(case.claim) for case in CASES.values()} == {*KINDS.values()} - {Fact, NoDirection, Importance}
