"""Whatever has become of the files of a run, it is shown, goes on, or is refused in a sentence, and nothing is lost."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from damage import copied, damaged
from fuzzing import command, fuzzed, held, well_said
from hypothesis import event, given, note
from hypothesis import strategies as st

from analysis.claims import Better, Cost, Equal

MADE_UP = (
    "study.json",
    "pictures.json",
    "trials.parquet",
    "epochs.parquet",
    "predictions.parquet",
    "test_evaluations.jsonl",
)
CLAIMS = (
    Equal(finding="S4-F3", first="first", second="second"),
    Better(finding="S4-F4", metric="accuracy_at_1", better="first", worse="second"),
    Cost(finding="S4-F6", cheaper="first", dearer="second"),
)
SMALL = {"repetitions": 2, "epochs": 3, "explored": 2, "notes": 2, "labels": ("flute", "oboe")}
SMALL |= {"arms": ("first", "second"), "claims": CLAIMS}


@pytest.fixture(scope="module")
def made_up(synthetic_run: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with made-up numbers."""
    run = synthetic_run(tmp_path_factory.mktemp("made") / "run", **SMALL)
    assert command("report", run).code == 0
    (run / "report.html").unlink()
    return run


@fuzzed(0.15)
@given(data=st.data())
def test_damaged_run_is_shown_or_refused(made_up: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as home:
        run = copied(made_up, Path(home) / "runs" / "run")
        for name in data.draw(st.lists(st.sampled_from(MADE_UP), unique=True, min_size=1, max_size=2)):
            note(f"{name}: {damaged(data.draw, run / name)}")
        before = held(run)
        shown = data.draw(st.sampled_from(["status", "report", "verdicts", "markdown", "html"]))
        page = {"report": run / "report.html", "html": Path(home) / "page.html"}.get(shown)
        arguments = {"status": ("status", "run"), "report": ("report", "run"), "markdown": ("verdicts", "--markdown")}
        arguments["html"] = ("verdicts", "--html", Path(home) / "page.html")
        said = well_said(*arguments.get(shown, (shown,)), "--home", home)
        assert said.code in (0, 1)
        event(f"{shown}: {said.code}")
        after = held(run)
        assert (after.pop("report.html", None) is not None) == (shown == "report" and said.code == 0)
        assert after == before
        assert page is None or page.exists() == (said.code == 0)
