"""Which run's verdict counts."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report import matrix
from analysis.report.overview import Cell
from analysis.runs import Run
from analysis.verdicts import FindingVerdict
from analysis.verdicts.precedence import Origin
from analysis.verdicts.verdict import WORDS

LATER, EARLIER = "2026-01-03T00:00:00+00:00", "2026-01-02T00:00:00+00:00"
ORIGIN = Origin("a run", real=True, decides=True, printed_epochs=True, full_form=True, started=EARLIER)


def verdict(word: Any = "reproduced", n: int = 8, **origin: Any) -> FindingVerdict:
    numbers = {"effect": 2.5, "low": 1.0, "high": 4.0, "unit": "points", "n": n, "groups": 30}
    rest = {
        "kinds": "DIR",
        "parts": {"": word},
        "smallest_detectable": 1.0,
        "reason": "",
        "trials": 4,
        "cpu_hours": 1.0,
    }
    return FindingVerdict("S4-F3", "corrected", word, "", (), **numbers, **rest, origin=replace(ORIGIN, **origin))


def cell(*verdicts: FindingVerdict) -> Cell:
    return next(row for row in matrix(verdicts) if row.finding.id == "S4-F3").cells["corrected"]


# Each is worth more than the next, which is better in all that the rule looks at later.
LADDER = [
    verdict(n=8),
    verdict(n=7, started=LATER),
    verdict(n=9, started=LATER, full_form=False),
    verdict(n=9, started=LATER, printed_epochs=False),
    verdict(n=9, started=LATER, decides=False),
    verdict(n=9, started=LATER, real=False),
    verdict("not run", n=9, started=LATER),
]


@pytest.mark.parametrize("place", range(len(LADDER) - 1))
def test_each_condition_comes_before_all_later_ones(place: int) -> None:
    assert LADDER[place].rank > LADDER[place + 1].rank
    assert cell(LADDER[place + 1], LADDER[place]).verdict == LADDER[place]


def test_the_later_run_counts_whatever_its_folder_is_called() -> None:
    earlier, later = verdict(run="z"), verdict(run="a", started=LATER)
    assert cell(earlier, later).verdict == cell(later, earlier).verdict == later


def test_the_others_are_listed_by_their_weight() -> None:
    for order in permutations(LADDER[:4]):
        assert [found.rank for found in cell(*order).others] == [found.rank for found in LADDER[1:4]]


weights = st.builds(
    verdict,
    st.sampled_from([word for word in WORDS if word != "not run"]),
    n=st.integers(1, 10),
    real=st.booleans(),
    decides=st.booleans(),
    printed_epochs=st.booleans(),
    full_form=st.booleans(),
    started=st.sampled_from([EARLIER, LATER]),
    run=st.uuids().map(str),
)


@given(st.lists(weights, min_size=1, max_size=6, unique_by=lambda found: found.origin.run), st.randoms())
def test_neither_the_order_of_the_runs_nor_what_they_say_plays_a_part(found: list[FindingVerdict], random: Any) -> None:
    chosen = cell(*found)
    assert chosen.verdict is not None
    shuffled = random.sample(found, len(found))
    assert cell(*shuffled) == chosen
    otherwise = [replace(each, word=random.choice([word for word in WORDS if word != "not run"])) for each in found]
    assert cell(*otherwise).verdict.origin == chosen.verdict.origin


def test_a_run_says_what_counts_of_it(planted: Any) -> None:
    run: Run = planted({"a": 0.8}, rendered=True, decides=False, budget_epochs=100)
    study = {**run.study["study"], "reduced": {"width": 16}}
    provenance = {"started": EARLIER, "launches": [{"started": EARLIER}, {"started": LATER}]}
    origin = Origin.of(replace(run, study={**run.study, "study": study, "provenance": provenance}))
    assert origin == Origin("planted", False, False, printed_epochs=False, full_form=False, started=EARLIER)
    plain = Origin.of(planted({"a": 0.8}, epochs=0))
    assert (plain.real, plain.decides, plain.printed_epochs, plain.full_form) == (True, True, True, True)
