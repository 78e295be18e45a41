"""How often each kind of claim errs, and how often it decides: simulated over seeds, groups of test items and items.

Each case has four worlds. Where the claim is `false`, at the bound of what it claims, it may be reproduced in 2.5 % of
studies, and in 5 % where its rule is that a 90 % interval lies within the margin; where it is `true`, at the bound of
what its rule excludes, it may be contradicted as often. Where it is `clearly` so, or `clearly_not`, it is decided in at
least 80 %. Test parts rotate: repetition r tests fold r mod 5 of the groups. All cases of one bound are counted
together, too, which shows what is wrong with every interval. `SIMULATIONS=10` in the environment draws ten times as
many studies.
"""

import os
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
import pytest
from scipy import stats
from worlds import (
    CLASSES,
    EIGHT,
    FIVE,
    PAIRS,
    World,
    costs,
    ends,
    fixed,
    means,
    pairs,
    recall_gained,
    recognised,
    signs,
    slopes,
)

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
from analysis.statistics import clustered_share, kendall, max_t
from analysis.statistics.intervals import Levels
from analysis.verdicts.judge import Weighed

F = "S4-F3"
MORE = int(os.environ.get("SIMULATIONS", "1"))
DRAWS, FEWER, CLEAR = 600 * MORE, 150 * MORE, 40 * MORE
"""Simulated studies of a world: of most, of those that take long, and of those that are clear."""


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


@cache
def wrongly(name: str, word: str) -> float:
    """How often a case reads a word where it may be read as seldom as its bound says."""
    case = CASES[name]
    return rate(case.claim, case.false if word == "reproduced" else case.true, word, case.draws)


@pytest.mark.parametrize("name", CASES)
def test_it_is_rarely_reproduced_where_it_is_false(name: str) -> None:
    case = CASES[name]
    assert wrongly(name, "reproduced") <= at_most(case.reproduced, case.draws)


@pytest.mark.parametrize("name", CASES)
def test_it_is_rarely_contradicted_where_it_is_true(name: str) -> None:
    case = CASES[name]
    assert wrongly(name, "contradicted") <= at_most(case.contradicted, case.draws)


@pytest.mark.parametrize("bound", [0.025, 0.05])
@pytest.mark.parametrize("word", ["reproduced", "contradicted"])
def test_all_cases_together_err_as_rarely(word: str, bound: float) -> None:
    draws = {name: case.draws for name, case in CASES.items() if getattr(case, word) == bound}
    wrong = sum(count * wrongly(name, word) for name, count in draws.items())
    assert not draws or wrong / sum(draws.values()) <= at_most(bound, sum(draws.values()))


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
