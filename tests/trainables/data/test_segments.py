from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainables.data.segments import SEGMENTATIONS, Segments, audio_on, onset, parts, whole, windows
from trainables.errors import InvalidSetting

RATE = 1000


def clips(lengths: list[int], onsets: list[int] | None = None) -> pd.DataFrame:
    starts = np.cumsum([0, *lengths[:-1]])
    return pd.DataFrame({"start": starts, "length": lengths, "onset": onsets or [0] * len(lengths)})


LENGTHS = st.lists(st.integers(20, 3000), min_size=1, max_size=8)


def naive_windows(length: int, samples: int, hop: int) -> list[tuple[int, int]]:
    """Start and end of the windows of one clip, one after another."""
    if length <= samples:
        return [(0, length)]
    found, start = [], 0
    while start + samples < length:
        found.append((start, start + samples))
        start += hop
    return [*found, (length - samples, length)]


def within(segments: Segments, table: pd.DataFrame, clip: int) -> list[tuple[int, int]]:
    rows = segments.clip == clip
    start = segments.start[rows] - table["start"].iloc[clip]
    return list(zip(start.tolist(), (start + segments.available[rows]).tolist(), strict=True))


def check_bounds(segments: Segments, table: pd.DataFrame) -> None:
    first, length = (table[name].to_numpy()[segments.clip] for name in ("start", "length"))
    assert (segments.start >= first).all()
    assert (segments.start + segments.available <= first + length).all()
    assert (segments.available >= 1).all()
    assert (segments.available <= segments.samples).all()
    assert (np.diff(segments.clip) >= 0).all()
    assert set(segments.clip) == set(range(len(table)))


@given(lengths=LENGTHS)
@pytest.mark.parametrize("name", list(SEGMENTATIONS))
def test_no_segment_leaves_its_clip(name: str, lengths: list[int]) -> None:
    table = clips(lengths)
    check_bounds(SEGMENTATIONS[name].build(table, RATE), table)


@given(lengths=LENGTHS, samples=st.integers(1, 3000), hop=st.integers(0, 3000))
def test_windows_are_those_of_a_loop(lengths: list[int], samples: int, hop: int) -> None:
    table = clips(lengths)
    segments = windows(table, RATE, seconds=samples / RATE, segment_hop=hop / RATE)
    check_bounds(segments, table)
    assert segments.samples == samples
    for clip, length in enumerate(lengths):
        assert within(segments, table, clip) == naive_windows(length, samples, hop or samples)


@given(lengths=LENGTHS, samples=st.integers(1, 3000), hop=st.integers(1, 3000))
def test_windows_leave_out_no_sample_unless_asked_to(lengths: list[int], samples: int, hop: int) -> None:
    table = clips(lengths)
    segments = windows(table, RATE, seconds=samples / RATE, segment_hop=min(hop, samples) / RATE)
    heard = np.zeros(sum(lengths), bool)
    for start, available in zip(segments.start, segments.available, strict=True):
        heard[start : start + available] = True
    assert heard.all()


@given(lengths=LENGTHS, count=st.integers(1, 20))
def test_parts_are_those_of_a_loop(lengths: list[int], count: int) -> None:
    table = clips(lengths)
    segments = parts(table, RATE, count=count)
    check_bounds(segments, table)
    assert segments.samples == int(np.median(lengths)) // count
    for clip, length in enumerate(lengths):
        borders = [part * length // count for part in range(count + 1)]
        expected = [(first, first + min(end - first, segments.samples)) for first, end in pairwise(borders)]
        assert within(segments, table, clip) == expected


def test_a_song_of_30_seconds_has_ten_parts_of_3() -> None:
    segments = parts(clips([661500, 661794, 660000]), 22050)
    assert segments.samples == 66150
    assert len(segments.clip) == 30
    assert segments.available[20:].tolist() == [66000] * 10


def test_a_clip_one_sample_short_of_3_seconds_has_ten_windows_of_300_ms() -> None:
    segments = windows(clips([132299]), 44100, seconds=0.3)
    assert len(segments.clip) == 10
    assert segments.start[-1] == 132299 - 13230
    assert (segments.available == 13230).all()


def test_whole_clips_are_as_long_as_the_longest() -> None:
    segments = whole(clips([30, 50, 20]), RATE)
    assert segments.samples == 50
    assert segments.available.tolist() == [30, 50, 20]


def test_from_20_ms_to_the_whole_clip() -> None:
    counts = [len(windows(clips([3000]), RATE, seconds=seconds).clip) for seconds in (0.02, 0.15, 0.3, 1.0, 3.0)]
    assert counts == [150, 20, 10, 3, 1]


def test_the_onset_has_one_segment_a_clip_pulled_back_and_padded() -> None:
    """The figures that real runs rest on."""
    segments = onset(clips([5000, 1500, 700], [100, 900, 300]), RATE)
    assert segments.clip.tolist() == [0, 1, 2]
    assert segments.start.tolist() == [100, 5500, 6500]
    assert segments.available.tolist() == [1000, 1000, 700]
    assert segments.samples == 1000
    assert SEGMENTATIONS["onset"].parameters == {"seconds": 1.0}


@given(lengths=LENGTHS, data=st.data())
def test_rows_of_the_segments_of_clips(lengths: list[int], data: st.DataObject) -> None:
    segments = windows(clips(lengths), RATE, seconds=0.4)
    chosen = np.array(data.draw(st.lists(st.integers(0, len(lengths) - 1), unique=True)), np.int64)
    rows, item = segments.of(chosen)
    expected = [(row, place) for place, clip in enumerate(chosen) for row in np.flatnonzero(segments.clip == clip)]
    assert list(zip(rows.tolist(), item.tolist(), strict=True)) == expected


def test_with_one_segment_a_clip_rows_are_clips() -> None:
    segments = onset(clips([5000, 1500, 700, 900]), RATE)
    rows, item = segments.of(np.array([3, 0, 2]))
    assert rows.tolist() == [3, 0, 2]
    assert item.tolist() == [0, 1, 2]


def test_waveforms_are_read_at_their_indices_and_padded() -> None:
    audio = np.random.default_rng(0).integers(-32768, 32767, 1000, dtype=np.int16, endpoint=True)
    segments = windows(clips([500, 130, 370]), RATE, seconds=0.2)
    rows = np.array([5, 3, 0])
    found = segments.waveforms(audio_on(audio, "cpu"), rows)
    assert found.dtype == torch.float32
    for waveform, row in zip(found.numpy(), rows, strict=True):
        start, available = segments.start[row], segments.available[row]
        np.testing.assert_array_equal(waveform[:available], audio[start : start + available].astype(np.float32) / 32768)
        assert not waveform[available:].any()


def test_segments_hold_indices_and_no_audio() -> None:
    segments = windows(clips([100_000] * 10), RATE, seconds=3.0, segment_hop=0.1)
    heard = len(segments.clip) * segments.samples
    held = sum(values.nbytes for values in (segments.clip, segments.start, segments.available))
    assert len(segments.clip) == 9710
    assert held < heard / 100


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("onset", {"seconds": 0.0}, "at least one sample"),
        ("windows", {"seconds": 0.0004}, "seconds is 0.0004"),
        ("windows", {"segment_hop": -0.1}, "segment_hop is -0.1"),
        ("windows", {"segment_hop": 0.0001}, "at least one sample"),
        ("parts", {"count": 0}, "count is 0"),
        ("parts", {"count": 501}, "into 1 to 500 parts"),
    ],
)
def test_impossible_settings_are_refused(name: str, settings: dict[str, float], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        SEGMENTATIONS[name].build(clips([500, 800]), RATE, **settings)
