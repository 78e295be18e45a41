from math import exp, log2

import pytest
import torch

from trainables.architectures.layers import parameter_count
from trainables.architectures.morlet_cnn import morlet_cnn
from trainables.architectures.spectrogram_cnn import spectrogram_cnn
from trainables.errors import InvalidSetting
from trainables.frontends import FRONT_ENDS

THREE_SECONDS = (1, 1, 66_150)
SMALL = {"wavelets": 8, "octaves": 4.0, "stride": 64, "depth": 2, "width": 4.0}


@pytest.mark.parametrize(("wavelets", "learnable"), [(64, False), (128, True)])
def test_it_has_fewer_than_two_million_parameters(wavelets: int, learnable: bool) -> None:
    """S1-F15."""
    network = morlet_cnn(THREE_SECONDS, 11, wavelets=wavelets, learnable=learnable)
    trunk = 9 * (32 + 32 * 64 + 64 * 128 + 3 * 128 * 128) + (32 + 64 + 4 * 128) + 129 * 256 + 257 * 11
    assert parameter_count(network) == trunk + 2 * 128 * learnable
    assert parameter_count(network) < 2_000_000
    lowest = network.transform.scalogram.power.limits[0]
    assert abs(exp(lowest) * 11_025 - 50) < 0.01


def test_the_transform_is_that_of_the_front_end() -> None:
    """From 50 Hz to half of 22,050 Hz, though the network does not know the rate (S1-A5)."""
    network = morlet_cnn((1, 1, 11_025), 11, octaves=log2(11_025 / 50))
    waveforms = 0.1 * torch.randn(2, 11_025)
    front_end = FRONT_ENDS["morlet"].build(22_050, 11_025)
    torch.testing.assert_close(network.transform(waveforms[:, None, None]), front_end(waveforms), rtol=1e-3, atol=2e-3)


def test_learnable_wavelets_start_as_fixed_ones_and_learn() -> None:
    torch.manual_seed(1)
    fixed = morlet_cnn((1, 1, 2048), 3, **SMALL)
    torch.manual_seed(1)
    learnable = morlet_cnn((1, 1, 2048), 3, learnable=True, **SMALL)
    batch = torch.randn(4, 1, 1, 2048)
    torch.testing.assert_close(fixed(batch), learnable(batch), rtol=1e-3, atol=1e-3)
    learnable(batch).square().sum().backward()
    gradients = {name: value.grad for name, value in learnable.named_parameters() if "transform" in name}
    assert sorted(name.rpartition(".")[2] for name in gradients) == ["log_centres", "log_omegas"]
    assert all(gradient is not None and gradient.isfinite().all() and gradient.any() for gradient in gradients.values())
    assert not any("transform" in name for name, _ in fixed.named_parameters())


def test_the_trunk_can_have_the_size_of_another_network() -> None:
    """S1-F14: one transform against three spectrograms at equal size."""
    target = parameter_count(spectrogram_cnn((3, 64, 64), 11, depth=4))
    fitted = morlet_cnn((1, 1, 8192), 11, depth=4, parameters=target)
    assert abs(parameter_count(fitted) / target - 1) < 0.02


@pytest.mark.parametrize(
    ("shape", "settings", "message"),
    [
        ((1, 64, 80), {}, "set front_end to 'waveform'"),
        ((2, 1, 8192), {}, "takes waveforms"),
        ((1, 1, 8192), {"octaves": 0.0}, "octaves is 0.0"),
        ((1, 1, 8192), {"wavelets": 0}, "wavelets is 0"),
        ((1, 1, 100), {"stride": 512}, "stride is 512"),
    ],
)
def test_impossible_networks_are_refused(
    shape: tuple[int, int, int], settings: dict[str, int | float], message: str
) -> None:
    with pytest.raises(InvalidSetting, match=message):
        morlet_cnn(shape, 11, **settings)
