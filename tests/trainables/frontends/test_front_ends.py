"""What every registered front end must do, whatever it computes."""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting
from trainables.frontends import FRONT_ENDS

RATE, SAMPLES = 44100, 44100

# Settings beside the defaults that take another path through a front end.
VARIANTS: list[tuple[str, dict[str, int | str]]] = [
    ("mel_spectrogram", {"target_rate": 32000, "amplitude": "magnitude", "padding": "reflect", "normalise": "none"}),
    ("morlet", {"target_rate": 22050, "hop": 300}),
    ("spectrogram_stack", {"target_rate": 22050, "scales": "mel", "frames": 150}),
    ("waveform", {"target_rate": 22050, "crop": 19683}),
]
CASES = [*((name, {}) for name in FRONT_ENDS), *VARIANTS]


@pytest.fixture(
    scope="module", params=CASES, ids=lambda case: "-".join([case[0], *(str(value) for value in case[1].values())])
)
def front_end(request: pytest.FixtureRequest) -> nn.Module:
    name, settings = request.param
    return FRONT_ENDS[name].build(RATE, SAMPLES, **settings)


@pytest.fixture(scope="module")
def waveforms() -> Tensor:
    """Eleven decaying notes, 20 to 0 dB below full scale, the last but one silent."""
    generator = np.random.default_rng(4)
    time = np.arange(SAMPLES) / RATE
    partials = np.sin(2 * np.pi * time * 110.0 * np.arange(1, 12)[:, None]) * np.exp(-3 * time)
    notes = np.geomspace(0.1, 1.0, 11)[:, None] * (partials + 1e-3 * generator.standard_normal((11, SAMPLES)))
    notes[9] = 0.0
    return torch.from_numpy(notes.astype(np.float32) / 2)


@pytest.fixture(scope="module")
def features(front_end: nn.Module, waveforms: Tensor) -> Tensor:
    """Of the eleven notes."""
    return front_end(waveforms)


def test_shape_is_what_comes_out(front_end: nn.Module, waveforms: Tensor, features: Tensor) -> None:
    assert features.shape == (len(waveforms), *front_end.shape)
    assert features.dtype == torch.float32
    assert features.isfinite().all()


def test_an_item_does_not_depend_on_the_others(front_end: nn.Module, waveforms: Tensor, features: Tensor) -> None:
    """A transform of one waveform alone rounds otherwise: 1e-7 of the peak is 0.01 dB of what lies 80 dB below it."""
    for row in (0, 5, 9, 10):  # the quietest, one in the middle, the silent one and the loudest
        torch.testing.assert_close(front_end(waveforms[row : row + 1])[0], features[row], rtol=1e-5, atol=1e-3)


def test_constant_clips_have_finite_features_and_leave_the_others_alone(
    front_end: nn.Module, waveforms: Tensor, features: Tensor
) -> None:
    """The worst that packed clips can hold: no change at all, at any level."""
    values = torch.tensor([0.0, 1 / 32768, 0.5, -1.0])
    poisoned = waveforms.clone()
    poisoned[3:7] = values[:, None]
    found = front_end(poisoned)
    assert found.isfinite().all()
    others = [row for row in range(len(waveforms)) if row not in range(3, 7)]
    assert torch.equal(found[others], features[others])


def test_order_of_a_batch_permutes_the_features(front_end: nn.Module, waveforms: Tensor, features: Tensor) -> None:
    order = torch.randperm(len(waveforms), generator=torch.Generator().manual_seed(1))
    assert torch.equal(front_end(waveforms[order]), features[order])


def test_different_notes_have_different_features(features: Tensor) -> None:
    rows = features.flatten(1)
    distances = torch.cdist(rows, rows) + torch.eye(len(rows)) * 1e9
    assert distances.min() > 1.0


def test_every_tensor_is_a_buffer(front_end: nn.Module) -> None:
    for module in front_end.modules():
        assert not [name for name, value in vars(module).items() if isinstance(value, Tensor)]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_features_on_a_gpu_are_those_of_the_processor(
    front_end: nn.Module, waveforms: Tensor, features: Tensor
) -> None:
    moved = copy.deepcopy(front_end).to("cuda")(waveforms.to("cuda"))
    torch.testing.assert_close(moved.cpu(), features, rtol=0, atol=5e-3)


def test_mixed_precision_does_not_reach_the_features(front_end: nn.Module, waveforms: Tensor, features: Tensor) -> None:
    with torch.autocast("cpu", torch.bfloat16):
        mixed = front_end(waveforms)
    assert torch.equal(mixed, features)


def test_nothing_of_it_is_stored_with_a_network(front_end: nn.Module) -> None:
    assert not front_end.state_dict()
    assert not list(front_end.parameters())


IMPOSSIBLE: list[tuple[dict[str, int | float | str], str]] = [
    ({"frame": 1}, "frame is 1"),
    ({"hop": 0}, "hop is 0"),
    ({"hop": 2049, "frame": 2048}, "must not exceed the frame"),
    ({"bands": 0}, "bands is 0|the number of bands, 0"),
    ({"frames": -1}, "frames is -1"),
    ({"frames": 88, "hop": 512}, "give 87"),
    ({"frame": 512, "hop": 256, "bands": 92}, "set bands to 91 or fewer"),
    ({"low": 9000.0, "high": 8000.0}, "must rise"),
    ({"high": 22051.0}, "half the rate"),
    ({"low": -1.0}, "between 0"),
    ({"lowest": 0.0}, "lowest is 0.0 Hz"),
    ({"lowest": 22050.0}, "below half the rate, 22050.0 Hz"),
    ({"target_rate": -1}, "target_rate is -1"),
    ({"top_db": -80.0}, "top_db is -80"),
    ({"normalise": "clips"}, "did you mean 'clip'"),
    ({"amplitude": "powers"}, "did you mean 'power'"),
    ({"padding": "reflected"}, "did you mean 'reflect'"),
    ({"crop": 44101}, "set from 1 to 44100"),
    ({"hop": 44101}, "must lie between 1 and the 44100 samples|must not exceed the frame of"),
]


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        (name, settings, message)
        for name, entry in FRONT_ENDS.items()
        for settings, message in IMPOSSIBLE
        if settings.keys() <= entry.parameters.keys()
    ],
)
def test_impossible_settings_are_refused(name: str, settings: dict[str, int | float | str], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        FRONT_ENDS[name].build(RATE, SAMPLES, **settings)


@pytest.mark.parametrize("name", [name for name, entry in FRONT_ENDS.items() if "frame" in entry.parameters])
def test_a_frame_may_be_longer_than_its_segment(name: str) -> None:
    """Zeros surround it: 20 ms in frames of 2,048 samples are one of the lengths of S0-S4."""
    samples = round(0.02 * RATE)
    whole = {"frames": 0} if "frames" in FRONT_ENDS[name].parameters else {}
    front_end = FRONT_ENDS[name].build(RATE, samples, frame=2048, **whole)
    features = front_end(torch.randn(2, samples))
    assert features.shape == (2, *front_end.shape)
    assert features.isfinite().all()
    assert features.std() > 0


@pytest.mark.parametrize("name", list(FRONT_ENDS))
def test_it_cites_its_source(name: str) -> None:
    assert FRONT_ENDS[name].sources
    assert FRONT_ENDS[name].summary


def test_axes_are_those_of_the_features(front_end: nn.Module) -> None:
    axes, (channels, height, width) = front_end.axes, front_end.shape
    # All of a segment of one second, the first frames of it, or one more, centred on its end.
    assert 0.4 < axes.step * width < 1 + 2 * axes.step
    assert axes.unit
    assert len(axes.names) == (channels if channels > 1 else len(axes.names))
    if axes.hertz is not None:
        assert axes.hertz.shape == (channels, height)
        assert (np.diff(axes.hertz) > 0).all()
        assert axes.hertz.max() <= RATE / 2 * (1 + 1e-6)  # in single precision


@pytest.mark.parametrize("name", list(FRONT_ENDS))
def test_its_steps_take_every_parameter_once(name: str) -> None:
    taken = [parameter for step in FRONT_ENDS[name].about["steps"] for parameter in step.parameters]
    assert sorted(taken) == sorted(FRONT_ENDS[name].parameters)
    assert all(step.title for step in FRONT_ENDS[name].about["steps"])


def test_a_row_answers_to_its_frequency() -> None:
    """A tone is loudest in the row whose centre is nearest to it."""
    tone = torch.sin(2 * torch.pi * 3000 * torch.arange(SAMPLES) / RATE)[None]
    for name, entry in FRONT_ENDS.items():
        front_end = entry.build(RATE, SAMPLES)
        if front_end.axes.hertz is None:
            continue
        loudness = front_end(tone)[0].mean(2).numpy()
        for channel, hertz in zip(loudness, front_end.axes.hertz, strict=True):
            nearest = np.abs(hertz - 3000).argmin()
            assert abs(int(channel.argmax()) - int(nearest)) <= 1, name
