"""How far a run is, as it is written beside its description."""

import json
from pathlib import Path
from types import SimpleNamespace

from analysis.runs import STUDY
from studies.driver.launch import Held


def test_progress_is_written_when_there_is_more_of_it(tmp_path: Path) -> None:
    path, explore = tmp_path / STUDY, SimpleNamespace(phase="explore", done=1, planned=2)
    path.write_text('{"study": {}}')
    phases = SimpleNamespace(queues=[explore], ended=False, trouble="")
    run = Held(SimpleNamespace(directory=tmp_path), "token", None, None, phases)
    run.progress()
    first = path.stat().st_ino
    run.progress()
    assert path.stat().st_ino == first
    explore.done, phases.ended = 2, True
    run.progress()
    assert json.loads(path.read_text()) == {
        "study": {},
        "progress": {"finished": True, "explore": {"done": 2, "planned": 2}},
    }
