import numpy as np
import pandas as pd
import torch

from trainables.augmentation.chain import chain
from trainables.augmentation.draws import stream
from trainables.augmentation.part import AugmentedPart
from trainables.frontends.waveform import waveform
from trainables.segments import audio_on, windows

RATE = 1000


def part(names: str) -> AugmentedPart:
    audio = np.random.default_rng(1).integers(-9000, 9000, 900, dtype=np.int16)
    segments = windows(pd.DataFrame({"start": [0, 400], "length": [400, 500]}), RATE, seconds=0.1)
    rows, _ = segments.of(np.array([1, 0]))
    return AugmentedPart(
        audio_on(audio, "cpu"), segments, rows, torch.arange(len(rows)), waveform(RATE, 100), chain(names, RATE, {})
    )


def test_a_batch_holds_the_segments_at_its_places_and_their_labels() -> None:
    plain = part("")
    assert len(plain) == 9
    features, labels = plain.batch(torch.tensor([0, 5, 8]), stream(0, 0))
    assert labels.tolist() == [0, 5, 8]
    audio = plain.audio.float() / 32768
    for row, start in zip(features[:, 0, 0], (400, 0, 300), strict=True):
        assert torch.equal(row, audio[start : start + 100])


def test_each_epoch_hears_something_else_and_a_rerun_the_same() -> None:
    noisy, places = part("noise"), torch.arange(9)
    epochs = [noisy.batch(places, stream(0, epoch))[0] for epoch in (1, 1, 2)]
    assert torch.equal(epochs[0], epochs[1])
    assert not torch.equal(epochs[0], epochs[2])
    assert not torch.equal(epochs[0], part("").batch(places, stream(0, 1))[0])
    assert not epochs[0].requires_grad
