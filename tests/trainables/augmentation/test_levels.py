import math

import pytest
import torch

from trainables.augmentation.draws import stream
from trainables.augmentation.levels import noise, silence, volume
from trainables.errors import InvalidSetting

CLIPS = 400


def test_noise_lies_10_to_30_db_below_the_clip() -> None:
    waveforms = (
        torch.randn(CLIPS, 2000, generator=torch.Generator().manual_seed(1)) * torch.logspace(-3, 0, CLIPS)[:, None]
    )
    heard, _ = noise(8000)(waveforms, torch.arange(CLIPS), stream(0, 0))
    added = heard - waveforms
    ratios = 10 * torch.log10(waveforms.square().mean(1) / added.square().mean(1))
    assert 9.0 < ratios.min() < 12.0
    assert 28.0 < ratios.max() < 31.0
    assert abs(ratios.mean() - 20.0) < 1.0
    assert abs(torch.corrcoef(torch.stack([ratios, waveforms.std(1).log()]))[0, 1]) < 0.2


def test_volume_is_one_gain_a_clip_within_6_db() -> None:
    heard, _ = volume(8000)(torch.ones(CLIPS, 50), torch.arange(CLIPS), stream(0, 0))
    gains = 20 * torch.log10(heard)
    torch.testing.assert_close(gains, gains[:, :1].expand_as(gains))
    assert -6.0 <= gains.min() < -5.5
    assert 5.5 < gains.max() <= 6.0
    assert abs(gains.mean()) < 0.6


def test_silence_empties_a_share_of_the_clips_and_their_columns() -> None:
    waveforms, labels = torch.ones(4000, 3), torch.ones(4000, 2)
    heard, named = silence(8000)(waveforms, labels, stream(0, 0))
    empty = ~heard.any(1)
    assert abs(empty.float().mean() - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 4000)
    assert not named[empty].any()
    assert torch.equal(named[~empty], labels[~empty])
    assert torch.equal(heard[~empty], waveforms[~empty])


@pytest.mark.parametrize(
    ("build", "settings"),
    [
        (noise, {"snr_low": 31.0}),
        (volume, {"gain_db": -1.0}),
        (silence, {"silence_share": 1.5}),
    ],
)
def test_impossible_settings_are_refused(build: type, settings: dict[str, float]) -> None:
    with pytest.raises(InvalidSetting, match=next(iter(settings))):
        build(8000, **settings)
