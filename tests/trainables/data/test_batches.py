import dataclasses

import numpy as np
import pytest
import torch

from trainables.augmentation.chain import chain
from trainables.augmentation.draws import stream
from trainables.data.batches import CachedPart, StreamedPart
from trainables.data.features import build
from trainables.resolving import resolve

SETTINGS = {"segmentation": "windows", "seconds": 0.1, "front_end": "waveform"}


@pytest.fixture(scope="module")
def features(small_store):
    return build(small_store, resolve(SETTINGS), torch.device("cpu"))


def heard(features, names: str = "") -> StreamedPart:
    rows, item = features.segments.of(np.array([4, 0]))
    labels = torch.arange(len(rows))
    return StreamedPart(features, rows, labels, chain(names, features.store.rate, {}), torch.from_numpy(item))


def test_a_batch_holds_the_segments_at_its_places_and_their_labels(features) -> None:
    plain = heard(features)
    places = torch.tensor([0, 2, len(plain) - 1])
    batch, labels = plain.batch(places, stream(0, 0))
    assert labels.tolist() == places.tolist()
    for row, segment in zip(batch[:, 0, 0], plain.rows[places], strict=True):
        start, available = features.segments.start[segment], features.segments.available[segment]
        audio = torch.from_numpy(features.store.audio[start : start + available].astype(np.float32)) / 32768
        assert torch.equal(row[:available], audio)


def test_what_is_kept_and_what_is_heard_anew_are_the_same_bits(features) -> None:
    anew = heard(features)
    kept = CachedPart(features.ready(anew.rows), anew.labels, torch.from_numpy(anew.rows), anew.item)
    for places in torch.randperm(len(anew), generator=torch.Generator().manual_seed(1)).split(5):
        for one, other in zip(anew.batch(places, stream(0, 1)), kept.batch(places, stream(0, 2)), strict=True):
            assert torch.equal(one, other)


def test_each_epoch_hears_something_else_and_a_rerun_the_same(features) -> None:
    noisy = heard(features, "noise")
    places = torch.arange(len(noisy))
    epochs = [noisy.batch(places, stream(0, epoch))[0] for epoch in (1, 1, 2)]
    assert torch.equal(epochs[0], epochs[1])
    assert not torch.equal(epochs[0], epochs[2])
    assert not torch.equal(epochs[0], heard(features).batch(places, stream(0, 1))[0])
    assert not epochs[0].requires_grad


def test_without_rows_all_features_are_meant() -> None:
    part = CachedPart(torch.eye(3), torch.tensor([2, 0, 1]))
    batch, labels = part.batch(torch.tensor([2, 0]), torch.Generator())
    assert (batch.argmax(1).tolist(), labels.tolist()) == ([2, 0], [1, 2])
    assert dataclasses.is_dataclass(part)
