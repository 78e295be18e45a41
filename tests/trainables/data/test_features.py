"""Features are the same bits whoever asks for them, in whatever order, and are computed once."""

from itertools import count

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainables.architectures.blocks import BandsAsChannels
from trainables.configuration import Configuration
from trainables.corpora.store import Store
from trainables.data import features as features_module
from trainables.data.features import BLOCK, MOST_KEPT_BYTES, ROOM, FeatureCache, Features, build, milliseconds_of
from trainables.resolving import resolve

CPU = torch.device("cpu")
SMALL = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20}


def configuration(**values: object) -> Configuration:
    return resolve({**SMALL, **values})


def features(store: Store, **values: object) -> Features:
    return build(store, configuration(**values), CPU)


@pytest.fixture(scope="module")
def whole(small_store):
    return features(small_store).rows(np.arange(len(small_store.clips)))


def test_shape(small_store, whole):
    assert whole.shape == (len(small_store.clips), *features(small_store).shape) == (30, 1, 16, 20)
    assert whole.dtype == torch.float32
    assert whole.isfinite().all()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(30)), cuts=st.sets(st.integers(1, 29), max_size=5))
def test_order_of_asking_changes_no_bit(small_store, whole, order, cuts):
    asked = features(small_store)
    for rows in np.split(np.array(order), sorted(cuts)):
        assert torch.equal(asked.rows(rows), whole[rows])


def test_rows_come_in_the_order_asked_for(small_store, whole):
    rows = np.array([17, 3, 3, 29])
    assert torch.equal(features(small_store).rows(rows), whole[rows])


def test_only_what_is_asked_for_is_computed(small_store, monkeypatch):
    asked, computed = features(small_store), []
    compute = asked._compute
    monkeypatch.setattr(asked, "_compute", lambda block: (computed.append(block), compute(block)))
    asked.rows(np.array([0, 1, 2 * BLOCK]))
    asked.rows(np.array([2, 2 * BLOCK + 1]))
    assert computed == [0, 2]


def test_features_of_one_trial_are_the_same_bits_and_are_not_kept(small_store, whole):
    asked, rows = features(small_store), np.array([29, 3, 17, 3, 0])
    assert torch.equal(asked.alone(rows), whole[rows])
    assert not asked.known.any()


def test_features_of_all_clips_are_kept_or_of_one_trial_or_none(small_store, monkeypatch):
    asked, clips = features(small_store), len(small_store.clips)
    each = 4 * asked.shape[1] * asked.shape[2]
    for most, kept in ((clips * each, clips * each), (clips * each - 1, 9 * each), (9 * each - 1, 0)):
        monkeypatch.setitem(MOST_KEPT_BYTES, "cpu", most)
        assert asked.bytes_kept(9) == kept


def test_other_clips_change_no_bit(small_store, whole):
    """What a trial tests on has no influence on what it trains on: other audio there, same features here."""
    audio = np.array(small_store.audio)
    last = small_store.clips.iloc[2 * BLOCK :]
    for start, length in zip(last["start"], last["length"], strict=True):
        audio[start : start + length] = 1000
    changed = features(Store(**{**vars(small_store), "audio": audio}))
    rows = np.arange(len(small_store.clips))
    assert torch.equal(changed.rows(rows)[: 2 * BLOCK], whole[: 2 * BLOCK])
    assert not torch.equal(changed.rows(rows)[2 * BLOCK :], whole[2 * BLOCK :])


def test_trials_of_one_front_end_share_their_features(small_store):
    cache = FeatureCache()
    first = cache.get(small_store.path, configuration(learning_rate=0.1, seed=1), CPU)
    assert cache.get(small_store.path, configuration(learning_rate=0.2, kernel="3x3"), CPU) is first
    assert cache.get(small_store.path, configuration(bands=20), CPU) is not first


@pytest.mark.parametrize("room", [0, ROOM])
def test_cache_holds_the_last_few_and_what_there_is_room_for(small_store, monkeypatch, room):
    monkeypatch.setattr(features_module, "ROOM", room)
    cache = FeatureCache(size=2)

    def used(bands):
        found = cache.get(small_store.path, configuration(bands=bands), CPU)
        found.ready(np.arange(BLOCK))
        return found

    first, second = used(16), used(18)
    assert used(16) is first
    used(20)
    assert len(cache.held.held) == (3 if room else 2)
    assert used(16) is first
    assert (used(18) is second) == bool(room)


def test_short_clip_is_heard_from_its_onset_to_its_end(small_store):
    long = features(small_store, seconds=5.0, frames=0)
    rows = np.arange(len(small_store.clips))
    assert (long.segments.available < long.segments.samples).all()
    assert long.rows(rows).isfinite().all()


@pytest.mark.parametrize(
    "front_end", [SMALL, {"front_end": "spectrogram_stack", "seconds": 0.25}], ids=["mel", "stack"]
)
def test_kept_frame_by_frame_they_are_the_same_bits_and_need_no_copy(small_store, front_end):
    usual, one = (
        build(small_store, resolve({**front_end, "architecture": name}), CPU) for name in ("cnn_2d_fc", "cnn_1d_gap")
    )
    rows = np.array([17, 3, 29])
    assert one.frames_first and not usual.frames_first
    for found in (one.rows(rows), one.alone(rows)):
        assert torch.equal(found, usual.rows(rows))
        assert BandsAsChannels()(found).is_contiguous(memory_format=torch.channels_last)


def test_their_time_is_the_least_that_a_processor_took_for_a_segment(small_store, monkeypatch):
    ticks = iter([0.0, 5.0, 10.0, 12.0, 20.0, 29.0, 30.0, 33.0, 40.0, 44.0])
    monkeypatch.setattr(features_module.time, "process_time", lambda: next(ticks))
    found = features(small_store, seconds=0.25)
    block = min(found.block, len(found.segments.clip))
    assert milliseconds_of(found) == 1000 * 2.0 / block


def test_what_takes_little_is_timed_for_as_long_as_all_else(small_store, monkeypatch):
    ticks = (0.03 * each for each in count())
    monkeypatch.setattr(features_module.time, "process_time", lambda: next(ticks))
    milliseconds_of(features(small_store, seconds=0.25))
    assert next(ticks) == pytest.approx(0.03 * 2 * 7)
