import pytest
import torch

from trainables.architectures.layers import parameter_count
from trainables.architectures.linear import linear
from trainables.errors import InvalidSetting


@pytest.mark.parametrize(("hidden", "count"), [(0, 780 * 11 + 11), (256, 780 * 256 + 256 + 256 * 11 + 11)])
def test_parameter_counts(hidden: int, count: int) -> None:
    assert parameter_count(linear((1, 30, 26), 11, hidden=hidden)) == count


def test_without_a_hidden_layer_it_is_affine() -> None:
    network, (one, other) = linear((1, 6, 5), 3), torch.randn(2, 1, 1, 6, 5)
    torch.testing.assert_close(network(2 * one - other), 2 * network(one) - network(other))


def test_with_one_it_is_not() -> None:
    network, (one, other) = linear((1, 6, 5), 3, hidden=16), torch.randn(2, 1, 1, 6, 5)
    assert not torch.allclose(network(2 * one - other), 2 * network(one) - network(other), atol=1e-3)


def test_negative_units_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="hidden is -1"):
        linear((1, 6, 5), 3, hidden=-1)
