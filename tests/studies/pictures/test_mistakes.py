"""Clips of mistakes: the right ones are kept, they can be played, and nothing that is handed on holds them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile

from analysis.figures import mistakes as drawn
from analysis.judged import run_of
from analysis.report import render
from analysis.runs import MISTAKES, Run
from studies.driver.evidence import contents
from studies.pictures import mistakes
from studies.pictures.mistakes import MOST_CLIPS, write_mistakes
from trainables.corpora.store import Store

SEEDS = range(3)
CLAIM = {"finding": "M1", "kind": "DIR", "better": "a", "worse": "b"}


@pytest.fixture(scope="module")
def run(store: Store, tmp_path_factory) -> Run:
    """Answers on clips of the store: the first class is taken for the second, its clips the oftener the later."""
    first, second = store.labels[:2]
    clips = store.clips[store.clips["label"].isin((first, second))]
    rows = [
        {"arm": arm, "seed": seed, "item": row["clip"], "group": row["group"], "label": row["label"]}
        | {"prediction": second if row["label"] == first and place % 4 > seed else row["label"]}
        for arm in ("a", "b")
        for seed in SEEDS
        for place, (_, row) in enumerate(clips.iterrows())
    ]
    path = tmp_path_factory.mktemp("mistakes")
    made = replace(run_of(pd.DataFrame(rows), [CLAIM], corpus="notes"), path=path)
    predictions = made.predictions.assign(confidence=np.linspace(0.5, 0.9, len(made.predictions)))
    return replace(made, predictions=predictions)


@pytest.fixture(scope="module")
def kept(run: Run, store: Store) -> Run:
    assert write_mistakes(run.path, run, store) > 0
    return replace(run)


def test_each_cell_has_the_clips_that_most_seeds_mistook(kept: Run, store: Store):
    found = json.loads((kept.path / MISTAKES).read_text())
    assert [(cell["arm"], cell["label"], cell["prediction"]) for cell in found["cells"]] == [
        (arm, *store.labels[:2]) for arm in ("a", "b")
    ]
    for cell in found["cells"]:
        wrong = kept.predictions[(kept.predictions["label"] != kept.predictions["prediction"])]
        wrong = wrong[wrong["trial"].str.contains(f" {cell['arm']} ")]
        assert cell["answers"] == len(wrong)
        assert len(cell["clips"]) == MOST_CLIPS
        most = wrong.groupby("item").size().max()
        assert {each["times"] for each in cell["clips"]} == {most}


def test_the_files_are_the_beginning_of_the_clips_and_can_be_played(kept: Run, store: Store):
    found = kept.mistakes["clips"]
    for name, clip in found.items():
        row = int(np.flatnonzero(store.clips["clip"] == name)[0])
        samples, rate = soundfile.read(kept.path / clip["file"])
        original = store.samples(row)[: len(samples)] / 32768
        assert rate == store.rate and len(samples) / rate == pytest.approx(clip["kept"], abs=0.01)
        assert np.corrcoef(samples, original)[0, 1] > 0.9
        assert (kept.path / clip["file"]).stat().st_size < original.size


def test_long_clips_are_cut(run: Run, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mistakes, "MOST_SECONDS", 0.2)
    write_mistakes(tmp_path, run, store)
    found = json.loads((tmp_path / MISTAKES).read_text())["clips"]
    assert {round(clip["kept"], 2) for clip in found.values()} == {0.2}


def test_the_page_leads_from_the_matrix_to_the_clips(kept: Run):
    page = render(kept)
    first, second = kept.labels
    place = f"played-as-published-a-{first}-{second}".replace(" ", "-")
    assert f'href="#{place}"' in page and f'id="{place}"' in page
    assert all(f'src="{clip["file"]}"' in page for clip in kept.mistakes["clips"].values())
    assert "no evidence and no archive holds them" in page


def test_a_run_without_clips_says_nothing_of_them_and_files_that_are_gone_have_no_player(kept: Run, tmp_path: Path):
    assert 'id="mistakes"' not in render(replace(kept, path=tmp_path))
    (tmp_path / MISTAKES).write_bytes((kept.path / MISTAKES).read_bytes())
    page = render(replace(kept, path=tmp_path))
    assert 'id="mistakes"' in page and "<audio" not in page


def test_nothing_that_is_handed_on_holds_them(kept: Run, synthetic_run, tmp_path: Path):
    directory = synthetic_run(tmp_path / "run", arms=("a",), claims=(), labels=("x", "y"), epochs=2, repetitions=2)
    for path in kept.path.rglob("*.*"):
        target = directory / path.relative_to(kept.path)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert list(directory.glob("mistakes/*.ogg"))
    assert not [name for name, _ in contents(directory) if "mistakes" in name]


def test_a_cell_without_clips_draws_nothing():
    cell = drawn.Cell("corrected", "a", "x", "y", 3, ())
    assert drawn.draw_mistakes(cell).layout.height == 120
