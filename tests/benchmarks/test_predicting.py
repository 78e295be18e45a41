"""How many times faster than real time recordings are named: three small networks, on files, with all threads."""

import time
from pathlib import Path

import numpy as np
import pytest
import torch

from trainables.architectures import network_of
from trainables.corpora.rendering.notes import write_mp3
from trainables.frontends import FRONT_ENDS
from trainables.models.header import Header, Origin
from trainables.models.saving import written
from trainables.models.trained import part
from trainables.resolving import resolve

RATE, SECONDS, FILES, LEAST = 44_100, 10, 12, 20
WINDOWS = {"segmentation": "windows", "seconds": 1.0, "segment_hop": 0.5}
MODELS = {
    "linear": {"architecture": "linear", "front_end": "mfcc"},
    "cnn": {"architecture": "cnn", "front_end": "mfcc"},
    "lenet": {"architecture": "lenet"},
    "lstm": {"architecture": "lstm"},
}


@pytest.mark.parametrize("name", MODELS)
def test_small_networks_are_twenty_times_faster_than_real_time(name: str, tmp_path: Path) -> None:
    from studies.commands import predicting  # noqa: PLC0415
    from studies.console import silent  # noqa: PLC0415

    configuration = resolve({**WINDOWS, **MODELS[name]})
    front_end = FRONT_ENDS[configuration["front_end"]].build(RATE, RATE, **configuration.part("front_end"))
    header = Header(
        labels=tuple("abcd"),
        several_labels=False,
        rate=RATE,
        samples=RATE,
        segmentation=part(configuration, "segmentation"),
        front_end=part(configuration, "front_end"),
        normalisation="clip",
        architecture=part(configuration, "architecture"),
        shape=front_end.shape,
        aggregation="sum",
        training={},
        origin=Origin(trial="0", chosen=""),
        corpus={"title": "none"},
        etude="0",
        commit="",
    )
    written(network_of(configuration, front_end.shape, 4), header, tmp_path / "m.safetensors")
    for number in range(FILES):
        noise = np.random.default_rng(number).uniform(-0.3, 0.3, SECONDS * RATE)
        write_mp3(tmp_path / "files" / f"{number}.mp3", noise, RATE)
    threads, wanted = torch.get_num_threads(), predicting.Wanted()
    begun, spent = time.perf_counter(), time.process_time()
    try:
        predicting.predict(
            tmp_path / "m.safetensors", [tmp_path / "files"], tmp_path / "p.csv", wanted, silent, as_json=False
        )
    finally:
        torch.set_num_threads(threads)
    wall, cpu = time.perf_counter() - begun, time.process_time() - spent
    print(f"{name}: {FILES * SECONDS / wall:.0f} times real time, {FILES * SECONDS / cpu:.0f} a processor's second")
    # Of processor time on two cores, so that a machine that is busy with something else is no fault of the code.
    assert 2 * FILES * SECONDS / cpu > LEAST
