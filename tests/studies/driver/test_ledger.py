"""The ledger of test evaluations: a line for each, whatever happens between them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.runs import LEDGER_COLUMNS, TEST_EVALUATIONS
from studies.driver.ledger import append, lines, read_evaluation, record
from trainables.errors import UserError
from trainables.trial import PREDICTIONS, TEXTS, parquet


def role(trial: str, phase: str = "confirm") -> dict[str, Any]:
    return {"trial": trial, "phase": phase, "arm": "a", "configuration": "chosen", "protocol": "corrected", "fold": 0}


def predict(run: Path, trial: str, labels: str = "ab") -> None:
    path = run / "trials" / trial / PREDICTIONS
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: list(labels) for name in TEXTS}
    path.write_bytes(parquet({**columns, "confidence": [0.5] * len(labels), "logits": [[0.5]] * len(labels)}))


def note(run: Path, *roles: dict[str, Any]) -> None:
    """Add to the ledger what has been tested of the trials in these roles."""
    found = {role["trial"]: read_evaluation(run / "trials" / role["trial"]) for role in roles}
    record(run, roles, {trial: each for trial, each in found.items() if each})


def ledger(run: Path) -> list[tuple[str, str, int]]:
    return [(line["trial"], line["phase"], line["items"]) for line in lines(run / TEST_EVALUATIONS)]


def test_each_trial_that_was_tested_has_a_line(tmp_path: Path) -> None:
    predict(tmp_path, "one")
    predict(tmp_path, "two", "abc")
    note(tmp_path, role("one"), role("two"), role("untested"))
    assert ledger(tmp_path) == [("one", "confirm", 2), ("two", "confirm", 3)]
    assert set(next(lines(tmp_path / TEST_EVALUATIONS))) == set(LEDGER_COLUMNS)


def test_an_evaluation_is_written_down_once(tmp_path: Path) -> None:
    predict(tmp_path, "one")
    # A trial may serve two cells.
    note(tmp_path, role("one"), {**role("one"), "configuration": "as_printed"})
    before = (tmp_path / TEST_EVALUATIONS).read_bytes()
    note(tmp_path, role("one"))
    assert (tmp_path / TEST_EVALUATIONS).read_bytes() == before
    assert ledger(tmp_path) == [("one", "confirm", 2)]


def test_a_trial_that_was_tested_again_has_a_second_line(tmp_path: Path) -> None:
    predict(tmp_path, "one")
    note(tmp_path, role("one"))
    predict(tmp_path, "one", "ba")
    note(tmp_path, role("one"))
    assert ledger(tmp_path) == [("one", "confirm", 2)] * 2


def test_an_explored_trial_that_was_tested_is_written_down_too(tmp_path: Path) -> None:
    predict(tmp_path, "one")
    note(tmp_path, role("one", "explore"))
    assert ledger(tmp_path) == [("one", "explore", 2)]


@given(cuts=st.lists(st.integers(0, 400), min_size=1, max_size=4))
def test_whatever_a_crash_left_the_ledger_is_whole_again(
    tmp_path_factory: pytest.TempPathFactory, cuts: Sequence[int]
) -> None:
    run = tmp_path_factory.mktemp("run")
    for place, cut in enumerate(cuts):
        predict(run, f"trial{place}")
        note(run, *[role(f"trial{each}") for each in range(place + 1)])
        path = run / TEST_EVALUATIONS
        path.write_bytes(path.read_bytes()[: max(0, path.stat().st_size - cut)])
    note(run, *[role(f"trial{place}") for place in range(len(cuts))])
    assert sorted(trial for trial, *_ in ledger(run)) == [f"trial{place}" for place in range(len(cuts))]
    assert all(json.loads(line) for line in (run / TEST_EVALUATIONS).read_text().splitlines())


def test_a_ledger_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"Cannot write .*{TEST_EVALUATIONS}"):
        append(tmp_path / "gone" / TEST_EVALUATIONS, [])
