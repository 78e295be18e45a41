"""Small corpora of known content."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.corpus import Corpus
from trainables.corpora.philharmonia import INSTRUMENTS
from trainables.corpora.rendering.notes import write_mp3
from trainables.corpora.store import Store, pack

RATE = 44_100


def tone(hertz: float, seconds: float = 0.2) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def write_tone(path: Path, hertz: float = 440.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_mp3(path, tone(hertz), RATE)
    return path


@pytest.fixture(scope="session")
def write() -> Callable[..., Path]:
    return write_tone


CLIPS = {"gtzan": 4, "irmas": 6, "nsynth": 12, "philharmonia": 4}
"""Of each class: so many that every protocol can divide them."""


@dataclass(frozen=True)
class Rendered:
    """A corpus rendered into a folder, the calls of its progress, and its store; nothing may change either."""

    corpus: Corpus
    clips: int
    folder: Path
    progress: list[tuple[int, int]]
    store: Store


@pytest.fixture(scope="session")
def rendered_corpus(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Rendered]:
    """`rendered_corpus(name)` is a few clips of each class of that corpus, the same ones for all tests."""

    @cache
    def of(name: str) -> Rendered:
        folder, corpus, calls = tmp_path_factory.mktemp(name) / "files", CORPORA[name], []
        corpus.render(folder, 0, clips_per_class=CLIPS[name], progress=lambda done, total: calls.append((done, total)))
        return Rendered(corpus, CLIPS[name], folder, calls, pack(corpus, folder, folder.parent / "root"))

    return of


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return CORPORA["philharmonia"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four good clips of two instruments, at several depths and in both cases."""
    target = tmp_path / "music"
    write_tone(target / "oboe/oboe_A4_1_forte_normal.mp3", 440)
    write_tone(target / "oboe/oboe_B4_1_forte_normal.mp3", 494)
    write_tone(target / "violin/deep/er/violin_A4_1_forte_arco-normal.MP3", 441)
    write_tone(target / "violin_B4_1_forte_arco-normal.mp3", 495)
    return target


def make_table(classes: int = 14, clips: int = 40, pitches: int = 10, seed: int = 0) -> pd.DataFrame:
    """A table of clips as a store has it, of the first `classes` of the fourteen instruments."""
    random = np.random.default_rng(seed)
    rows = []
    for label in INSTRUMENTS[:classes]:
        pitch = np.concatenate([np.arange(pitches), random.integers(0, pitches, max(clips - pitches, 0))])
        rows += [(label, f"{label} {each}", str(each)) for each in pitch]
    frame = pd.DataFrame(rows, columns=["label", "group", "pitch"])
    return frame.assign(digest=[f"{row:x}" for row in range(len(frame))])


@pytest.fixture(scope="session")
def table() -> Callable[..., pd.DataFrame]:
    return make_table
