"""Every figure that a document declares is drawn of a run of some study of it, with the study's own arms."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from counted import CELLS, counted_results

from analysis import findings
from analysis.figures import figure_named
from analysis.results import Results
from analysis.runs import SOUNDS, STEP_COLUMNS, Run
from studies import catalogue
from studies.study import Study

DOCUMENTS = [name for name, document in findings.DOCUMENTS.items() if document.figures]
PARTS = ("train", "valid", "test")
EXAMPLE = {
    "clip": "a",
    "label": "a",
    "step": 0.01,
    "hertz": [100.0 * row for row in range(1, 65)],
    "values": [[0.0] * 80] * 64,
}
LOSSES = dict.fromkeys(STEP_COLUMNS[1:], 1.0)
SPECTROGRAM = {"hertz": [100, 200], "values": [[0, -10, -20]] * 2}
SOUND = {"file": "a.wav", "seconds": 1.0, "flatness": 0.5, "mel": SPECTROGRAM, "linear": SPECTROGRAM}
SET = {"parts": ["train"], "groups": 1, "items": {"train": 1}}
IMAGE = [0.1, 0.9, 0.8, 0.2]
CLIP = {"clip": "a", "label": "bass", "seconds": 1.0, "low": [-1.0], "high": [1.0], "peak": 0.5}


def pictures(arms: list[str]) -> dict[str, Any]:
    image = {"name": "mel-512", "rows": "hertz", "centres": [100.0], "values": [[0.0, 1.0]]}
    features = {"unit": "dB", "seconds": 1.0, "channels": [image]}
    segments = {"count": 1, "seconds": 1.0, "starts": [0.0], "shown": 0, "start": 0.0}
    shown = {"rate": 16000, "steps": [], "shapes": [[1, 64, 80]], "clip": CLIP, "segments": segments}
    side = {"labels": ["bass"], "seconds": 1.0, "low": [-1.0], "high": [1.0], "features": features}
    changed = {"names": "mixing", "clip": "a", "parameters": {}, "before": side, "after": side}
    return {
        "labels": ["bass", "flute", "synth_lead"],
        "official": {part: [6, 3, 0] for part in PARTS},
        "lengths": {"shortest": 29.0, "longest": 31.0, "edges": [29.0, 30.0, 31.0], "counts": [5, 5]},
        "inputs": [{"arms": [arm], **shown, "features": features} for arm in arms],
        "augmented": [{"arm": arm, **changed} for arm in arms],
        "waveforms": {"classes": 1, "clips": [CLIP]},
        "splits": [{"protocol": "corrected", "arms": arms, "unit": "clips", "sets": [SET]}],
    }


def whole_run(document: str, path: Path) -> tuple[list[Study], Run]:
    """The studies of a document, and a run of the arms of all of them, which have one name each."""
    studies = [catalogue.declared(name) for name in catalogue.names() if name.startswith(f"{document}/")]
    settings = {arm.name: study.printed(arm).settings for study in studies for arm in study.arms}
    sounds = [{**SOUND, "arm": arm, "kind": kind} for arm in settings for kind in ("recorded", "generated")]
    (path / SOUNDS).write_text(json.dumps(sounds))
    run = counted_results(path, dict.fromkeys(settings, (7, 8)), settings, pictures(list(settings)), CELLS).run
    steps = pd.DataFrame([{"trial": trial, **LOSSES} for trial in run.trials["trial"]])
    return studies, replace(run, steps=steps, predictions=run.predictions.assign(image=[IMAGE] * len(run.predictions)))


def results_of(study: Study, run: Run) -> Results:
    """What a run of the study alone would show."""
    arms = [{"name": arm.name, "settings": run.settings[arm.name]} for arm in study.arms]
    networks = {arm.name: {"parameters": 10, "layers": [{"name": "linear"}]} for arm in study.arms}
    described = {**run.study["study"], "document": study.document, "arms": arms}
    own = {**run.study, "study": described, "architectures": networks, "example": EXAMPLE}
    return Results(replace(run, study=own), (), (), pd.DataFrame())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_figure_is_drawn_of_a_study(document: str, tmp_path: Path) -> None:
    missing = {figure.title: figure for figure in findings.DOCUMENTS[document].figures}
    studies, run = whole_run(document, tmp_path)
    if not studies:
        pytest.skip("it has no studies yet")
    for results in (results_of(study, run) for study in studies):
        for figure, arms in results.printed:
            if figure.title in missing and any(figure_named(figure.drawn_by)(results, arms, **figure.options)):
                del missing[figure.title]
    assert not missing
