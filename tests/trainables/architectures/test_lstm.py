import pytest
import torch

from trainables.architectures.layers import parameter_count
from trainables.architectures.lstm import lstm
from trainables.errors import InvalidSetting

# Parameters with 14 classes at 64 and at 128 bands, two bias vectors a layer.
PARAMETERS = {
    "64": (34_190, 50_574),
    "128": (101_134, 133_902),
    "128-128": (233_230, 265_998),
    "128-64": (149_902, 182_670),
}


@pytest.mark.parametrize(("units", "counts"), PARAMETERS.items())
def test_parameter_counts(units: str, counts: tuple[int, int]) -> None:
    assert tuple(parameter_count(lstm((1, bands, 80), 14, units=units)) for bands in (64, 128)) == counts


@pytest.mark.parametrize("frames", [1, 80, 200])
def test_any_number_of_frames_has_the_same_parameters(frames: int) -> None:
    network = lstm((1, 64, frames), 14, units="128-128-128")
    assert parameter_count(network) == 365_326
    assert network(torch.zeros(1, 1, 64, frames)).shape == (1, 14)


def test_frames_are_the_steps_and_the_last_one_is_read() -> None:
    """One layer, computed step by step from the gates' equations (S4-A3, equation 2)."""
    torch.manual_seed(1)
    network = lstm((1, 5, 7), 3, units="4")
    layer = network.layers[0]
    features = torch.randn(1, 1, 5, 7)
    hidden, cell = torch.zeros(4), torch.zeros(4)
    for frame in features[0, 0].T:
        gates = layer.weight_ih_l0 @ frame + layer.bias_ih_l0 + layer.weight_hh_l0 @ hidden + layer.bias_hh_l0
        enter, forget, new, leave = gates.chunk(4)
        cell = forget.sigmoid() * cell + enter.sigmoid() * new.tanh()
        hidden = leave.sigmoid() * cell.tanh()
    torch.testing.assert_close(network(features)[0], network.output(hidden))


@pytest.mark.parametrize("units", ["", "0", "128-", "-64", "128 64", "128,64", "64-0"])
def test_other_spellings_are_refused(units: str) -> None:
    with pytest.raises(InvalidSetting, match="one positive width per layer"):
        lstm((1, 64, 80), 14, units=units)
