"""What a plan prints before anything is spent."""

from pathlib import Path
from typing import Any

import pytest

from studies.commands import planning
from studies.console import show, silent
from studies.driver.launch import Launch
from studies.resources import Resources
from trainables.corpora.store import Store


def test_a_plan_says_costs_detectable_effects_and_the_audit(
    store: Store, tiny: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = Launch(tiny.NAME, tiny.STUDY, tiny.SCALE, store, tmp_path)
    show(*planning.plan(request, Resources(), silent))
    said = capsys.readouterr().out
    assert [said.index(title) for title in TITLES] == sorted(said.index(title) for title in TITLES)
    groups = next(line for line in said.splitlines() if "B1 groups on both sides" in line)
    assert [mark for mark in groups if mark in "✓✗–"] == ["✗", "✓", "✓"]
    # Two arms of one budget, with the seconds that were measured.
    assert (
        "5 explored trials, 25 explored epochs, 4 finalists' trials, 20 finalists' epochs, 4 confirmed trials"
        in " ".join(said.replace("│", " ").split())
    )
    assert list(tmp_path.iterdir()) == []


TITLES = (
    "tiny/study at scale tiny",
    "trials on one GPU",
    "smallest detectable effect",
    "audit of the data",
    "audit of the design",
)
