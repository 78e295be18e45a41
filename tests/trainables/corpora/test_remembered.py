"""An audit of a store is made once for each question, and again when the code or the question is another."""

import pytest

from trainables.corpora.audit import remembered as module
from trainables.corpora.audit.check import Check
from trainables.corpora.audit.remembered import FOLDER, remembered

FOUND = [Check("B1", "groups", "fail", 0.25, "A quarter."), Check("B2", "copies", "pass", 0.0, "None.")]


@pytest.fixture
def asked(tmp_path):
    """Ask a question of a store; gives what was found, and notes that an audit was made."""
    made = []

    def ask(*question):
        return remembered(tmp_path, question, lambda: (made.append(question), FOUND)[1])

    return ask, made, tmp_path


def test_the_same_question_is_answered_once(asked):
    ask, made, _ = asked
    assert ask("corrected", 1) == ask("corrected", 1) == FOUND
    assert len(made) == 1
    ask("corrected", 2)
    assert len(made) == 2


def test_other_code_asks_again(asked, monkeypatch):
    ask, made, _ = asked
    ask("corrected")
    monkeypatch.setattr(module, "code", lambda: "other")
    ask("corrected")
    assert len(made) == 2


@pytest.mark.parametrize("damage", ["", "[1]", "{", '[{"id": "B1"}]'])
def test_a_damaged_answer_is_made_anew(asked, damage):
    ask, made, store = asked
    ask("corrected")
    (path,) = (store / FOLDER).iterdir()
    path.write_text(damage)
    assert ask("corrected") == FOUND
    assert len(made) == 2
    assert ask("corrected") == FOUND and len(made) == 2


def test_a_store_that_cannot_be_written_is_audited_each_time(tmp_path):
    missing = tmp_path / "nowhere" / "store"
    assert remembered(missing, ["x"], lambda: FOUND) == FOUND
    assert not missing.exists()
