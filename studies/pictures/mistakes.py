"""The clips of the most frequent mistakes: small files to play and spectrograms, beside the page of a run.

They are excerpts of a corpus, so they stay where the corpus is: no evidence and no archive holds them.
"""

import io
import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import soundfile

from analysis.confirmed import Confirmed
from analysis.metrics import correct
from analysis.protocols import judging
from analysis.runs import MISTAKES, Run
from trainables.corpora.store import Store
from trainables.storage import files
from trainables.trainings.sounds import description

FOLDER = "mistakes"
MOST_CELLS, MOST_CLIPS, MOST_SECONDS = 8, 3, 6.0
"""Cells of an arm, the most frequent first, clips of a cell, and how much of a clip is kept."""


def write_mistakes(directory: Path, run: Run, store: Store) -> int:
    """Write mistakes.json and the clips it names, from the store that the run was made with; gives their number."""
    rows = {str(clip): row for row, clip in enumerate(store.clips["clip"])}
    cells = [cell for protocol in judging() for arm in run.arms for cell in cells_of(run, protocol.name, arm, rows)]
    names = dict.fromkeys(clip["clip"] for cell in cells for clip in cell["clips"])
    clips = {name: written(directory, store, rows[name]) for name in names}
    found = {"seconds": MOST_SECONDS, "cells": cells, "clips": clips}
    # On one line: indented, every number would have a line of its own.
    files.replace(directory / MISTAKES, json.dumps(found, separators=(",", ":")).encode())
    return len(clips)


def cells_of(run: Run, protocol: str, arm: str, known: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The cells of an arm's confusion matrix off its diagonal with most answers, of clips that are at hand."""
    items = Confirmed(run, protocol).items(arm).dropna(subset=["label", "prediction"])
    wrong = items[~correct(items) & items["item"].isin(known)]
    counts = wrong.groupby(["label", "prediction"]).size().sort_values(ascending=False, kind="stable")
    for label, prediction in counts.index[:MOST_CELLS]:
        answers = wrong[(wrong["label"] == label) & (wrong["prediction"] == prediction)]
        cell = {"protocol": protocol, "arm": arm, "label": str(label), "prediction": str(prediction)}
        yield {**cell, "answers": len(answers), "clips": worst(answers)}


def worst(answers: pd.DataFrame) -> list[dict[str, Any]]:
    """The clips that most repetitions mistook, the surest first: the clip, how many those are, and how sure."""
    clips = answers.groupby("item").agg(times=("repetition", "nunique"), sure=("confidence", "mean")).reset_index()
    order = clips.sort_values(["times", "sure", "item"], ascending=[False, False, True]).head(MOST_CLIPS)
    return [
        {"clip": str(row["item"]), "times": int(row["times"]), "sure": round(float(row["sure"]), 3)}
        for _, row in order.iterrows()
    ]


def written(directory: Path, store: Store, row: int) -> dict[str, Any]:
    """Write the beginning of a clip; gives its file, from the run's folder, its length and its mel spectrogram."""
    samples = store.samples(row)
    kept = samples[: int(MOST_SECONDS * store.rate)].astype(np.float32) / 32768
    name = f"{FOLDER}/{sha256(samples.tobytes()).hexdigest()[:16]}.ogg"
    files.replace(directory / name, compressed(kept, store.rate))
    drawn = description("", kept, store.rate)["mel"]
    return {"file": name, "seconds": round(len(samples) / store.rate, 3), "kept": len(kept) / store.rate, "mel": drawn}


def compressed(samples: Sequence[float] | np.ndarray, rate: int) -> bytes:
    """A sound as the bytes of an Ogg Vorbis file."""
    content = io.BytesIO()
    soundfile.write(content, samples, rate, format="OGG", subtype="VORBIS")
    return content.getvalue()
