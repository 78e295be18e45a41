"""Each check finds a planted flaw and passes a clean split."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from trainables.corpora import audit
from trainables.corpora.splits import Split


def split(train: list[int], validation: list[int], test: list[int]) -> Split:
    return Split(*(np.array(rows) for rows in (train, validation, test)))


@pytest.fixture
def clips() -> pd.DataFrame:
    """Two classes, three pitches each, two clips a pitch."""
    rows = [(label, f"{label} {pitch}", pitch) for label in ("oboe", "viola") for pitch in "ABC" for _ in range(2)]
    frame = pd.DataFrame(rows, columns=["label", "group", "pitch"])
    return frame.assign(digest=[str(row) for row in range(len(frame))])


CLEAN = split([0, 1, 6, 7], [2, 3, 8, 9], [4, 5, 10, 11])
LEAKY = split([0, 1, 4, 6, 7], [2, 3, 8, 9], [5, 10, 11])


def test_groups_on_both_sides(clips: pd.DataFrame) -> None:
    assert audit.groups_crossing(clips, CLEAN, "corrected").outcome == "pass"
    found = audit.groups_crossing(clips, LEAKY, "as_published")
    assert (found.outcome, found.figure) == ("fail", pytest.approx(1 / 3))
    assert audit.leak_share(clips, LEAKY) == pytest.approx(1 / 3)


def test_a_group_shared_with_validation_alone_fails_too(clips: pd.DataFrame) -> None:
    found = audit.groups_crossing(clips, split([0, 1, 2, 6, 7], [3, 8, 9], [4, 5, 10, 11]), "corrected")
    assert (found.outcome, found.figure) == ("fail", 0.0)


def test_neighbours_of_the_same_group(clips: pd.DataFrame) -> None:
    position = {group: index for index, group in enumerate(clips["group"].unique())}
    features = np.array([[10.0 * position[group], 1.0] for group in clips["group"]])
    assert audit.neighbours(clips, CLEAN, features).figure == 0.0
    assert audit.neighbours(clips, LEAKY, features).figure == pytest.approx(1 / 3)


def test_one_note_in_several_dynamics(clips: pd.DataFrame) -> None:
    assert audit.notes_crossing(clips, CLEAN).outcome == "pass"
    assert audit.notes_crossing(clips, LEAKY).outcome == "fail"
    # The pitch decides, even where a corpus has finer groups.
    assert audit.notes_crossing(clips.assign(group=clips["digest"]), LEAKY).outcome == "fail"
    assert audit.notes_crossing(clips.drop(columns="pitch"), LEAKY).outcome == "not applicable"
    # Of a class of several instruments, one pitch on two of them is two notes; pitches may be numbers.
    several = clips.assign(pitch=60, instrument=clips["group"])
    assert audit.notes_crossing(several, CLEAN).outcome == "pass"
    assert audit.notes_crossing(several.assign(instrument=clips["label"]), CLEAN).outcome == "fail"


def test_identical_audio_on_both_sides(clips: pd.DataFrame) -> None:
    assert audit.duplicates_crossing(clips, CLEAN).outcome == "pass"
    clips.loc[10, "digest"] = "0"
    found = audit.duplicates_crossing(clips, CLEAN)
    assert (found.outcome, found.figure) == ("fail", 0.25)


def test_seeds() -> None:
    assert [audit.seeds(count).outcome for count in (1, 7, 8, 20)] == ["fail", "fail", "pass", "pass"]


def test_selection_on_the_test_part() -> None:
    assert audit.selection_on_test(CLEAN, "corrected").outcome == "pass"
    found = audit.selection_on_test(split([0], [4, 5], [4, 5, 10, 11]), "as_published")
    assert (found.outcome, found.figure) == ("fail", 0.5)


def test_class_imbalance(clips: pd.DataFrame) -> None:
    assert audit.imbalance(clips, CLEAN).outcome == "pass"
    found = audit.imbalance(clips, split([0], [6], [2, 3, 4, 5, 10]))
    assert (found.outcome, found.figure) == ("fail", 4.0)
    assert "always naming 'oboe' scores 80.0%" in found.explanation


def test_normalisation() -> None:
    outcomes = [audit.normalisation(on).outcome for on in ("each clip", "training part", "all clips")]
    assert outcomes == ["pass", "pass", "fail"]


@pytest.mark.parametrize(("items", "outcome"), [(624, "fail"), (625, "pass")])
def test_size_of_the_test_part(items: int, outcome: str) -> None:
    clips = pd.DataFrame({"group": ["a", "b"] * 400})
    found = audit.size_of_test(clips, split([], [], list(range(items))))
    assert (found.outcome, found.figure) == (outcome, items)
    assert f"{items} test clips of 2 groups" in found.explanation


def test_the_card_holds_every_check(table: Callable[..., pd.DataFrame]) -> None:
    clips = table(classes=3, clips=40)
    store = SimpleNamespace(clips=clips)
    parts = split(list(range(0, 120, 2)), [1], list(range(3, 120, 2)))
    ids = [check.id for check in audit.card(store, parts, "as_published")]
    assert ids == ["B1", "B7", "B7", "B8", "B9", "B11", "B16", "B19"]
    assert len(audit.card(store, parts, "as_published", np.ones((120, 3)))) == len(ids) + 1
