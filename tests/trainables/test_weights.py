"""Published weights are checked, kept, and loaded into all layers but the last."""

from dataclasses import replace
from hashlib import md5

import pytest
import torch
from torch import nn

from trainables import weights
from trainables.architectures import ARCHITECTURES
from trainables.architectures.cnn14 import Cnn14, cnn14
from trainables.errors import InvalidSetting, UserError
from trainables.resolving import resolve
from trainables.weights import WEIGHTS, keep, kept, load_weights

SHAPE = (1, 16, 40)


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A file laid out as that of Cnn14, of a network a thirty-second as wide, known under the name "small"."""
    torch.manual_seed(8)
    state = Cnn14(SHAPE, 527, "fc_audioset", width=2).state_dict()
    extractor = {"spectrogram_extractor.stft.conv_real.weight": torch.ones(3), "logmel_extractor.melW": torch.ones(2)}
    file = tmp_path / "published.pth"
    torch.save({"model": {**extractor, **state}}, file)
    content = file.read_bytes()
    entry = replace(
        WEIGHTS["cnn14_audioset"], name="small", bytes=len(content), md5=md5(content, usedforsecurity=False).hexdigest()
    )
    monkeypatch.setattr(weights, "WEIGHTS", {**WEIGHTS, "small": entry})
    return file, state


@pytest.mark.parametrize("hidden", [0, 6])
def test_all_layers_but_those_of_the_head_are_those_of_the_file(published, tmp_path, hidden):
    file, state = published
    keep("small", file, tmp_path / "corpora")
    network = cnn14(SHAPE, 11, width=2, hidden=hidden)
    head = {name: value.clone() for name, value in network.fc_transfer.state_dict().items()}
    load_weights(network, "small", tmp_path / "corpora")
    own = network.state_dict()
    backbone = {name for name in state if not name.startswith("fc_audioset")}
    assert backbone == {name for name in own if not name.startswith("fc_transfer")}
    assert all(torch.equal(own[name], state[name]) for name in backbone)
    assert all(torch.equal(own[f"fc_transfer.{name}"], value) for name, value in head.items())


def test_the_loaded_network_gives_the_published_embedding(published, tmp_path):
    file, state = published
    original = Cnn14(SHAPE, 527, "fc_audioset", width=2).eval()
    original.load_state_dict(state)
    keep("small", file, tmp_path)
    network = cnn14(SHAPE, 11, width=2).eval()
    load_weights(network, "small", tmp_path)
    batch = torch.randn(2, *SHAPE)
    torch.testing.assert_close(network.embedding(batch), original.embedding(batch))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[:-1], r"has \d+ bytes instead of"),
        (lambda content: content[:99] + bytes([content[99] ^ 1]) + content[100:], "has MD5 .* instead of"),
    ],
)
def test_a_file_that_is_not_the_published_one_is_refused(published, tmp_path, damage, message):
    file, _ = published
    keep("small", file, tmp_path)
    for place in (file, kept("small", tmp_path)):
        place.write_bytes(damage(place.read_bytes()))
    with pytest.raises(UserError, match=message):
        keep("small", file, tmp_path)
    with pytest.raises(UserError, match=message):
        load_weights(cnn14(SHAPE, 11, width=2), "small", tmp_path)


def test_a_file_that_is_missing_says_where_to_get_it(published, tmp_path):
    with pytest.raises(UserError, match=r"Cannot read .*: .*download https://zenodo.*run `etude weights small --from"):
        load_weights(cnn14(SHAPE, 11, width=2), "small", tmp_path)


@pytest.mark.parametrize(
    "network",
    [
        lambda: cnn14(SHAPE, 11, width=4),
        lambda: cnn14((1, 32, 40), 11, width=2),
        lambda: ARCHITECTURES["cnn"].build(SHAPE, 11),
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(640, 11)),
    ],
    ids=["wider", "more bands", "another", "one layer"],
)
def test_a_network_that_the_weights_do_not_fit_is_refused(published, tmp_path, network):
    file, _ = published
    keep("small", file, tmp_path)
    with pytest.raises(InvalidSetting, match=r"weights small do not fit this network .* set architecture to cnn14"):
        load_weights(network(), "small", tmp_path)


def test_code_in_a_file_is_not_run(tmp_path, monkeypatch):
    class Harmful:
        def __reduce__(self):
            return (print, ("run",))

    file = tmp_path / "harmful.pth"
    torch.save({"model": Harmful()}, file)
    content = file.read_bytes()
    digest = md5(content, usedforsecurity=False).hexdigest()
    entry = replace(WEIGHTS["cnn14_audioset"], name="harmful", bytes=len(content), md5=digest)
    monkeypatch.setattr(weights, "WEIGHTS", {"harmful": entry})
    keep("harmful", file, tmp_path)
    with pytest.raises(UserError, match="cannot be read as weights"):
        load_weights(cnn14(SHAPE, 11, width=2), "harmful", tmp_path)


def test_weights_are_known_by_name_and_count_in_the_id():
    with pytest.raises(InvalidSetting, match="Unknown weights 'cnn14_audiose': did you mean 'cnn14_audioset'"):
        resolve({"weights": "cnn14_audiose"})
    with_weights = resolve({"architecture": "cnn14", "weights": "cnn14_audioset"})
    assert with_weights.trial("data") != resolve({"architecture": "cnn14"}).trial("data")


def test_the_published_weights_have_a_checksum_and_a_licence():
    for name, each in WEIGHTS.items():
        assert each.name == name
        assert len(bytes.fromhex(each.md5)) == 16
        assert each.bytes > 0
        assert each.licence
        assert each.url.startswith("https://")
        assert each.architecture in ARCHITECTURES


FINE_TUNING = {
    "architecture": "cnn14",
    "width": 2,
    "bands": 16,
    "frames": 40,
    "frame": 512,
    "hop": 256,
    "seconds": 0.5,
    "weights": "small",
    "schedule": "two_phase",
    "frozen_epochs": 1,
    "learning_rate": 3e-3,
    "second_learning_rate": 2e-4,
    "epochs": 2,
    "batch_size": 8,
}


def test_fine_tuning_trains_the_head_alone_and_then_everything(published, tmp_path, small_store, open_trial):
    """S1-S4, reopened between its phases."""
    file, state = published
    keep("small", file, small_store.path.parent)
    settings = FINE_TUNING

    def values(trial):
        return {name: value.detach().clone() for name, value in trial.fit.network.named_parameters()}

    trial = open_trial(tmp_path / "trial", settings)
    before = values(trial)
    names = [name for name in before if not name.startswith("fc_transfer")]
    assert all(torch.equal(before[name], state[name]) for name in names)
    trial.step()
    frozen = values(trial)
    assert all(torch.equal(frozen[name], state[name]) for name in names)
    assert not torch.equal(frozen["fc_transfer.weight"], before["fc_transfer.weight"])
    reopened = open_trial(tmp_path / "trial", settings, reported=2)
    reopened.step()
    assert not any(torch.equal(values(reopened)[name], state[name]) for name in names)
