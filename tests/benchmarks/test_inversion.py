"""How much of a violin comes back from its MFCCs, by their number (S0-F29)."""

import os
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.decoding import FULL_SCALE, decode
from trainables.inversion import Inversion, inversion

RATE = 44_100
CLIPS = 12
COUNTS = (13, 20, 30, 40, 64, 128)
"""The numbers of coefficients of S0-S3."""


@pytest.fixture(scope="module")
def violins(tmp_path_factory: pytest.TempPathFactory) -> list[np.ndarray]:
    """The first second of notes spread over those of the samples in ETUDE_PHILHARMONIA, or without them rendered."""
    if named := os.environ.get("ETUDE_PHILHARMONIA"):
        source = Path(named)
    else:
        source = tmp_path_factory.mktemp("violins")
        CORPORA["philharmonia"].render(source, clips_per_class=CLIPS)
    clips = [clip for clip in CORPORA["philharmonia"].scan(source).clips if clip.label == "violin"]
    paths = [source / clip.path for clip in clips if (source / clip.path).stat().st_size]
    notes = (decode(paths[number * len(paths) // CLIPS], RATE) for number in range(CLIPS))
    return [note[:RATE] / np.float32(FULL_SCALE) for note in notes]


@pytest.mark.benchmark
def test_what_comes_back_of_a_violin(violins, table):
    """Medians over the notes."""
    found = {count: [inversion(note, RATE, count) for note in violins] for count in COUNTS}
    rows = [(f"{count} coefficients", in_words(each)) for count, each in found.items()]
    table(f"MFCCs and back, {len(violins)} violin notes: SNR, log-spectral distance, flatness over before", rows)
    fewest, most = (median(each.spectral_distance for each in found[count]) for count in (COUNTS[0], COUNTS[-1]))
    assert most < fewest


def in_words(found: list[Inversion]) -> str:
    """Medians of each measure."""
    noise, distance, flatness = (
        median(getattr(each, name) for each in found) for name in ("signal_to_noise", "spectral_distance", "flatness")
    )
    return f"{noise:5.1f} dB, {distance:4.1f} dB, {flatness:.2f}"
