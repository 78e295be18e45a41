"""`etude data`: getting a corpus over a connection that fails, and looking at what there is."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from trainables.corpora import CORPORA, philharmonia
from trainables.corpora.corpus import Remote
from trainables.corpora.rendering.notes import write_mp3
from trainables.corpora.store import load, open_store
from trainables.downloads import downloading, fetching

RATE = 44_100
Command = Callable[..., tuple[int, str, str]]


def sentence(text: str) -> str:
    """The one line of an error output that is no progress."""
    (line,) = [line for line in text.strip().splitlines() if not re.search(r": \d+ of \d+", line)]
    assert line.endswith("."), line
    return line


def archive(extra: dict[str, bytes]) -> bytes:
    """A zip of a zip of four notes, as the collection is handed out."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as zipped:
        for name, content in {**NOTES, **extra}.items():
            zipped.writestr(name, content)
    with zipfile.ZipFile(outer, "w") as zipped:
        zipped.writestr("all-samples/oboe.zip", inner.getvalue())
    return outer.getvalue()


def note(hertz: float) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(RATE // 5) / RATE)


@pytest.fixture(scope="module", autouse=True)
def notes(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("notes") / "note.mp3"
    for number, name in enumerate(["oboe_A4", "oboe_B4", "flute_A4", "flute_B4"]):
        write_mp3(path, note(400 + 10 * number), RATE)
        NOTES[f"{name}_1_forte_normal.mp3"] = path.read_bytes()


NOTES: dict[str, bytes] = {}


@pytest.fixture
def served(server, serving, monkeypatch):
    """The archive on a server of this machine, which the corpus takes for where it is published."""
    content = archive({})
    server.files["all-samples.zip"] = serving.Served(content)
    remote = Remote(server.url("all-samples.zip"), hashlib.sha256(content).hexdigest(), None, verified=True)
    corpus = replace(CORPORA["philharmonia"], remotes=(remote,))
    monkeypatch.setattr(philharmonia, "CORPUS", corpus)
    monkeypatch.setattr(fetching, "PAUSE", 0.0)
    return server.files["all-samples.zip"]


def test_download_packs_what_it_got_and_runs_again_without_the_network(etude: Command, server, served, tmp_path):
    served.breaks = [4_000]
    code, out, err = etude("data", "philharmonia", "--download", "--home", tmp_path)
    assert code == 0, err
    assert "philharmonia.co.uk" in out
    assert "may not be sold" in out
    assert "4 clips of 2 classes in 4 groups" in out
    assert "downloading all-samples.zip (MB)" in err
    assert server.sent == [4_000, len(served.content) - 4_000]
    store = open_store(tmp_path / "corpora", "philharmonia", rendered=False)
    assert sorted(store.clips["clip"].str.rpartition("/")[2]) == sorted(NOTES)
    code, again, _ = etude("data", "philharmonia", "--download", "--home", tmp_path)
    assert code == 0
    assert again.splitlines()[-1] == out.splitlines()[-1]
    assert len(server.sent) == 2


def test_only_chooses_among_the_archives_of_a_download(etude: Command, server, served, tmp_path):
    code, out, _ = etude("data", "philharmonia", "--download", "--only", "all-samples", "--home", tmp_path)
    assert code == 0
    assert "4 clips of 2 classes" in out
    for options, said in (
        (["--download", "--only", "all-sample"], "did you mean 'all-samples'"),
        (["--only", "all-samples"], "--only chooses what is downloaded: give it with --download."),
    ):
        code, _, err = etude("data", "philharmonia", *options, "--home", tmp_path)
        assert code == 1
        assert said in err


def break_connection(served, monkeypatch):
    served.ranges, served.breaks = False, [4_000] * 99
    return "broke the connection"


def take_away(served, monkeypatch):
    served.statuses = [404]
    return "answers 404 Not Found"


def change(served, monkeypatch):
    served.content = archive({"oboe_C4_1_forte_normal.mp3": b"another"})
    return "has the SHA-256 checksum"


def hostile(served, monkeypatch):
    served.content = archive({"../../../../out.mp3": b"out"})
    forge(served, monkeypatch)
    return "a name that may lead out of its folder"


def cut(served, monkeypatch):
    served.content = served.content[:5_000]
    forge(served, monkeypatch)
    return "is damaged or cut short"


def forge(served, monkeypatch):
    """Let the published checksum be that of what is served."""
    corpus = CORPORA["philharmonia"]
    remote = replace(corpus.remotes[0], sha256=hashlib.sha256(served.content).hexdigest())
    monkeypatch.setattr(philharmonia, "CORPUS", replace(corpus, remotes=(remote,)))


def fill_disk(served, monkeypatch):
    monkeypatch.setattr(downloading.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    return "make room there"


@pytest.mark.parametrize("fault", [break_connection, take_away, change, hostile, cut, fill_disk])
def test_a_failed_download_is_one_sentence_and_leaves_nothing_half_written(
    etude: Command, served, tmp_path, monkeypatch, fault
):
    home = tmp_path / "deep" / "er" / "home"
    reason = fault(served, monkeypatch)
    code, out, err = etude("data", "philharmonia", "--download", "--home", home)
    assert code == 1
    assert reason in sentence(err)
    assert "Traceback" not in out + err
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"all-samples.zip.part", "all-samples.zip.part.version", "all-samples.zip.refused"}


def test_a_full_disk_while_writing_is_one_sentence(etude: Command, served, small_disk, monkeypatch):
    (small_disk / "filler").write_bytes(bytes(2**20 - 8_192))
    monkeypatch.setattr(downloading.shutil, "disk_usage", lambda _: SimpleNamespace(free=2**40))
    code, _, err = etude("data", "philharmonia", "--download", "--home", small_disk)
    assert code == 1
    assert "No space left on device" in sentence(err)
    assert not list(small_disk.rglob("*.mp3"))


@pytest.mark.parametrize(
    "options",
    [
        ["--download", "--check"],
        ["--download", "--render"],
        ["--check", "--render"],
        ["--download", "--from", "."],
        ["--render", "--from", "."],
        ["--download", "--check", "--from", "."],
    ],
    ids=" ".join,
)
def test_one_way_at_a_time(etude: Command, server, served, tmp_path, options):
    code, _, err = etude("data", "philharmonia", *options, "--home", tmp_path / "home")
    assert code == 1
    assert sentence(err) == "Give one of --from, --download, --check, --render and --clean, or --check with --from."
    assert not (tmp_path / "home").exists()
    assert not server.requests


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four good files, and two that cannot be used."""
    for name, content in {
        **NOTES,
        "oboe_C4_1_forte_normal.mp3": b"",
        "oboe_D4_1_forte_normal.mp3": b"no music",
    }.items():
        (tmp_path / "music" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "music" / name).write_bytes(content)
    return tmp_path / "music"


def test_checking_a_folder_says_what_packing_would_give_and_packs_nothing(etude: Command, folder, tmp_path):
    home = tmp_path / "home"
    code, checked, _ = etude("data", "philharmonia", "--check", "--from", folder, "--home", home)
    assert code == 0
    assert not home.exists()
    assert "4 clips of 2 classes in 4 groups, 2 files not used" in checked
    assert "not used: oboe_C4_1_forte_normal.mp3: is empty (0 bytes)" in checked
    code, packed, _ = etude("data", "philharmonia", "--from", folder, "--home", home)
    refusals = [line for line in packed.splitlines() if line.startswith("not used")]
    assert len(refusals) == 2
    assert set(refusals) < set(checked.splitlines())
    assert open_store(home / "corpora", "philharmonia").digest in checked


@pytest.mark.parametrize("content", [None, b"no music"])
def test_checking_a_folder_without_music_is_one_sentence(etude: Command, tmp_path, content):
    (tmp_path / "music").mkdir()
    if content:
        (tmp_path / "music/oboe_C4_1_forte_normal.mp3").write_bytes(content)
    code, _, err = etude("data", "philharmonia", "--check", "--from", tmp_path / "music", "--home", tmp_path / "home")
    assert code == 1
    assert str(tmp_path / "music") in err
    assert "Traceback" not in err


def test_checking_stores_tells_a_sound_one_from_a_damaged_one(etude: Command, folder, tmp_path):
    home = tmp_path / "home"
    etude("data", "philharmonia", "--from", folder, "--home", home)
    (folder / "RENDERED.txt").touch()
    etude("data", "philharmonia", "--from", folder, "--home", home)
    code, out, _ = etude("data", "philharmonia", "--check", "--home", home)
    assert code == 0
    real, rendered = (open_store(home / "corpora", "philharmonia", rendered=kind) for kind in (False, True))
    assert out.count(f"digest {real.digest}: unchanged") == 2
    assert out.count("4 clips of 2 classes in 4 groups, 2 files not used") == 2
    assert out.count("not used: oboe_D4_1_forte_normal.mp3: is not audio that can be decoded") == 2

    spoil(rendered.path / "audio.npy", 300)
    code, out, err = etude("data", "philharmonia", "--check", "--home", home)
    assert code == 1
    assert f"digest {real.digest}: unchanged" in out
    first = load(rendered.path).clips.sort_values("start")["clip"].iloc[0]
    assert f"digest {real.digest}: damaged: 1 clips are not what was packed, {first} among them" in out
    assert sentence(err).startswith("1 of 2 packed stores of philharmonia cannot be used any more: delete ")
    assert str(rendered.path) in err
    assert str(real.path) not in err


def spoil(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_checking_notices_a_changed_table_and_a_missing_file(etude: Command, folder, tmp_path):
    etude("data", "philharmonia", "--from", folder, "--home", tmp_path)
    store = open_store(tmp_path / "corpora", "philharmonia")
    store.clips.assign(label="oboe").to_parquet(store.path / "clips.parquet")
    code, out, _ = etude("data", "philharmonia", "--check", "--home", tmp_path)
    assert code == 1
    assert "damaged: 4 clips are not what was packed" in out
    (store.path / "audio.npy").unlink()
    code, out, err = etude("data", "philharmonia", "--check", "--home", tmp_path)
    assert code == 1
    assert "cannot be used (" in out
    assert sentence(err).startswith("1 of 1 packed stores")


def test_checking_where_nothing_is_packed_is_one_sentence(etude: Command, tmp_path):
    code, _, err = etude("data", "irmas", "--check", "--home", tmp_path / "home")
    assert code == 1
    assert "There is no packed irmas in" in sentence(err)
    assert not (tmp_path / "home").exists()


def test_render_is_what_happens_without_an_option(etude: Command, tmp_path, monkeypatch):
    rendered: list[int] = []

    def render(folder: Path, seed: int = 0, **_: object) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "RENDERED.txt").touch()
        for name, content in NOTES.items():
            (folder / name).write_bytes(content)
        rendered.append(seed)

    monkeypatch.setattr(philharmonia, "CORPUS", replace(CORPORA["philharmonia"], render=render))
    lines = []
    for number, options in enumerate([[], ["--render"]], start=1):
        code, out, _ = etude("data", "philharmonia", *options, "--home", tmp_path / str(number))
        assert code == 0
        assert "rendered stand-in" in out
        lines.append(out.replace(str(tmp_path / str(number)), ""))
    assert lines[0] == lines[1]
    assert rendered == [0, 0]


def test_what_the_decoder_writes_without_a_name_stays_off_the_terminal(tmp_path):
    """As a process of its own: what a library writes itself passes by Python."""
    for number, content in enumerate([NOTES["oboe_A4_1_forte_normal.mp3"], b"ID3" + bytes(range(200, 256)) * 50]):
        (tmp_path / "music").mkdir(exist_ok=True)
        (tmp_path / "music" / f"oboe_{'AB'[number]}4_1_forte_normal.mp3").write_bytes(content)
    command = [
        sys.executable,
        "-m",
        "studies.commands.cli",
        "data",
        "philharmonia",
        "--check",
        "--from",
        "music",
        "--home",
        ".",
    ]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "not used: oboe_B4_1_forte_normal.mp3: is not audio that can be decoded" in said.stdout
    assert [line.partition(":")[0] for line in said.stderr.splitlines()] == ["checking philharmonia"] * 2


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder of two classes of 24 files."""
    for place, name in enumerate(("great tit", "robin")):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for number in range(24):
            soundfile.write(
                tmp_path / "mine" / name / f"{number}.flac", note(300 + 50 * place + number)[::4], RATE // 4
            )
    return tmp_path / "mine"


def test_a_folder_of_ones_own_is_packed_under_a_name_and_a_study_runs_on_it(etude: Command, mine: Path, tmp_path: Path):
    code, out, err = etude("data", "birds", "--from", mine, "--home", tmp_path)
    assert code == 0, err
    assert "own-birds (real audio): 48 clips of 2 classes in 48 groups, 0 files not used" in out
    assert "at 11025 Hz" in out
    moved = (
        "yun_bi/kernel_shape",
        "--corpus",
        "birds",
        "--set",
        "frames=32",
        "--set",
        "hop=64",
        "--set",
        "seconds=.2",
    )
    code, out, err = etude("plan", *moved, "--scale", "smoke", "--home", tmp_path)
    assert code == 0, err
    assert "A conceptual replication on own-birds" in out
    assert "B2 copies on both sides" in out
    code, out, _ = etude("data", "birds", "--check", "--home", tmp_path)
    assert code == 0
    assert "unchanged" in out


def test_more_than_a_few_unusable_files_are_packed_around_only_if_asked(etude: Command, mine: Path, tmp_path: Path):
    for number in range(3):
        (mine / "robin" / f"bad {number}.wav").write_bytes(b"no audio %d" % number)
    code, out, err = etude("data", "birds", "--from", mine, "--home", tmp_path)
    assert code == 1
    assert out.count("is not audio that can be decoded") == 3
    assert sentence(err).startswith("3 of 51 files (5.9 %) cannot be used, and nothing was packed: mend them")
    assert not list((tmp_path / "corpora").glob("own-*"))
    code, out, err = etude("data", "birds", "--from", mine, "--incomplete", "--home", tmp_path)
    assert code == 0, err
    assert "48 clips of 2 classes in 48 groups, 3 files not used" in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("philharmonica", "Unknown corpus 'philharmonica': did you mean 'philharmonia'?"),
        ("My birds", "'My birds' cannot name a corpus: use lower-case letters and digits, with single underscores"),
    ],
)
def test_names_that_none_may_have(etude: Command, mine: Path, tmp_path: Path, name: str, said: str):
    code, _, err = etude("data", name, "--from", mine, "--home", tmp_path)
    assert code == 1
    assert said in err


def test_a_corpus_of_ones_own_that_was_never_packed_is_unknown(etude: Command, mine: Path, tmp_path: Path):
    assert etude("data", "birds", "--from", mine, "--home", tmp_path)[0] == 0
    code, _, err = etude("plan", "yun_bi/kernel_shape", "--corpus", "brids", "--home", tmp_path)
    assert code == 1
    assert "Unknown corpus 'brids': did you mean 'birds'? `etude data brids --from DIR` packs audio" in err
