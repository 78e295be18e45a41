"""The onset rule on clips whose onset is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainables.corpora.onsets import HOP, onset

RATE = 44_100


def clip(start: int, length: int = RATE, background: float = 0.01) -> np.ndarray:
    random = np.random.default_rng(0)
    noise = random.standard_normal(length)
    return 1000 * noise * np.where(np.arange(length) < start, background, 1.0)


@given(st.integers(0, RATE - 4 * HOP))
def test_a_sudden_beginning_is_found(start: int) -> None:
    assert abs(onset(clip(start)) - start) <= 2 * HOP


def test_a_regular_beginning_is_found_within_half_a_hop() -> None:
    sound = 1000.0 * (np.arange(RATE) >= 20_000) * np.where(np.arange(RATE) % 2, 1, -1)
    assert abs(onset(sound) - 20_000) <= HOP // 2


def test_the_steepest_of_two_rises_counts() -> None:
    assert abs(onset(clip(10_000) * np.where(np.arange(RATE) < 30_000, 0.3, 1.0)) - 30_000) <= 2 * HOP


def test_level_does_not_matter() -> None:
    sound = clip(12_345)
    assert onset(sound) == onset(sound * 7)


def test_integers_do_not_overflow() -> None:
    sound = np.clip(20 * clip(12_345), -32_768, 32_767).astype(np.int16)
    assert abs(onset(sound) - 12_345) <= 2 * HOP


@pytest.mark.parametrize("length", [1, 2, 511, 512, 513, 1025])
def test_the_onset_of_a_short_clip_lies_within_it(length: int) -> None:
    assert 0 <= onset(np.ones(length, np.int16)) < length
