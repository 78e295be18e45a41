"""When trials ran: bars end at their tests, no two share a lane at one time, and launches are lines."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.figures import timeline
from analysis.figures.style import arm_styles
from analysis.results import Results
from analysis.runs import TEST_EVALUATIONS, Run

BEGUN = pd.Timestamp("2026-01-02T03:00:00+00:00")


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Run:
    """Four trials of an hour: two at once, one after them, and one after a second launch six hours later."""
    plan = {"arms": ("a", "b"), "claims": (), "labels": ("x", "y"), "epochs": 2, "repetitions": 2, "notes": 1}
    path: Path = synthetic_run(tmp_path_factory.mktemp("timeline") / "run", **plan)
    study = json.loads((path / "study.json").read_text())
    launches = [{"started": str(BEGUN + pd.Timedelta(hours=hour))} for hour in (0, 6)]
    study["provenance"] |= {"started": str(BEGUN), "launches": launches}
    (path / "study.json").write_text(json.dumps(study))
    rows = [json.loads(line) for line in (path / TEST_EVALUATIONS).read_text().splitlines()][:4]
    for row, hour in zip(rows, (1.0, 1.25, 2.0, 7.5), strict=True):
        row["tested"] = str(BEGUN + pd.Timedelta(hours=hour))
    (path / TEST_EVALUATIONS).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    found = Run.load(path)
    return replace(found, trials=found.trials.assign(seconds=3600.0))


def recorded(run: Run) -> Run:
    """The run with the times of three trials: one goes on in another process, six hours later, and one is stopped."""
    first, second, third = run.trials["trial"].drop_duplicates()[:3]
    rows = [
        (first, 1, 0.5, 7),
        (first, 2, 1.0, 7),
        (first, 3, 7.0, 9),
        (second, 1, 0.75, 8),
        (second, 2, 1.0, 8),
        (third, 1, 1.5, 7),
    ]
    table = pd.DataFrame(rows, columns=["trial", "epoch", "ended", "worker"])
    epochs = table.assign(ended=BEGUN.timestamp() + 3600 * table["ended"], seconds=900.0)
    epochs.loc[epochs["epoch"] == 2, "seconds"] = 1790.0  # 10 s after the epoch before, or overlapping it
    state = run.trials["trial"].map({first: "complete", second: "stopped"}).fillna("complete")
    return replace(run, epochs=epochs, trials=run.trials.assign(state=state))


def test_a_bar_is_what_a_process_trained_of_a_trial_without_a_pause(run: Run):
    data = timeline.timeline_data(recorded(run))
    assert data.bars["begin"].tolist() == pytest.approx([0.25, 0.5, 1.25, 6.75], abs=0.01)
    assert data.bars["end"].tolist() == pytest.approx([1.0, 1.0, 1.5, 7.0])
    assert data.bars["stopped"].tolist() == [False, True, False, False]
    assert data.processes == 3 and data.launches == (0.0, 6.0)


def test_trials_without_times_beside_others_are_counted(run: Run):
    timed = recorded(run)
    older = timed.epochs.assign(trial=[*timed.epochs["trial"][:-1], "older"])
    older.loc[older["trial"] == "older", ["ended", "worker"]] = None
    data = timeline.timeline_data(replace(timed, epochs=older))
    assert (data.untimed, timeline.timeline_data(timed).untimed, timeline.timeline_data(run).processes) == (1, 0, 0)
    assert "Trials of an older version have no recorded times (1)" in timeline.rows_in_words(data)


def test_a_process_has_a_row_that_another_takes_when_it_has_ended(run: Run):
    data = timeline.timeline_data(recorded(run))
    assert data.bars["lane"].tolist() == [0, 1, 0, 0]


def test_the_page_says_what_a_row_and_a_cross_are(run: Run):
    (figure,) = timeline.side_by_side(Results.of(recorded(run)))
    assert "3 processes" in figure.caption and "others were ahead (1)" in figure.caption
    crosses = figure.drawing.data[-1]
    assert list(crosses.x) == [1.0] and list(crosses.y) == [1]


def test_a_bar_ends_at_the_test_and_shares_its_lane_with_none_at_that_time(run: Run):
    """Where epochs have no times, as in older runs."""
    data = timeline.timeline_data(run)
    assert data.bars["end"].tolist() == pytest.approx([1.0, 1.25, 2.0, 7.5])
    assert data.bars["begin"].tolist() == pytest.approx([0.0, 0.25, 1.0, 6.5])
    assert data.bars["lane"].tolist() == [0, 1, 0, 0]
    assert data.launches == (0.0, 6.0) and data.processes == 0


def test_the_page_says_what_is_not_recorded(run: Run):
    (figure,) = timeline.side_by_side(Results.of(run))
    assert "2 launches." in figure.caption and "not recorded" in figure.caption and "took over" not in figure.caption
    assert len(figure.drawing.layout.shapes) == 2
    early = replace(run, study={**run.study, "provenance": {"started": str(BEGUN + pd.Timedelta(hours=1.5))}})
    (figure,) = timeline.side_by_side(Results.of(early))
    assert "1 launch. 2 bars are from before" in figure.caption


def test_without_a_ledger_nothing_is_drawn(run: Run, tmp_path: Path):
    bare = replace(run, path=tmp_path)
    assert not list(timeline.side_by_side(Results.of(bare)))
    assert timeline.draw_timeline(timeline.timeline_data(bare), arm_styles(["a"])).layout.height == 120
