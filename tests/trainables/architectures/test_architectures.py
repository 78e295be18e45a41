"""What every registered architecture must do, whatever it is.

Networks are narrowed for what is computed, and built in full, but without numbers, where sizes are enough.
"""

import copy
import io
import re
from contextlib import nullcontext
from functools import cache
from itertools import takewhile

import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from trainables.architectures import ARCHITECTURES, convolutional, usual_shape
from trainables.architectures.layers import layer_table, multiply_adds, parameter_count, without_numbers
from trainables.data.segments import SEGMENTATIONS
from trainables.errors import InvalidSetting
from trainables.frontends import FRONT_ENDS
from trainables.registry import Value
from trainables.resolving import resolve

Shape = tuple[int, int, int]

CLASSES = 5
WIDTHS = ("width", "widths", "strided_widths", "head_widths", "units", "widening")
NARROWER, NARROWEST = 16, 8
LEARNING_STEPS = 100
PIECE = 32


def narrowed(value: Value) -> Value:
    """A sixteenth of a number of channels, or of each in "128-256", but at least eight; of a factor a quarter."""
    if isinstance(value, str):
        return "-".join(str(narrowed(int(width))) for width in value.split("-") if width)
    if isinstance(value, int):
        return min(value, max(NARROWEST, value // NARROWER))
    return value / 4 if isinstance(value, float) else value


def narrow(name: str) -> dict[str, Value]:
    """The parameters of an architecture that say how wide it is, less."""
    return {key: narrowed(value) for key, value in ARCHITECTURES[name].parameters.items() if key in WIDTHS}


def usual(name: str) -> Shape:
    return usual_shape(ARCHITECTURES[name])


def build(name: str, shape: Shape, classes: int = CLASSES, seed: int = 3) -> nn.Module:
    # Not torch.manual_seed, which formats the call stack for each kind of device: here, that is slow.
    torch.default_generator.manual_seed(seed)
    return ARCHITECTURES[name].build(shape, classes, **narrow(name))


@cache
def takes(name: str, shape: Shape) -> bool:
    try:
        with torch.device("meta"):
            build(name, shape)
    except InvalidSetting:
        return False
    return True


@cache
def smallest(name: str) -> Shape:
    """Of the usual channels, the shortest input that the architecture takes, and of these the lowest."""
    channels, height, time = usual(name)
    least_time = 1 + len(list(takewhile(lambda t: not takes(name, (channels, height, t)), range(1, time))))
    refused = takewhile(lambda h: not takes(name, (channels, h, least_time)), range(1, height))
    return channels, 1 + len(list(refused)), least_time


def short(name: str) -> Shape:
    """An input that is quick to compute: a piece of the usual one. The usual one itself is tried without numbers."""
    channels, height, time = usual(name)
    return channels, height, min(time, max(time // 9, PIECE, smallest(name)[2]))


@pytest.fixture(params=list(ARCHITECTURES))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


def normalises(network: nn.Module) -> bool:
    return any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in network.modules())


def shape_of(name: str, kind: str) -> Shape:
    channels, height, time = short(name)
    kinds = {
        "smallest": smallest(name),
        "usual": (channels, height, time),
        "shorter": (channels, height, max(time * 2 // 3, smallest(name)[2])),
        "longer": (channels, height, time * 5 // 3),
        "more channels": (channels + 2, height, time),
    }
    return kinds[kind]


@pytest.mark.parametrize("kind", ["smallest", "usual", "shorter", "longer", "more channels"])
def test_logits_and_gradients(name: str, kind: str) -> None:
    shape = shape_of(name, kind)
    if not takes(name, shape):
        assert kind == "more channels"
        return
    network = build(name, shape).eval()
    logits = network(torch.randn(2, *shape))
    assert logits.shape == (2, CLASSES)
    assert logits.isfinite().all()
    cross_entropy(logits, torch.arange(2)).backward()
    assert not [key for key, value in network.named_parameters() if value.grad is None]


def test_in_full_at_its_usual_input(name: str) -> None:
    """Forward and backward of the network as printed, with a batch of no input: sizes must fit, nothing is computed."""
    network = without_numbers(lambda: ARCHITECTURES[name].build(usual(name), CLASSES)).eval()
    logits = network(torch.zeros(0, *usual(name)))
    assert logits.shape == (0, CLASSES)
    logits.sum().backward()
    assert not [key for key, value in network.named_parameters() if value.grad is None]


def test_the_smallest_input_is_small(name: str) -> None:
    channels, height, time = smallest(name)
    assert height * time <= 4000
    assert takes(name, (channels, height, time))


@pytest.mark.parametrize("training", [True, False])
def test_a_batch_of_one(name: str, training: bool) -> None:
    network = build(name, short(name)).train(training)
    try:
        logits = network(torch.randn(1, *short(name)))
    except ValueError as error:
        assert training
        assert normalises(network)
        assert "more than 1 value per channel" in str(error)
        return
    assert logits.shape == (1, CLASSES)
    cross_entropy(logits, torch.zeros(1, dtype=torch.long)).backward()


def test_every_parameter_learns(name: str) -> None:
    """Of the usual input a piece will not do: after pooling it may leave a recurrent layer one step."""
    channels, height, time = usual(name)
    shape = (channels, height, time) if height > 1 else short(name)
    network = build(name, shape)
    cross_entropy(network(torch.randn(8, *shape)), torch.arange(8) % CLASSES).backward()
    dead = [key for key, value in network.named_parameters() if value.grad is None or not value.grad.any()]
    assert not dead


def test_evaluation_is_deterministic_and_items_do_not_mix(name: str) -> None:
    network, batch = build(name, short(name)).eval(), torch.randn(3, *short(name))
    logits = network(batch)
    assert torch.equal(logits, network(batch))
    torch.testing.assert_close(logits[1:2], network(batch[1:2]), rtol=1e-4, atol=1e-5)


def test_a_seed_gives_the_same_network(name: str) -> None:
    pairs = zip(build(name, short(name)).parameters(), build(name, short(name)).parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def stored(*states: object) -> list[dict[str, object]]:
    """States as written to a file and read back without running code."""
    file = io.BytesIO()
    torch.save(states, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def test_the_stored_state_gives_the_same_outputs(name: str) -> None:
    network, batch = build(name, short(name)).eval(), torch.randn(2, *short(name))
    other = build(name, short(name), seed=9).eval()
    assert not torch.equal(network(batch), other(batch))
    other.load_state_dict(stored(network.state_dict())[0])
    assert torch.equal(network(batch), other(batch))


def train(network: nn.Module, optimiser: torch.optim.Optimizer, shape: Shape, steps: int) -> None:
    torch.manual_seed(steps)
    for _ in range(steps):
        loss = cross_entropy(network(torch.randn(4, *shape)), torch.arange(4))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def test_a_stored_training_goes_on_to_the_last_bit(name: str) -> None:
    shape = short(name)
    networks = [build(name, shape, seed=seed) for seed in (3, 9)]
    optimisers = [torch.optim.Adam(network.parameters(), fused=True) for network in networks]
    train(networks[0], optimisers[0], shape, 1)
    states = stored(networks[0].state_dict(), optimisers[0].state_dict())
    networks[1].load_state_dict(states[0])
    optimisers[1].load_state_dict(states[1])
    for network, optimiser in zip(networks, optimisers, strict=True):
        train(network, optimiser, shape, 2)
    one, other = (network.state_dict() for network in networks)
    assert all(torch.equal(one[key], other[key]) for key in one)


def small_task(name: str) -> tuple[Tensor, Tensor]:
    """Sixteen items of four classes: in each a band of its own sounds throughout, or in waveforms a tone of its own."""
    torch.manual_seed(0)
    labels = torch.arange(16) % 4
    channels, height, time = smallest(name)
    if usual(name)[1] > 1:
        height, time = max(32, height), max(32, time)
        bands = torch.arange(height) * 4 // height
        sound = (bands == labels[:, None]).float()[:, None, :, None].expand(-1, channels, -1, time)
    else:
        cycles = 0.02 * 2.0 ** labels[:, None] * torch.arange(max(2048, time))
        sound = torch.sin(2 * torch.pi * cycles)[:, None, None]
    return sound + 0.3 * torch.randn(sound.shape), labels


def test_it_learns_a_small_task(name: str) -> None:
    """The loss falls to a half within 100 steps of Adam."""
    batch, labels = small_task(name)
    network = build(name, tuple(batch.shape[1:]), 4).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    losses: list[float] = []
    while len(losses) < LEARNING_STEPS and (not losses or losses[-1] >= losses[0] / 2):
        loss = cross_entropy(network(batch), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


def test_it_moves_to_another_device(name: str) -> None:
    """To a GPU where there is one, else to the device without numbers; nothing stays behind."""
    device = "cuda" if torch.cuda.is_available() else "meta"
    network = build(name, short(name)).eval()
    expected = network(batch := torch.randn(2, *short(name)))
    moved = copy.deepcopy(network).to(device)(batch.to(device))
    assert moved.shape == expected.shape
    assert moved.device.type == device
    if device == "cuda":
        torch.testing.assert_close(moved.cpu(), expected, rtol=1e-3, atol=1e-3)


def test_the_layer_table_holds_every_parameter(name: str) -> None:
    network = without_numbers(lambda: ARCHITECTURES[name].build(usual(name), CLASSES))
    rows = layer_table(network, usual(name))
    assert sum(int(row["parameters"]) for row in rows) == parameter_count(network)
    assert sum(int(row["multiply_adds"]) for row in rows) == multiply_adds(network, usual(name)) > 0
    assert rows[-1]["output"] == str(CLASSES)


@pytest.mark.parametrize("name", list(ARCHITECTURES))
@settings(max_examples=8, deadline=None)
@given(height=st.integers(1, 40), time=st.integers(1, 60))
def test_any_shape_either_runs_or_is_refused(name: str, height: int, time: int) -> None:
    shape = (usual(name)[0], 1 if usual(name)[1] == 1 else height, time * (9 if usual(name)[1] == 1 else 1))
    try:
        network = build(name, shape).eval()
    except InvalidSetting as error:
        assert str(error).endswith(".")
        return
    assert network(torch.zeros(2, *shape)).shape == (2, CLASSES)


KERNELS = ("kernel", "second_kernel", "strided_kernel", "strides", "stride")
"""Parameters that are the lengths of kernels and of their steps."""


def in_text(name: str, length: int) -> Value:
    """A length as the architecture writes one of time alone."""
    parameters = ARCHITECTURES[name].parameters
    if "stride" in parameters:
        return length
    return f"1x{length}" if parameters.get("dimensions", 2) == 2 else str(length)


LONG = [(name, key) for name, entry in ARCHITECTURES.items() for key in KERNELS if key in entry.parameters]


@pytest.mark.parametrize(("name", "parameter"), LONG)
def test_a_kernel_longer_than_its_input_is_refused_with_the_longest_that_fits(
    name: str, parameter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where pooling has left less than a padded kernel zeros stand for it, but no kernel reaches beyond the input."""
    others = {"pooling": "stride", "pools": "2"} if parameter == "strided_kernel" else {}
    if ARCHITECTURES[name].parameters.get("widths") == "":  # a network without convolutions, unless it is given some
        others |= {"widths": "8"}
    long = {**others, parameter: in_text(name, 10 * usual(name)[2])}
    with pytest.raises(InvalidSetting) as error, torch.device("meta"):
        ARCHITECTURES[name].build(usual(name), CLASSES, **long)
    sentence = str(error.value)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    changes = dict(re.findall(r"(\w+) to '([^']+)'", sentence))
    if parameter == "stride":
        changes = {"stride": int(re.findall(r"and the (\d+) samples", sentence)[0])}
    elif name == "lenet":
        changes = {"kernel": re.findall(r"up to (\d+x\d+) fits in both", sentence)[0]}
        long = {}
    # Whether one more is refused is asked below, not again for the longest: that search is most of the work.
    monkeypatch.setattr(convolutional, "longest", lambda *_: {})
    for longest in (changes, one_more(changes)):
        with torch.device("meta"), nullcontext() if longest == changes else pytest.raises(InvalidSetting):
            ARCHITECTURES[name].build(usual(name), CLASSES, **{**long, **longest})


def one_more(changes: dict[str, Value]) -> dict[str, Value]:
    """Each parameter with its last number one higher."""
    higher = {key: re.sub(r"\d+$", lambda number: str(int(number[0]) + 1), str(text)) for key, text in changes.items()}
    return {key: type(changes[key])(text) for key, text in higher.items()}


SAME = {"pooling": "max", "conv_padding": "same"}
POOLED = [name for name, entry in ARCHITECTURES.items() if "pools" in entry.parameters]


@pytest.mark.parametrize("name", POOLED)
def test_a_pool_longer_than_its_input_takes_what_is_there(name: str) -> None:
    """As the smallest input of the registry's suite needs, and four frames of 150 ms."""
    networks = []
    for pool in (usual(name)[2] + 100, 10 * usual(name)[2]):
        with torch.device("meta"):
            networks.append(ARCHITECTURES[name].build(usual(name), CLASSES, **SAME, pools=str(pool)))
    assert str(networks[0]) == str(networks[1])


CLIPS = {
    "S0": ("irmas", 44_100, (3.0, 20.0)),
    "S1": ("irmas", 44_100, (3.0, 20.0)),
    "S2": ("gtzan", 22_050, (30.0,)),
    "S3": ("nsynth", 16_000, (4.0,)),
    "S4": ("philharmonia", 44_100, (1.5,)),
}
"""Corpus, rate in Hz and seconds of the clips of each document; IRMAS's test excerpts are longer than the others."""


def test_its_settings_give_its_usual_input(name: str) -> None:
    corpus, rate, seconds = CLIPS[ARCHITECTURES[name].sources[0][:2]]
    settings = ARCHITECTURES[name].about.get("settings", {})
    configuration = resolve({"corpus": corpus, "architecture": name, **settings})
    lengths = [round(rate * each) for each in seconds]
    clips = pd.DataFrame({"start": [0, lengths[0]][: len(lengths)], "length": lengths, "onset": 0})
    segmentation = SEGMENTATIONS[str(configuration.settings["segmentation"])]
    samples = segmentation.build(clips, rate, **configuration.part("segmentation")).samples
    front_end = FRONT_ENDS[str(configuration.settings["front_end"])]
    channels, height, time = front_end.build(rate, samples, **configuration.part("front_end")).shape
    added = len([feature for feature in str(configuration.settings["side_features"]).split("+") if feature])
    assert (channels, height, time + added) == usual(name)


def test_it_cites_its_source(name: str) -> None:
    assert ARCHITECTURES[name].sources
    assert ARCHITECTURES[name].summary.endswith(".")
