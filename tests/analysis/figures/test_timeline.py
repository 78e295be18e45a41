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


def test_a_bar_ends_at_the_test_and_shares_its_lane_with_none_at_that_time(run: Run):
    data = timeline.timeline_data(run)
    assert data.bars["end"].tolist() == pytest.approx([1.0, 1.25, 2.0, 7.5])
    assert data.bars["begin"].tolist() == pytest.approx([0.0, 0.25, 1.0, 6.5])
    assert data.bars["lane"].tolist() == [0, 1, 0, 0]
    assert data.launches == (0.0, 6.0)


def test_the_page_says_what_is_not_recorded(run: Run):
    (figure,) = timeline.side_by_side(Results.of(run))
    assert "2 launches." in figure.caption and "not recorded" in figure.caption and "took over" not in figure.caption
    assert len(figure.drawing.layout.shapes) == 2
    early = replace(run, study={**run.study, "provenance": {"started": str(BEGUN + pd.Timedelta(hours=1.5))}})
    (figure,) = timeline.side_by_side(Results.of(early))
    assert "1 launch. 2 were trained before" in figure.caption


def test_without_a_ledger_nothing_is_drawn(run: Run, tmp_path: Path):
    bare = replace(run, path=tmp_path)
    assert not list(timeline.side_by_side(Results.of(bare)))
    assert timeline.draw_timeline(timeline.timeline_data(bare), arm_styles(["a"])).layout.height == 120
