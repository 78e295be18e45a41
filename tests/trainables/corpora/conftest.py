"""A small corpus folder of known content, and a split to audit."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.corpus import Corpus
from trainables.corpora.rendering import write_mp3

RATE = 44_100


def tone(hertz: float, seconds: float = 0.2) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def write(folder: Path, name: str, hertz: float = 440.0) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_mp3(path, tone(hertz), RATE)
    return path


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return CORPORA["philharmonia"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four good clips of two instruments."""
    target = tmp_path / "music"
    write(target, "oboe/oboe_A4_1_forte_normal.mp3", 440)
    write(target, "oboe/oboe_B4_1_forte_normal.mp3", 494)
    write(target, "violin/deep/er/violin_A4_1_forte_arco-normal.MP3", 441)
    write(target, "violin_B4_1_forte_arco-normal.mp3", 495)
    return target


def table(classes: int = 14, clips: int = 40, pitches: int = 10, seed: int = 0) -> pd.DataFrame:
    """A table of clips as a store has it, of the first `classes` of the fourteen instruments."""
    from trainables.corpora.philharmonia import INSTRUMENTS  # noqa: PLC0415

    random = np.random.default_rng(seed)
    rows = []
    for label in INSTRUMENTS[:classes]:
        pitch = np.concatenate([np.arange(pitches), random.integers(0, pitches, clips - pitches)])
        rows += [(label, f"{label} {each}", str(each)) for each in pitch]
    frame = pd.DataFrame(rows, columns=["label", "group", "pitch"])
    return frame.assign(digest=[f"{row:x}" for row in range(len(frame))])


needs_real_audio = pytest.mark.skipif(
    "ETUDE_PHILHARMONIA" not in os.environ, reason="ETUDE_PHILHARMONIA names no folder of Philharmonia samples"
)
