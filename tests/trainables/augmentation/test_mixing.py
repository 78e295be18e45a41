import pytest
import torch

from trainables.augmentation.draws import stream
from trainables.augmentation.mixing import mixing
from trainables.errors import InvalidSetting


def unit_clips(count: int) -> torch.Tensor:
    """Clip k is one impulse at k: a mixture shows of which clips it is the sum."""
    return torch.eye(count)


@pytest.mark.parametrize(("most", "expected"), [(2, {2}), (3, {2, 3}), (5, {2, 3, 4, 5})])
def test_mixtures_are_sums_of_two_or_more_different_clips(most: int, expected: set[int]) -> None:
    waveforms = unit_clips(60)
    heard, labels = mixing(8000, most_mixed=most)(waveforms, torch.eye(60), stream(0, 0))
    assert set(heard.unique().tolist()) == {0.0, 1.0}
    assert (heard.diagonal() == 1).all()
    assert set(heard.sum(1).int().tolist()) == expected
    assert torch.equal(labels, heard)


def test_labels_that_clips_share_count_once() -> None:
    heard, labels = mixing(8000)(unit_clips(20), torch.ones(20, 3), stream(0, 0))
    assert torch.equal(labels, torch.ones(20, 3))
    assert (heard.sum(1) >= 2).all()


@pytest.mark.parametrize(("clips", "sums"), [(1, {1}), (2, {2})])
def test_small_batches_mix_what_there_is(clips: int, sums: set[int]) -> None:
    heard, _ = mixing(8000)(unit_clips(clips), torch.eye(clips), stream(0, 0))
    assert set(heard.sum(1).int().tolist()) == sums


def test_class_numbers_cannot_be_united() -> None:
    with pytest.raises(InvalidSetting, match="one column per class"):
        mixing(8000)(unit_clips(4), torch.arange(4), stream(0, 0))


def test_one_clip_is_no_mixture() -> None:
    with pytest.raises(InvalidSetting, match="most_mixed is 1"):
        mixing(8000, most_mixed=1)
