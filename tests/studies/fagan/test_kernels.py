"""Networks with other kernels that are said to be as large as that with kernels of 3."""

import pytest
import torch

from studies.fagan.kernels import MATCHED, NAMES, STUDY
from studies.study import form
from trainables.architectures import network_of

GENRES = 10


def parameters(name: str, scale: str) -> int:
    found = form(STUDY, scale)
    configuration = found.printed(found.arm(name))
    with torch.device("meta"):
        network = network_of(configuration, (1, int(configuration["bands"]), 64), GENRES)
    return sum(each.numel() for each in network.parameters())


@pytest.mark.parametrize(("scale", "tolerance"), [("cluster", 0.02), ("laptop", 0.03), ("smoke", 0.03)])
def test_they_are_as_large_in_full_and_reduced(scale: str, tolerance: float) -> None:
    usual = parameters(NAMES[3], scale)
    for one in MATCHED.values():
        assert parameters(one.name, scale) == pytest.approx(usual, rel=tolerance)
    assert parameters(NAMES[11], scale) > 2 * usual
