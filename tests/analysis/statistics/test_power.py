"""Power: the figures of the method, repeated."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import TTestPower

from analysis.statistics import (
    decidable,
    operating_characteristics,
    pairs_needed,
    pairs_needed_equivalence,
    plan_mde,
    repetitions_needed,
    smallest_detectable_effect,
    two_way,
)


def paired(rho: float, sd: float = 2.0) -> float:
    """SD of a paired difference of runs with that SD and correlation."""
    return sd * math.sqrt(2 * (1 - rho))


@pytest.mark.parametrize(
    ("difference", "alpha", "rho", "expected"),
    [
        (1, 0.05, 0.3, 46),
        (1, 0.05, 0.6, 28),
        (2, 0.05, 0.3, 14),
        (2, 0.05, 0.6, 9),
        (3, 0.05, 0.3, 8),
        (3, 0.05, 0.6, 6),
        (5, 0.05, 0.3, 5),
        (5, 0.05, 0.6, 4),
        (1, 0.005, 0.3, 79),
        (1, 0.005, 0.6, 47),
        (2, 0.005, 0.3, 23),
        (2, 0.005, 0.6, 15),
        (5, 0.005, 0.3, 7),
        (5, 0.005, 0.6, 6),
    ],
)
def test_pairs_needed(difference: float, alpha: float, rho: float, expected: int) -> None:
    assert pairs_needed(difference, paired(rho), alpha) == expected


@pytest.mark.parametrize(
    ("margin", "rho", "expected"), [(2, 0.0, 19), (2, 0.6, 9), (3, 0.0, 10), (3, 0.6, 5), (1, 0.0, 70), (1, 0.6, 30)]
)
def test_pairs_needed_for_equivalence(margin: float, rho: float, expected: int) -> None:
    found = pairs_needed_equivalence(margin, paired(rho))
    assert found is not None and abs(found - expected) <= 1


@pytest.mark.parametrize(
    ("groups", "few", "many"),
    [
        (290, 5.2, 7.4),
        (100, 8.9, 12.5),
        (225, 5.9, 8.3),
        (2874, 1.7, 2.3),
        (4096, 1.4, 2.0),
        (1680, 2.2, 3.1),
        (53, 12.2, 17.2),
        (930, 2.9, 4.1),
    ],
)
def test_the_limit_that_the_test_set_sets(groups: int, few: float, many: float) -> None:
    limits = plan_mde(math.inf, 2, groups, 0.1), plan_mde(math.inf, 2, groups, 0.2)
    assert limits == pytest.approx((few, many), abs=0.06)


@given(st.integers(3, 60), st.floats(0.1, 5), st.integers(20, 5000), st.floats(0.01, 0.4))
def test_a_study_detects_no_less_than_its_test_set_allows(n: int, sd: float, groups: int, discordant: float) -> None:
    mde = plan_mde(n, sd, groups, discordant)
    assert mde >= plan_mde(math.inf, sd, groups, discordant)
    assert mde >= smallest_detectable_effect(n, sd) * 0.999 or n > groups
    assert plan_mde(n + 5, sd, groups, discordant) <= mde


@given(st.integers(3, 50), st.floats(0.2, 4))
def test_the_detectable_effect_is_that_of_statsmodels(n: int, sd: float) -> None:
    effect = smallest_detectable_effect(n, sd)
    assert TTestPower().power(effect / sd, n, 0.05, alternative="two-sided") == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize(("margin", "says"), [(2.0, "undecidable"), (3.0, "less than 80 %"), (5.5, "")])
def test_the_plan_says_where_nothing_can_be_decided(margin: float, says: str) -> None:
    assert says in decidable(margin, 5.0) and bool(says) == bool(decidable(margin, 5.0))


def test_the_rule_errs_as_rarely_as_the_method_says(record_property: Callable[[str, object], None]) -> None:
    generator = np.random.default_rng(11)
    found = {n: operating_characteristics(n, 2, 2, generator).set_index("truth") for n in (5, 10, 20)}
    print("\n" + "\n".join(f"n = {n}\n{table.round(3).T.to_string()}" for n, table in found.items()))
    record_property("reproduced under a true 0 at n = 10", float(found[10].loc[0, "reproduced"]))
    expected = {
        5: {-2: (0, 0.91), 0: (0.01, 0.40), 1: (0.07, 0.14), 2: (0.31, 0.02), 3: (0.68, 0), 5: (0.98, 0)},
        10: {-2: (0, 1), 0: (0, 0.80), 1: (0.05, 0.28), 2: (0.49, 0.02), 3: (0.95, 0), 5: (1, 0)},
        20: {-2: (0, 1), 0: (0, 0.99), 1: (0.01, 0.56), 2: (0.50, 0.03), 3: (0.99, 0), 5: (1, 0)},
    }
    for n, rows in expected.items():
        for truth, figures in rows.items():
            assert tuple(found[n].loc[truth]) == pytest.approx(figures, abs=0.03)
    assert found[10].loc[0, "reproduced"] < 0.02


def test_a_small_test_set_hides_a_null() -> None:
    plan = {"groups": 290, "discordant": 0.1, "truths": (0,)}
    found = operating_characteristics(10, 2, 2.6, np.random.default_rng(2), **plan)
    assert found.loc[0, "contradicted"] < 0.5
    assert found.loc[0, "reproduced"] < 0.03


def test_more_seeds_help_only_as_far_as_the_groups_allow() -> None:
    generator = np.random.default_rng(0)
    of_seeds = two_way(generator.normal(0, 5, (10, 1)) + generator.normal(0, 0.1, (10, 50)))
    of_groups = two_way(generator.normal(0, 20, (1, 50)) + generator.normal(0, 0.1, (10, 50)))
    needed = repetitions_needed(of_seeds, 2.0)
    assert needed is not None and needed > 10
    assert repetitions_needed(of_groups, 2.0) is None
