import pytest
import torch
from torch import nn

from trainables.architectures.crnn import crnn_2d
from trainables.architectures.layers import layer_table, parameter_count, without_numbers
from trainables.architectures.recurrence import Recurrence
from trainables.architectures.recurrent import lstm_all_fc, lstm_cnn_1d, rcnn_1d_fc, rcnn_1d_gap, rcnn_raw_fc
from trainables.errors import InvalidSetting
from trainables.registry import Value

MEL = (1, 128, 259)
SMALL = {"widths": "4-4", "units": "6", "head_widths": "5"}


def outputs(network: nn.Module, shape: tuple[int, int, int] = MEL) -> dict[str, str]:
    return {str(row["name"]): str(row["output"]) for row in layer_table(network, shape)}


@pytest.mark.parametrize(("cell", "kind"), [("lstm", nn.LSTM), ("gru", nn.GRU)])
def test_all_outputs_or_the_last(cell: str, kind: type[nn.LSTM | nn.GRU]) -> None:
    """S2-F25, S2-F26: over steps of time, whose features are the maps' channels and heights."""
    torch.manual_seed(1)
    every, last = (Recurrence(3 * 2, [4, 5], cell, read_out) for read_out in ("all", "last"))
    last.load_state_dict(every.state_dict())
    maps = torch.randn(2, 3, 2, 7)
    first, second = every.layers
    assert isinstance(first, kind)
    steps = torch.stack([maps[..., time].reshape(2, 6) for time in range(7)], 1)
    expected = second(first(steps)[0])[0]
    assert torch.equal(every(maps), expected.transpose(1, 2)[:, :, None])
    assert torch.equal(last(maps)[:, :, 0, 0], expected[:, -1])


def test_no_state_is_kept() -> None:
    """S2-S10."""
    network, features = rcnn_1d_fc(MEL, 3, **SMALL).eval(), torch.randn(2, *MEL)
    assert torch.equal(network(features), network(features))


def test_the_linear_layer_sees_all_frames() -> None:
    rows = outputs(lstm_all_fc(MEL, 10))
    assert rows == {
        "bands_as_channels": "128 x 1 x 259",
        "recurrence.layers.0": "259 x 128",
        "recurrence.layers.1": "259 x 128",
        "flatten": str(259 * 128),
        "output": "10",
    }


@pytest.mark.parametrize("dimensions", [1, 2])
def test_convolutions_first_or_recurrence_first(dimensions: int) -> None:
    """S2-F24."""
    usual, opposite = (
        lstm_cnn_1d(MEL, 3, **{**SMALL, "head_widths": ""}, recurrent_first=first, dimensions=dimensions)
        for first in (False, True)
    )
    order = [name.partition(".")[0] for name in outputs(usual) if name.startswith(("stage_2.pool", "recurrence"))]
    assert order == ["stage_2", "recurrence"]
    rows = outputs(opposite)
    assert [name for name in rows if name.startswith("recurrence")] == [next(name for name in rows)]
    assert rows["recurrence.layers.0"] == "259 x 6"
    assert rows["stage_1.convolution_1"] == ("4 x 1 x 259" if dimensions == 1 else "4 x 6 x 259")
    for network in (usual, opposite):
        assert network(torch.randn(2, *MEL)).shape == (2, 3)


def test_heads_over_the_outputs() -> None:
    assert outputs(rcnn_1d_gap(MEL, 10))["output"] == "10 x 1 x 32"
    assert outputs(rcnn_1d_gap(MEL, 10, read_out="last"))["output"] == "10 x 1 x 1"
    assert outputs(rcnn_1d_fc(MEL, 10))["flatten"] == str(32 * 128)


def test_steps_of_the_waveform() -> None:
    shape = (1, 1, 59_049)
    rows = outputs(without_numbers(lambda: rcnn_raw_fc(shape, 10)), shape)
    assert rows["recurrence.layers.0"] == "81 x 128"


CHOI = (1, 96, 1366)
CHOI_COUNTS = [("frames", 396_786), ("bands", 396_786 - 2 * (1440 - 96)), ("none", 396_786 - 2 * 1440)]


@pytest.mark.parametrize(("norm", "keras"), CHOI_COUNTS)
def test_the_network_of_choi(norm: str, keras: int) -> None:
    """S2-A19 with GRU: torch's has a second bias vector of 3 x 32 in each of two layers."""
    network = without_numbers(lambda: crnn_2d(CHOI, 50, cell="gru", input_norm=norm))
    assert parameter_count(network) == keras + 2 * 3 * 32
    rows = outputs(network, CHOI)
    assert rows["frame_padding"] == "1 x 96 x 1440"
    pools = ["64 x 48 x 720", "128 x 16 x 240", "128 x 4 x 60", "128 x 1 x 15"]
    assert [rows[f"stage_{place}.pool"] for place in (1, 2, 3, 4)] == pools
    assert rows["recurrence.layers.1"] == "15 x 32"
    assert "input_norm.norm" in rows or norm == "none"


@pytest.mark.parametrize(("norm", "kept"), [("bands", 1), ("frames", 2)])
def test_what_the_input_is_normalised_over(norm: str, kept: int) -> None:
    network = crnn_2d((1, 6, 8), 3, input_norm=norm, frame_padding=0).train()
    features = 5 + 3 * torch.randn(16, 1, 6, 8)
    normed = network.input_norm(features)[:, 0]
    others = tuple({0, 1, 2} - {kept})
    size = normed.shape[kept]
    torch.testing.assert_close(normed.mean(others), torch.zeros(size), atol=1e-5, rtol=0)
    torch.testing.assert_close(normed.var(others, unbiased=False), torch.ones(size), atol=1e-4, rtol=0)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"units": ""}, "units is '': write the width of each recurrent layer"),
        ({"units": "64,64"}, "units has '64,64'"),
        ({"cell": "grü"}, "Unknown cell 'grü': did you mean 'gru'"),
        ({"read_out": "lst"}, "Unknown read_out 'lst': did you mean 'last'"),
        ({"frame_padding": -1}, "frame_padding is -1"),
        ({"input_norm": "band"}, "Unknown input_norm 'band': did you mean 'bands'"),
    ],
)
def test_impossible_networks_are_refused(parameters: dict[str, Value], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        crnn_2d(MEL, 10, **parameters)
