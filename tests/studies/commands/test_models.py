"""Folders of users' own, in five layouts: packed, audited, run, reported, exported, and named by the model.

Of rendered sounds, and of real ones where ETUDE_PHILHARMONIA names a folder of samples.
"""

import contextlib
import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
from plainly import Plainly

from analysis.runs import Run
from studies.commands import cli, exporting
from trainables.architectures import ARCHITECTURES
from trainables.models import Model, load_model
from trainables.trial import CHECKPOINT

CLASSES = ("cat", "dog", "great tit")
INSTRUMENTS = ("flute", "cello", "bassoon")
SECONDS = 0.3
STUDY = """
from etude.analysis.claims import NoDirection
from etude.studies.study import Study, arm

STUDY = Study(
    title="Hidden or not",
    question="Which is better?",
    corpus="own-mine",
    epochs=1,
    findings={"H": "A hidden layer helps."},
    fixed={"segmentation": "windows", "seconds": 0.1, "architecture": "linear", "frame": 512, "hop": 256, "bands": 8,
           "frames": 0},
    arms=(arm("plain"), arm("hidden layer", hidden=4)),
    claims=(NoDirection(finding="H", first="hidden layer", second="plain"),),
)
"""


Write = Callable[..., None]


def rendered(path: Path, number: int, rate: int = 16_000, channels: int = 1) -> None:
    """A tone of 0.3 s in noise that no other number has; a hundred numbers are one class."""
    noise = np.random.default_rng(number).uniform(-0.2, 0.2, (round(SECONDS * rate), channels))
    tone = 0.5 * np.sin(2 * np.pi * (300 + 700 * (number // 100)) * np.arange(len(noise)) / rate)
    kept(path, noise + tone[:, None], rate)


def recorded(path: Path, number: int, rate: int = 16_000, channels: int = 1) -> None:
    """0.3 s of a note of the Philharmonia that no other number has; a hundred numbers are one instrument."""
    folder = Path(os.environ["ETUDE_PHILHARMONIA"]) / INSTRUMENTS[number // 100]
    note = sorted(folder.rglob("*.mp3"))[number % 100]
    sound, _ = librosa.load(note, sr=rate, offset=0.05, duration=SECONDS)
    sound = librosa.util.fix_length(sound, size=round(SECONDS * rate))
    kept(path, np.tile(sound[:, None], (1, channels)), rate)


def kept(path: Path, sound: np.ndarray, rate: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound, rate)


def class_folders(folder: Path, write: Write, count: int = 5, rate: int = 16_000) -> None:
    for place, name in enumerate(CLASSES):
        for number in range(count):
            write(folder / name / f"{number}.wav", 100 * place + number, rate)


def broken(folder: Path, write: Write) -> None:
    """With an empty file and one that is no audio."""
    class_folders(folder, write)
    (folder / "cat" / "empty.wav").touch()
    (folder / "dog" / "text.WAV").write_text("no audio")


def audio_folder(folder: Path, write: Write) -> None:
    """Parts of class folders, with a table of their files."""
    lines = ["file_name,label"]
    for place, name in enumerate(CLASSES):
        for number in range(6):
            path = f"{('train', 'validation', 'test')[number % 3]}/{number} {place}.flac"
            write(folder / path, 100 * place + number)
            lines.append(f"{path},{name}")
    (folder / "metadata.csv").write_text("\n".join(lines))


def table_with_groups(folder: Path, write: Write) -> None:
    """A table of files, classes and recordings; 96 kHz, stereo."""
    lines = ["path,class,recording"]
    for place, name in enumerate(CLASSES):
        for number in range(12):
            write(folder / f"{place}-{number}.wav", 100 * place + number, 96_000, 2)
            lines.append(f"{place}-{number}.wav,{name},{place}/{number // 2}")
    (folder / "labels.csv").write_text("\n".join(lines))


def low_rate(folder: Path, write: Write) -> None:
    """8 kHz, mono."""
    class_folders(folder, write, rate=8000)


def two_files(folder: Path, write: Write) -> None:
    """A class of two files."""
    class_folders(folder, write)
    for number in range(2, 5):
        (folder / "cat" / f"{number}.wav").unlink()


Layout = Callable[[Path, Write], None]
LAYOUTS: dict[Layout, tuple[int, int]] = {
    broken: (15, 16_000),
    audio_folder: (18, 16_000),
    table_with_groups: (36, 48_000),
    low_rate: (15, 8000),
    two_files: (12, 16_000),
}
"""With the files that can be used, and the rate at which they are packed."""


def command(*arguments: object) -> tuple[int, str]:
    """Run étude here; gives exit code and output."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        patch.setattr(sys, "argv", ["etude", *map(str, arguments)])
        patch.setattr("studies.driver.launch.train_all", Plainly())
        # What graphs are is tested where they are made, and takes longer than all the rest.
        patch.setattr("trainables.models.graphs.KINDS", ())
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    return int(stopped.value.code or 0), out.getvalue()


@dataclass(frozen=True)
class Made:
    """What came of a layout: its folder, its home, its run and its model."""

    layout: Layout
    home: Path
    run: Path
    path: Path

    @property
    def files(self) -> Path:
        return self.home.parent / "files"

    @property
    def model(self) -> Model:
        return load_model(self.path)

    def predict(self, *arguments: object) -> tuple[int, str]:
        return command("predict", self.path, *arguments)


def made_of(layout: Layout, write: Write, folder: Path) -> Made:
    home, model, study = folder / "home", folder / "model.safetensors", folder / "study.py"
    layout(folder / "files", write)
    study.write_text(STUDY)
    code, out = command("data", "mine", "--from", folder / "files", "--home", home, "--incomplete")
    assert code == 0, out
    code, out = command("run", study, "--scale", "smoke", "--home", home)
    assert code == 0, out
    (run,) = (home / "runs").iterdir()
    assert (run / "report.html").exists() or list(run.glob("*.html")), out
    code, out = command("export", run, "-o", model, "--home", home)
    assert code == 0, out
    return Made(layout, home, run, model)


@pytest.fixture(scope="module")
def making(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Layout, Write], Made]:
    """`making(layout, write)` makes what comes of a layout of such sounds, once."""
    return cache(lambda layout, write: made_of(layout, write, tmp_path_factory.mktemp(layout.__name__)))


REAL = pytest.mark.skipif(
    "ETUDE_PHILHARMONIA" not in os.environ, reason="ETUDE_PHILHARMONIA names no folder of samples"
)


@pytest.fixture(params=LAYOUTS, ids=lambda layout: layout.__name__)
def layout(request: pytest.FixtureRequest) -> Layout:
    return request.param


@pytest.mark.parametrize("write", [rendered, pytest.param(recorded, marks=REAL)], ids=lambda write: write.__name__)
def test_a_layout_goes_all_the_way_to_predictions(
    layout: Layout, write: Write, making: Callable[[Layout, Write], Made], tmp_path: Path
) -> None:
    made = making(layout, write)
    clips, rate = LAYOUTS[made.layout]
    header = made.model.header
    assert (header.labels, header.rate) == (CLASSES, rate)
    assert header.corpus["clips"] == clips
    assert header.origin.arm in ("plain", "hidden layer")
    assert any("smoke" in limit for limit in header.limits)
    assert any(limit.startswith("Test accuracy of this arm over ") for limit in header.limits)
    ungrouped = made.layout is not table_with_groups
    assert any("leakage" in limit for limit in header.limits) == ungrouped
    unusable = 2 if made.layout is broken else 0
    code, out = made.predict(made.files, "-o", tmp_path / "p.csv")
    assert code == (3 if unusable else 0), out
    rows = list(csv.DictReader((tmp_path / "p.csv").open()))
    assert len(rows) == clips
    assert out.count("not used") == unusable
    own = 96_000 if made.layout is table_with_groups else rate
    assert {(row["rate"], row["resampled_to"]) for row in rows} == {(str(own), "" if own == rate else str(rate))}
    assert all(row["label_1"] in CLASSES and float(row["seconds"]) == pytest.approx(SECONDS) for row in rows)


@pytest.fixture
def one(making: Callable[[Layout, Write], Made]) -> Made:
    return making(low_rate, rendered)


def test_the_trial_that_is_exported_is_chosen_by_validation(one: Made) -> None:
    rows = exporting.exportable(Run.load(one.run))
    origin = one.model.header.origin
    means = rows.groupby("arm")["validation_accuracy"].mean()
    assert means[origin.arm] == means.max()
    mine = rows[rows["arm"] == origin.arm]
    assert origin.validation_accuracy == mine["validation_accuracy"].max()
    assert origin.trial in set(mine["trial"])
    code, out = command("export", one.run, "--arm", "plain", "-o", one.home / "plain.safetensors", "--home", one.home)
    assert code == 0, out
    assert load_model(one.home / "plain.safetensors").header.origin.arm == "plain"


def test_predictions_go_on_where_they_stopped(one: Made, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    assert one.predict(one.files, "-o", path, "--windows")[0] == 0
    whole = path.read_text()
    rows = list(csv.DictReader(io.StringIO(whole)))
    assert [row["of"] for row in rows] == ["3"] * 45
    path.write_text(whole[: whole.rindex("\n", 0, len(whole) * 2 // 3) - 20])
    code, out = one.predict(one.files, "-o", path, "--windows")
    assert code == 0
    assert "are skipped" in out
    assert path.read_text() == whole
    assert "15 of 15 files" in one.predict(one.files, "-o", path, "--windows")[1]
    assert "other columns" in one.predict(one.files, "-o", path, "--windows", "--top", 2)[1]
    assert "other options" in one.predict(one.files, "-o", path, "--windows", "--hop", 0.05)[1]
    other = tmp_path / "other.safetensors"
    assert command("export", one.run, "--arm", "plain", "-o", other, "--home", one.home)[0] == 0
    assert "of another model" in command("predict", other, one.files, "-o", path, "--windows")[1]


def test_json_thresholds_and_what_cannot_be_used(one: Made, tmp_path: Path) -> None:
    shutil.copytree(one.files / "cat", tmp_path / "some")
    rendered(tmp_path / "some" / "slow.wav", 7, rate=4000)
    (tmp_path / "some" / "bad.mp3").write_text("no audio")
    (tmp_path / "some" / "telephone.m4a").write_text("no audio")
    (tmp_path / "some" / os.fsdecode(b"caf\xe9.wav")).write_bytes((one.files / "cat" / "0.wav").read_bytes())
    code, out = one.predict(tmp_path / "some", "--json", "--top", 2, "--threshold", 1.0)
    assert code == 3
    rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert len(rows) == 9
    assert all("label_1" not in row for row in rows)
    errors = {Path(row["file"]).name: row["error"] for row in rows if "error" in row}
    assert set(errors) == {"slow.wav", "bad.mp3", "telephone.m4a", "caf\\udce9.wav"}
    assert errors["caf\\udce9.wav"] == "has a name that is not UTF-8: rename it"
    assert "4000 Hz" in errors["slow.wav"]
    assert "8000 Hz" in errors["slow.wav"]
    assert errors["bad.mp3"].startswith("is not audio")
    unread = tmp_path / "some" / "telephone.m4a"
    assert f"not used: {unread}: is not audio" in one.predict(tmp_path / "some")[1]
    assert "4 of 9 files could not be used" in out
    assert "no file and no folder" in one.predict(tmp_path / "none")[1]


def test_what_the_file_of_a_study_registered_is_known_when_its_run_is_exported(
    one: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the text that lies in the run is not executed: it may be somebody else's."""
    run = Path(shutil.copytree(one.run, tmp_path / "run"))
    study = json.loads((run / "study.json").read_text())
    body = '@ARCHITECTURES()\ndef of_a_file(shape, classes):\n    """One."""\n'
    text = f"from etude.trainables.architectures import ARCHITECTURES\n\n\n{body}"
    (tmp_path / "mine.py").write_text(text)
    file = {"path": str(tmp_path / "mine.py"), "text": "1 / 0"}
    (run / "study.json").write_text(json.dumps({**study, "file": file}))
    monkeypatch.setattr(ARCHITECTURES, "_entries", dict(ARCHITECTURES._entries))
    exporting.of_run(run, "", one.home)
    assert "of_a_file" in ARCHITECTURES
    (tmp_path / "mine.py").unlink()
    exporting.of_run(run, "", one.home)


def test_runs_that_cannot_be_exported_say_why(one: Made, tmp_path: Path) -> None:
    def export(run: Path, *options: object) -> str:
        code, out = command("export", run, "-o", tmp_path / "m.safetensors", "--home", one.home, *options)
        assert code == 1
        assert not (tmp_path / "m.safetensors").exists()
        return out.strip().splitlines()[-1]

    assert "Unknown arm of which there is a trial to export 'plan'" in export(one.run, "--arm", "plan")
    unfinished = Path(shutil.copytree(one.run, tmp_path / "unfinished"))
    study = json.loads((unfinished / "study.json").read_text())
    (unfinished / "study.json").write_text(json.dumps({**study, "progress": {"finished": False}}))
    assert "is not finished" in export(unfinished)
    gone = Path(shutil.copytree(one.run, tmp_path / "gone"))
    for checkpoint in gone.glob(f"trials/*/{CHECKPOINT}"):
        checkpoint.unlink()
    assert "is gone" in export(gone)


def test_a_single_training_that_was_kept_is_exported(one: Made, tmp_path: Path) -> None:
    settings = ("segmentation=windows", "seconds=0.1", "frame=512", "hop=256", "bands=8", "frames=0", "epochs=1")
    options = [part for each in ("front_end=log_mel", *settings) for part in ("--set", each)]
    code, out = command("train", "linear", "--corpus", "mine", *options, "--keep", tmp_path, "--home", one.home)
    assert code == 0, out
    (folder,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    code, out = command("export", folder, "-o", tmp_path / "m.safetensors", "--home", one.home)
    assert code == 0, out
    assert "not tested" in load_model(tmp_path / "m.safetensors").header.origin.chosen
    assert "has no arms" in command("export", folder, "--arm", "plain", "--home", one.home)[1]
