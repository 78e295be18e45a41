"""How long an epoch from packed audio takes beside one from files."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from trainables.corpora import CORPORA
from trainables.corpora.store import Store, pack

CLIPS_PER_CLASS = 20
EPOCHS, FILE_EPOCHS = 20, 2
BOUND = 8
SETTINGS = {
    "corpus": "irmas",
    "protocol": "as_published",
    "segmentation": "whole",
    "front_end": "mfcc",
    "coefficients": 30,
    "epochs": EPOCHS,
}
NETWORKS = [{"architecture": "lenet"}, {"architecture": "cnn_1d_gap", "widths": "64-96-128-128-128"}]
"""LeNet, and a 1-D CNN of 200 thousand parameters: the larger the network, the less its input weighs."""

THREADS = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Store, float]:
    """The training part of the rendered IRMAS, 220 stereo WAVs of 3 s: folder, store, CPU seconds to pack it."""
    folder = tmp_path_factory.mktemp("epochs")
    CORPORA["irmas"].render(folder / "files", clips_per_class=CLIPS_PER_CLASS)
    for part in (folder / "files").glob("IRMAS-TestingData*"):
        for path in part.rglob("*.*"):
            path.unlink()
    begun = time.process_time()
    store = pack(CORPORA["irmas"], folder / "files", folder / "corpora")
    return folder, store, time.process_time() - begun


def train(way: str, folder: Path, store: Store, settings: dict[str, Any], epochs: int) -> dict[str, Any]:
    """Train in a process of its own, with one thread."""
    result = folder / f"{way}-{settings['architecture']}.pt"
    options = {
        "settings": settings,
        "epochs": epochs,
        "store": str(store.path),
        "folder": str(folder / "files"),
        "result": str(result),
    }
    command = [sys.executable, str(Path(__file__).with_name("ways.py")), way, json.dumps(options)]
    subprocess.run(command, check=True, env={**os.environ, **THREADS})
    content: dict[str, Any] = torch.load(result, weights_only=True)
    return content


@pytest.mark.benchmark
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network["architecture"])
def test_an_epoch_from_packed_audio_beside_one_from_files(packed, table, network):
    """Twenty epochs of étude's, features included, and two from files, one after the other on one core.

    An epoch from files does the same work each time, so that the cheaper of two stands for twenty; packing is done once
    for a corpus and is counted in the last row alone. CPU seconds; walls are printed beside them.
    """
    folder, store, packing = packed
    settings = {**SETTINGS, **network}
    ours, theirs = (
        train(*one, settings, n)
        for one, n in ((("packed", folder, store), EPOCHS), (("files", folder, store), FILE_EPOCHS))
    )
    assert ours["shape"] == theirs["shape"]
    assert torch.allclose(ours["features"], theirs["features"], atol=0.02)
    walls, cpus = zip(*(np.diff(np.array(each["moments"]), axis=0).T for each in (ours, theirs)), strict=True)
    mean, cheapest = cpus[0].mean(), cpus[1].min()
    rows = [
        ("from packed audio, CPU s an epoch over 20 (wall)", f"{mean:.3f} ({walls[0].mean():.3f})"),
        ("of it the first, which computes the features", f"{cpus[0][0]:.3f}"),
        (
            "from files, CPU s an epoch (wall)",
            ", ".join(f"{c:.2f} ({w:.2f})" for c, w in zip(cpus[1], walls[1], strict=True)),
        ),
        ("files over packed audio", f"{cheapest / mean:.1f}; bound {BOUND}"),
        ("with the packing of the corpus counted as well", f"{EPOCHS * cheapest / (EPOCHS * mean + packing):.1f}"),
    ]
    table(f"{network['architecture']} on {ours['shape']} MFCCs of {len(store.clips)} clips", rows)
    assert cheapest / mean >= BOUND
