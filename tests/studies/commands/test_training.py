"""`etude train`: a line for each epoch, and a folder that can be kept and gone on with."""

import json
from pathlib import Path

import pytest

from studies.commands import training
from trainables.trial import CHECKPOINT, CONFIG, EPOCHS, Trial

SMALL = ("--set", "bands=16", "--set", "frames=20", "--set", "hop=256", "--set", "frame=512")


@pytest.fixture
def home(corpora: Path, tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "corpora").symlink_to(corpora)
    return tmp_path / "home"


@pytest.fixture
def train(etude, home: Path):
    """Train LeNet on small features for some epochs; gives the lines that are printed of them, and all of them."""

    def of(epochs: int, *options: object) -> tuple[list[list[str]], list[str]]:
        code, out, err = etude("train", "lenet", *SMALL, "--set", f"epochs={epochs}", *options, "--home", home)
        assert code == 0, err
        lines = out.splitlines()
        head = next(number for number, line in enumerate(lines) if line.startswith("epoch"))
        return [line.split() for line in lines[head + 1 :]], lines

    return of


def test_each_epoch_is_a_line_and_nothing_is_kept(train, home: Path) -> None:
    epochs, lines = train(3)
    assert [line[0] for line in epochs] == ["1", "2", "3"]
    assert all(len(line) == 6 and 0 <= float(line[2]) <= 1 for line in epochs)
    assert lines[0].startswith("Audio: philharmonia, rendered stand-in, 64 clips, digest ")
    assert [path.name for path in home.iterdir()] == ["corpora"]


def test_a_line_is_printed_before_the_next_epoch_is_trained(capsys) -> None:
    printed: list[int] = []

    class Steps:
        finished = False

        def step(self) -> dict[str, float]:
            printed.append(len(capsys.readouterr().out.splitlines()))
            self.finished = len(printed) == 3
            names = [name.replace(" ", "_") for name in training.COLUMNS]
            return {**dict.fromkeys(names, 0.5), "epoch": len(printed)}

    training.follow(Steps())
    assert printed == [1, 1, 1]


def test_what_is_kept_is_gone_on_with(train, tmp_path: Path, etude, home: Path, monkeypatch) -> None:
    whole, _ = train(3)
    step = Trial.step

    def stopped(trial: Trial) -> dict[str, float]:
        if len(trial.fit.history) == 2:
            raise KeyboardInterrupt
        return step(trial)

    monkeypatch.setattr(Trial, "step", stopped)
    arguments = ("train", "lenet", *SMALL, "--set", "epochs=3", "--keep", tmp_path / "kept", "--home", home)
    code, _, err = etude(*arguments)
    assert (code, err) == (130, "Stopped; run the same command again to go on.\n")
    monkeypatch.setattr(Trial, "step", step)
    (folder,) = (tmp_path / "kept").iterdir()
    assert {path.name for path in folder.iterdir()} >= {CONFIG, EPOCHS, CHECKPOINT}
    assert json.loads((folder / CONFIG).read_text())["bands"] == 16
    assert len((folder / EPOCHS).read_text().splitlines()) == 2
    epochs, lines = train(3, "--keep", tmp_path / "kept")
    assert [line[:5] for line in epochs] == [line[:5] for line in whole]
    assert any(line.endswith(f"kept in {folder}") for line in lines)
    train(2, "--keep", tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_of_what_cannot_be_trained_nothing_is_kept(etude, home: Path, tmp_path: Path) -> None:
    keep = ("--keep", tmp_path / "kept", "--home", home)
    code, _, err = etude("train", "lenet", "--set", "aggregation=sum", "--set", "folds=2", "--set", "fold=7", *keep)
    assert code == 1
    assert err.count("\n") == 1
    assert not any((tmp_path / "kept").rglob("*"))


@pytest.mark.parametrize("corpus", ["gtzan", "nsynth"])
def test_what_has_to_be_set_is_said_before_any_audio_is_rendered(etude, tmp_path: Path, corpus: str) -> None:
    code, _, err = etude("train", "lenet", "--corpus", corpus, "--home", tmp_path)
    assert code == 1
    assert err.startswith("frames is 80: ")
    assert "set fewer frames, a shorter hop or longer segments." in err
    assert not list(tmp_path.iterdir())
