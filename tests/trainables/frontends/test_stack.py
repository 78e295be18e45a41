import librosa
import numpy as np
import pytest
import torch

from trainables.errors import InvalidSetting
from trainables.frontends.stack import spectrogram_stack

NINE = [f"{scale}-{window}" for window in (512, 2048, 8192) for scale in ("linear", "mel", "log")]


def notes(rate: int, samples: int, count: int) -> np.ndarray:
    time, random = np.arange(samples) / rate, np.random.default_rng(5)
    waves = [
        np.sin(2 * np.pi * 150 * (1 + k) * time) * np.exp(-3 * time) + 1e-3 * random.standard_normal(samples)
        for k in range(count)
    ]
    return (0.4 * np.stack(waves)).astype(np.float32)


def centres(name: str, rate: int, bands: int) -> np.ndarray:
    if name == "mel":
        return librosa.mel_frequencies(bands + 2, fmin=0, fmax=rate / 2)
    return np.geomspace(50, rate / 2, bands + 2) if name == "log" else np.linspace(0, rate / 2, bands + 2)


def reach(centre: float, neighbour: float, spacing: float) -> float:
    return max(abs(neighbour - centre), spacing)


def mean_near(values: np.ndarray, points: np.ndarray, below: float, centre: float, above: float) -> np.ndarray:
    """The triangle-weighted mean of the rows of `values`, point by point."""
    spacing, total, weights = points[1] - points[0], np.zeros(values.shape[1]), 0.0
    for point, row in zip(points, values, strict=True):
        side = reach(centre, below if point < centre else above, spacing)
        weight = max(0.0, 1 - abs(point - centre) / side)
        total, weights = total + weight * row, weights + weight
    return total / weights


def slow(waveform: np.ndarray, rate: int, scale: str, window: int, bands: int, frames: int) -> np.ndarray:
    hop = window // 4
    power = np.abs(librosa.stft(waveform.astype(float), n_fft=window, hop_length=hop, pad_mode="constant")) ** 2
    edges = centres(scale, rate, bands)
    hertz = np.arange(window // 2 + 1) * rate / window
    rows = np.stack([mean_near(power, hertz, *edges[band : band + 3]) for band in range(bands)])
    middle = (np.arange(-1, frames + 1) + 0.5) * len(waveform) / frames
    times = np.arange(power.shape[1]) * float(hop)
    cells = np.stack([mean_near(rows.T, times, *middle[frame : frame + 3]) for frame in range(frames)], 1)
    decibels = librosa.power_to_db(cells, ref=np.max, top_db=60.0)
    return (decibels - decibels.mean()) / decibels.std()


@pytest.mark.parametrize(("rate", "samples"), [(22050, 6615), (8000, 8000)])
def test_equals_a_slow_reference(rate: int, samples: int) -> None:
    waveform = notes(rate, samples, 1)[0]
    front_end = spectrogram_stack(rate, samples, windows="128-1024", bands=24, frames=40, top_db=60.0)
    found = front_end(torch.from_numpy(waveform)[None])[0]
    assert front_end.shape == (6, 24, 40)
    for channel, name in zip(found, front_end.names, strict=True):
        scale, window = name.split("-")
        expected = slow(waveform, rate, scale, int(window), 24, 40)
        np.testing.assert_allclose(channel, expected, rtol=0, atol=1e-4, err_msg=name)


def test_the_nine_of_model_1_and_the_three_of_model_2() -> None:
    batch = torch.from_numpy(notes(44100, 44100, 3))
    nine, three = spectrogram_stack(44100, 44100), spectrogram_stack(44100, 44100, scales="mel")
    assert nine.names == NINE
    assert nine.shape == (9, 128, 128)
    assert three.names == ["mel-512", "mel-2048", "mel-8192"]
    torch.testing.assert_close(three(batch), nine(batch)[:, 1::3], rtol=0, atol=1e-4)


def test_one_of_the_nine_can_be_left_out() -> None:
    batch = torch.from_numpy(notes(22050, 22050, 2))
    eight = spectrogram_stack(22050, 22050, without="mel-2048")
    assert eight.names == [name for name in NINE if name != "mel-2048"]
    kept = [place for place, name in enumerate(NINE) if name != "mel-2048"]
    assert torch.equal(eight(batch), spectrogram_stack(22050, 22050)(batch)[:, kept])
    assert spectrogram_stack(22050, 22050, without="mel-512+log-512").shape[0] == 7


@pytest.mark.parametrize("place", [0.1, 0.33, 0.5, 0.9])
def test_a_click_is_in_the_same_frame_of_every_spectrogram(place: float) -> None:
    waveform = np.zeros(66150, np.float32)
    waveform[int(place * len(waveform))] = 1.0
    features = spectrogram_stack(22050, 66150, top_db=40.0)(torch.from_numpy(waveform)[None])[0]
    level = (features - features.amin((1, 2), keepdim=True)).mean(1)
    middle = (level * torch.arange(128)).sum(1) / level.sum(1)
    np.testing.assert_allclose(middle, place * 128 - 0.5, atol=1.0)


@pytest.mark.parametrize("hertz", [440.0, 3000.0])
def test_a_tone_is_at_its_place_on_every_scale(hertz: float) -> None:
    waveform = np.sin(2 * np.pi * hertz * np.arange(66150) / 22050).astype(np.float32)
    front_end = spectrogram_stack(22050, 66150)
    found = front_end(torch.from_numpy(waveform)[None])[0].mean(2).argmax(1)
    for name, band in zip(front_end.names, found.tolist(), strict=True):
        scale, window = name.split("-")
        edges = centres(scale, 22050, 128)
        assert abs(edges[1:-1][band] - hertz) <= max(np.diff(edges)[band : band + 2].max(), 22050 / int(window)), name


def test_windows_longer_than_the_segment_are_surrounded_by_silence() -> None:
    front_end = spectrogram_stack(22050, 441, frames=16)
    features = front_end(torch.from_numpy(notes(22050, 441, 2)))
    assert features.shape == (2, 9, 128, 16)
    assert features.isfinite().all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"windows": "512,2048"}, "list window lengths"),
        ({"windows": "1"}, "at least 2 samples"),
        ({"windows": "512-512"}, "name each of them once"),
        ({"scales": "mels"}, "did you mean 'mel'"),
        ({"scales": "mel-mel"}, "name each of them once"),
        ({"without": "mel-513"}, "did you mean 'mel-512'"),
        ({"windows": "512", "scales": "mel", "without": "mel-512"}, "leave at least one"),
        ({"frames": 0}, "frames is 0"),
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, int | str], message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        spectrogram_stack(44100, 44100, **settings)
