import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, batch_norm, conv2d, linear, relu

from trainables.architectures.cnn14 import Cnn14, cnn14
from trainables.architectures.layers import parameter_count
from trainables.errors import InvalidSetting

SHAPE = (1, 64, 301)


def test_parameter_counts() -> None:
    """The published network has 80,753,615 parameters with its head for 527 classes, 79,673,792 without it."""
    with torch.device("meta"):
        published = Cnn14(SHAPE, 527, "fc_audioset")
        counts = [parameter_count(cnn14(SHAPE, classes)) for classes in (10, 11)]
    assert parameter_count(published) == 80_753_615
    assert parameter_count(published) - parameter_count(published.fc_audioset) == 79_673_792
    assert counts == [79_694_282, 79_696_331]


def published_names() -> set[str]:
    """The entries of the published weights, but for those of the spectrogram."""

    def of_norm(name: str) -> list[str]:
        parts = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
        return [f"{name}.{part}" for part in parts]

    blocks = [f"conv_block{place}" for place in range(1, 7)]
    convolutions = [f"{block}.conv{place}.weight" for block in blocks for place in (1, 2)]
    norms = [entry for block in blocks for place in (1, 2) for entry in of_norm(f"{block}.bn{place}")]
    linears = [f"{name}.{part}" for name in ("fc1", "fc_audioset") for part in ("weight", "bias")]
    return {*of_norm("bn0"), *convolutions, *norms, *linears}


def test_the_state_has_the_published_layout() -> None:
    with torch.device("meta"):
        state = Cnn14(SHAPE, 527, "fc_audioset").state_dict()
    assert set(state) == published_names()
    assert state["conv_block1.conv1.weight"].shape == (64, 1, 3, 3)
    assert state["conv_block6.conv2.weight"].shape == (2048, 2048, 3, 3)
    assert state["bn0.weight"].shape == (64,)
    assert state["fc_audioset.weight"].shape == (527, 2048)


def independent(state: dict[str, Tensor], values: Tensor) -> Tensor:
    """Kong et al. 2020, Table III (Cnn14), as functions of the weights alone; `values` are (items, 1, time, bands)."""

    def normalised(features: Tensor, name: str) -> Tensor:
        running = (state[f"{name}.running_mean"], state[f"{name}.running_var"])
        return batch_norm(features, *running, state[f"{name}.weight"], state[f"{name}.bias"])

    values = normalised(values.transpose(1, 3), "bn0").transpose(1, 3)
    for block in range(1, 7):
        for layer in (1, 2):
            values = conv2d(values, state[f"conv_block{block}.conv{layer}.weight"], padding=1)
            values = relu(normalised(values, f"conv_block{block}.bn{layer}"))
        values = avg_pool2d(values, 2 if block < 6 else 1)
    values = values.mean(dim=3)
    values = values.max(dim=2).values + values.mean(dim=2)
    values = relu(linear(values, state["fc1.weight"], state["fc1.bias"]))
    return linear(values, state["fc_audioset.weight"], state["fc_audioset.bias"])


@pytest.mark.parametrize("frames", [100, 64])
def test_outputs_agree_with_an_independent_implementation(frames: int) -> None:
    torch.manual_seed(6)
    network = Cnn14((1, 64, frames), 527, "fc_audioset", width=4)
    for _ in range(3):
        network(5 * torch.randn(8, 1, 64, frames) - 20)  # moves the running statistics away from where they start
    network.eval()
    batch = 5 * torch.randn(3, 1, 64, frames) - 20
    with torch.no_grad():
        expected = independent(network.state_dict(), batch.transpose(2, 3))
        assert expected.std() > 1e-2
        torch.testing.assert_close(network(batch), expected, rtol=1e-5, atol=1e-5)


def test_dropout_precedes_a_new_head_but_not_the_published_one() -> None:
    for head, dropped in (("fc_transfer", True), ("fc_audioset", False)):
        network = Cnn14((1, 32, 32), 5, head, width=8).train()
        torch.nn.init.ones_(network.fc1.bias)
        seen = []
        network.get_submodule(head).register_forward_hook(lambda _layer, inputs, _output, to=seen: to.append(inputs[0]))
        network(torch.randn(16, 1, 32, 32))
        zeros = (seen[0] == 0).float().mean()
        assert (zeros > 0.4) == dropped


def test_the_first_normalisation_is_of_each_band() -> None:
    network = Cnn14((1, 16, 40), 5, "fc_transfer", width=2).train()
    batch = torch.randn(8, 1, 16, 40) + torch.arange(16.0)[None, None, :, None]
    network(batch)
    torch.testing.assert_close(network.bn0.running_mean, 0.1 * batch.mean((0, 1, 3)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("size", [(64, 7), (1, 1)])
def test_inputs_too_short_for_all_its_poolings(size: tuple[int, int]) -> None:
    network = cnn14((1, *size), 5, width=2).eval()
    assert network(torch.randn(2, 1, *size)).shape == (2, 5)


def test_a_hidden_layer_belongs_to_the_head() -> None:
    plain, enlarged = (cnn14((1, 32, 32), 5, width=2, hidden=hidden) for hidden in (0, 7))
    assert parameter_count(enlarged.fc_transfer) == 64 * 7 + 7 + 7 * 5 + 5
    sizes = [sum(value.numel() for value in network.backbone_parameters()) for network in (plain, enlarged)]
    assert sizes == [parameter_count(plain) - parameter_count(plain.fc_transfer)] * 2


@pytest.mark.parametrize(("settings", "message"), [({"width": 0}, "width is 0"), ({"hidden": -1}, "hidden is -1")])
def test_impossible_networks_are_refused(settings: dict[str, int], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        cnn14(SHAPE, 11, **settings)
