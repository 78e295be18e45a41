"""Every architecture in a file: read again it says what it said, of any recording, where no corpus is."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file, save_file

from trainables.architectures import ARCHITECTURES, network_of
from trainables.errors import UserError
from trainables.frontends import FRONT_ENDS
from trainables.models import load_model
from trainables.models.graphs import KINDS, TOLERANCE, write_graph
from trainables.models.header import Header, Origin
from trainables.models.model import Model, RateTooLow
from trainables.models.saving import Saved, difference_of, save_model, written
from trainables.models.trained import Trained, part, refuse_others, trained
from trainables.resolving import resolve
from trainables.trial import CHECKPOINT, CONFIG, PREDICTIONS, Trial

RATE, LABELS = 16_000, ("cat", "dog", "great tit")
WIDTHS = ("width", "widths", "strided_widths", "head_widths", "units", "hidden")
"""What says how wide a network is: they are as narrow as they can be, as what is tested is whether all comes back."""
OTHERS = ("training", "side_features")
"""Settings with which a network takes more than a recording, or is not all there is."""


def narrowed(value):
    """At most eight channels, or eight in each of "128-256"."""
    if isinstance(value, str):
        return "-".join("8" for width in value.split("-") if width)
    return min(value, type(value)(8))


def configuration_of(name: str):
    """The architecture with its usual front end, but narrow; side features and trainings of its own left out."""
    entry = ARCHITECTURES[name]
    usual = {key: value for key, value in entry.about.get("settings", {}).items() if key not in OTHERS}
    narrow = {key: narrowed(value) for key, value in entry.parameters.items() if key in WIDTHS}
    return resolve({"architecture": name, **usual, **narrow, "segmentation": "windows", "seconds": 3.0})


def header_of(configuration, rate: int, samples: int, shape: tuple[int, ...]) -> Header:
    return Header(
        labels=LABELS,
        several_labels=False,
        rate=rate,
        samples=samples,
        segmentation=part(configuration, "segmentation"),
        front_end=part(configuration, "front_end"),
        normalisation="none",
        architecture=part(configuration, "architecture"),
        shape=shape,
        aggregation="sum",
        training=dict(configuration.settings),
        origin=Origin(trial="0", chosen="By hand."),
        corpus={"title": "Nothing", "name": "own-none"},
        etude="0",
        commit="",
    )


def noise(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, samples).astype(np.float32)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_an_architecture_says_the_same_when_it_is_read_again(name: str, tmp_path: Path) -> None:
    configuration, rate = configuration_of(name), 22_050
    samples = 3 * rate
    front_end = FRONT_ENDS[configuration["front_end"]].build(rate, samples, **configuration.part("front_end"))
    torch.manual_seed(1)
    network = network_of(configuration, front_end.shape, len(LABELS)).eval()
    model = written(network, header_of(configuration, rate, samples, front_end.shape), tmp_path / "model.safetensors")
    waveforms = torch.from_numpy(noise(2 * samples).reshape(2, samples))
    with torch.no_grad():
        expected = network(front_end.eval()(waveforms)).float()
    assert torch.isfinite(expected).all()
    assert (model.logits(waveforms) - expected).abs().max() < TOLERANCE


@pytest.mark.parametrize(
    "name", [name for name, each in ARCHITECTURES.items() if OTHERS & each.about.get("settings", {}).keys()]
)
def test_what_takes_more_than_a_recording_is_refused(name: str) -> None:
    settings = {"architecture": name, **ARCHITECTURES[name].about["settings"]}
    corpus = {"corpus": "nsynth"} if "side_features" in settings else {}
    with pytest.raises(UserError, match="cannot be exported"):
        refuse_others(resolve({**settings, **corpus}))


SETTINGS = {
    "segmentation": "windows",
    "seconds": 0.2,
    "segment_hop": 0.1,
    "frame": 512,
    "hop": 256,
    "bands": 16,
    "frames": 0,
    "batch_size": 16,
    "epochs": 1,
    "architecture": "linear",
}


@dataclasses.dataclass(frozen=True)
class Exported:
    """A trial that was trained and exported."""

    trial: Trial
    found: Trained
    saved: Saved

    @property
    def model(self) -> Model:
        return load_model(self.saved.path)


@pytest.fixture(scope="module")
def exported(open_trial: Callable[..., Trial], tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("exported")
    (folder / "trial").mkdir()
    (folder / "trial" / CONFIG).write_text(json.dumps(dict(resolve(SETTINGS).settings)))
    trial = open_trial(folder / "trial", SETTINGS)
    trial.step()
    trial.evaluate()
    found = trained(trial.configuration, folder / "trial" / CHECKPOINT, trial.store)
    header = Header(
        **found.described, origin=Origin(trial="0", chosen="The only one."), limits=("A limit.",), etude="0", commit=""
    )
    return Exported(trial, found, save_model(found, header, folder / "model.safetensors"))


def test_a_model_says_of_every_test_clip_what_its_trial_said(exported: Exported) -> None:
    import pandas as pd  # noqa: PLC0415

    table = pd.read_parquet(exported.trial.directory / PREDICTIONS)
    store = exported.trial.store
    for place, (item, logits) in enumerate(zip(table["item"], table["logits"], strict=True)):
        row = int(store.clips.index[store.clips["clip"] == item][0])
        result = exported.model.predict(np.array(store.samples(row)), store.rate)
        assert np.abs(result.probabilities - np.exp(logits)).max() < TOLERANCE, place
        assert result.label == table["prediction"].iloc[place]
        assert result.covered == 1
        assert result.resampled_to is None


def test_onnx_with_the_front_end_says_the_same(exported: Exported) -> None:
    import onnxruntime  # noqa: PLC0415

    graph = exported.saved.graph
    assert (graph.kind, graph.path.suffix) == ("ONNX", ".onnx"), graph.reasons
    assert graph.difference <= TOLERANCE
    assert graph.includes_front_end
    waveforms = torch.from_numpy(noise(3 * exported.model.header.samples).reshape(3, -1))
    session = onnxruntime.InferenceSession(graph.path, providers=["CPUExecutionProvider"])
    found = np.concatenate([session.run(None, {"input": each.numpy()})[0] for each in waveforms.split(1)])
    difference = torch.from_numpy(found).softmax(1) - exported.model.logits(waveforms).softmax(1)
    assert difference.abs().max() < TOLERANCE


def test_without_the_packages_of_onnx_there_is_torchscript(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainables.models.graphs.find_spec", lambda name: None)
    graph = write_graph(exported.model, exported.found.waveforms, tmp_path / "model.safetensors")
    assert graph.kind == "TorchScript"
    assert graph.includes_front_end
    assert "not installed" in graph.reasons[0]
    assert not list(tmp_path.glob("*.onnx"))


def test_a_graph_that_says_something_else_is_not_kept(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(module, inputs, path, many):
        path.write_bytes(b"graph")
        return lambda values: torch.tensor([[9.0, 0.0, 0.0]]).repeat(len(values), 1)

    def broken(module, inputs, path, many):
        raise RuntimeError("no such operator")

    kinds = (dataclasses.replace(KINDS[0], write=wrong), dataclasses.replace(KINDS[1], write=broken))
    monkeypatch.setattr("trainables.models.graphs.KINDS", kinds)
    graph = write_graph(exported.model, exported.found.waveforms, tmp_path / "model.safetensors")
    assert graph.path is None
    assert not list(tmp_path.iterdir())
    assert ["differs" in each for each in graph.reasons] == [True, True, False, False]


def test_a_model_that_differs_from_its_trial_is_noticed(exported: Exported, tmp_path: Path) -> None:
    weights = {name: 2 * values for name, values in load_file(exported.saved.path).items()}
    other = tmp_path / "other.safetensors"
    save_file(weights, other, exported.model.header.as_metadata())
    assert difference_of(exported.model, exported.found) < TOLERANCE
    assert difference_of(load_model(other), exported.found) > TOLERANCE


def test_a_fresh_process_needs_neither_ray_nor_optuna_nor_the_corpus(exported: Exported, tmp_path: Path) -> None:
    samples = noise(30_000)
    expected = exported.model.predict(samples, 44_100).probabilities
    np.save(tmp_path / "samples.npy", samples)
    code = (
        "import sys, numpy as np; from trainables.models import load_model; "
        "found = load_model(sys.argv[1]).predict(np.load(sys.argv[2]), 44_100); "
        "assert not {'ray', 'optuna', 'analysis', 'studies'} & set(sys.modules); print(found.probabilities.tolist())"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, exported.saved.path, tmp_path / "samples.npy"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert np.abs(np.array(json.loads(out)) - expected).max() < TOLERANCE


def test_another_rate_is_resampled_and_said_and_one_that_is_too_low_is_refused(exported: Exported) -> None:
    model = exported.model
    assert model.header.needed_rate == model.rate == 44_100
    tone = np.sin(np.arange(48_000) / 10).astype(np.float32)
    assert model.predict(tone, 48_000).resampled_to == 44_100
    assert model.predict(tone, 48_000).rate == 48_000
    with pytest.raises(RateTooLow, match=r"22050 Hz.*at least 44100 Hz"):
        model.predict(tone, 22_050)
    lower = dataclasses.replace(model, header=model.header.model_copy(update={"front_end": with_high(model, 4_000.0)}))
    assert lower.predict(tone, 8_000).resampled_to == 44_100


def with_high(model: Model, high: float):
    settings = {**model.header.front_end.settings, "high": high}
    return model.header.front_end.model_copy(update={"settings": settings})


def test_channels_windows_and_classes(exported: Exported, tmp_path: Path) -> None:
    model, samples = exported.model, noise(44_100)
    mono, stereo = model.predict(samples, 44_100), model.predict(np.stack([samples, samples], 1), 44_100)
    assert np.array_equal(mono.probabilities, stereo.probabilities)
    assert mono.windows.shape == (9, 3)
    assert mono.starts.tolist() == pytest.approx([0.1 * number for number in range(9)])
    assert mono.windows.mean(0) == pytest.approx(mono.probabilities)
    apart = model.predict(samples, 44_100, hop=0.4, batch=1)
    assert apart.starts.tolist() == pytest.approx([0, 0.4, 0.8])
    assert apart.top(2)[0] == (apart.label, apart.probabilities.max())
    assert apart.top(3, threshold=1.0) == []
    soundfile.write(tmp_path / "a.wav", samples, 44_100, subtype="FLOAT")
    assert np.array_equal(model.predict_file(tmp_path / "a.wav").probabilities, mono.probabilities)


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.zeros(1000, np.float32), "holds no sound"),
        (np.zeros(0, np.float32), "holds no samples"),
        (np.full(1000, np.nan, np.float32), "no numbers"),
        (np.zeros((2, 3, 4), np.float32), "shape"),
        (np.zeros((2, 44_100), np.float32), "shape"),
        (np.zeros(1000, np.int64), "type int64"),
    ],
)
def test_what_is_no_recording_is_refused_in_a_sentence(exported: Exported, samples: np.ndarray, words: str) -> None:
    with pytest.raises(UserError, match=words):
        exported.model.predict(samples, 44_100)


def changed_header(path: Path, target: Path, **changes: str) -> Path:
    metadata = load_model(path).header.as_metadata() | changes
    save_file(load_file(path), target, metadata)
    return target


def test_files_that_are_no_model_of_this_version_are_refused(exported: Exported, tmp_path: Path) -> None:
    path, target = exported.saved.path, tmp_path / "model.safetensors"
    with pytest.raises(UserError, match="There is no file"):
        load_model(target)
    target.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="cannot be read as a model"):
        load_model(target)
    save_file({"a": torch.zeros(1)}, target)
    with pytest.raises(UserError, match="is no model's"):
        load_model(target)
    with pytest.raises(UserError, match="has format 2, and this version reads 1"):
        load_model(changed_header(path, target, format="2"))
    with pytest.raises(UserError, match="rate"):
        load_model(changed_header(path, target, rate='"fast"'))
    with pytest.raises(UserError, match="Unknown architecture 'linea'"):
        load_model(changed_header(path, target, architecture='{"name": "linea", "settings": {}}'))
    with pytest.raises(UserError, match="has no parameter strange"):
        load_model(changed_header(path, target, architecture='{"name": "linear", "settings": {"strange": 1}}'))
    with pytest.raises(UserError, match="does not fit"):
        load_model(changed_header(path, target, labels='["a", "b"]'))


def test_the_card_says_what_the_model_is(exported: Exported) -> None:
    text = exported.saved.card.read_text()
    for words in (
        "flute, oboe, violin",
        "44100 Hz",
        "The only one.",
        "A limit.",
        "etude predict model.safetensors",
        "ONNX",
    ):
        assert words in text
    assert exported.found.described["corpus"]["licence"] in text


def test_a_checkpoint_that_is_gone_damaged_or_unfinished_is_said(exported: Exported, tmp_path: Path) -> None:
    configuration, store = exported.trial.configuration, exported.trial.store
    with pytest.raises(UserError, match="is gone"):
        trained(configuration, tmp_path / CHECKPOINT, store)
    whole = (exported.trial.directory / CHECKPOINT).read_bytes()
    (tmp_path / CHECKPOINT).write_bytes(whole[:-50])
    with pytest.raises(UserError, match="is damaged"):
        trained(configuration, tmp_path / CHECKPOINT, store)
    longer = resolve({**configuration.settings, "epochs": 2})
    with pytest.raises(UserError, match="1 of 2 epochs"):
        trained(longer, exported.trial.directory / CHECKPOINT, store)
