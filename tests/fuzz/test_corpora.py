"""Whatever lies in a corpus's folder, it is packed whole or refused in a sentence, and the folder is left as it is."""

import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from fuzzing import fuzzed, held, json_values, letters, stray, texts, well_said
from hypothesis import event, given
from hypothesis import strategies as st

from trainables.corpora import CORPORA
from trainables.corpora.store import Store, load
from trainables.data.splitting import Divisions
from trainables.errors import InvalidSetting
from trainables.resolving import resolve

RATE = 8000
EXTENSIONS = {"gtzan": (".wav", ".au"), "irmas": (".wav",), "nsynth": (".wav",), "philharmonia": (".mp3",)}
FORMATS = {".wav": "WAV", ".au": "AU", ".mp3": "MP3"}


class Content(bytes):
    """The bytes of a file, in short where a case is printed."""

    def __repr__(self) -> str:
        return bytes(self).__repr__() if len(self) < 80 else f"<{len(self)} bytes from {bytes(self[:30])!r}>"


def sound(number: int, extension: str, subtype: str | None = None) -> bytes:
    """A short tone in a file; each number gives another one."""
    samples = 0.4 * np.sin(np.arange(1600) * (0.05 + 0.01 * number))
    content = io.BytesIO()
    soundfile.write(content, samples, RATE, format=FORMATS[extension], subtype=subtype)
    return content.getvalue()


def poisoned(value: float) -> bytes:
    """A file of floats in which some samples are no numbers, or beyond all bounds."""
    samples = np.sin(np.arange(800) * 0.1)
    samples[100:200] = value
    content = io.BytesIO()
    soundfile.write(content, samples, RATE, format="WAV", subtype="FLOAT")
    return content.getvalue()


def good_name(corpus: str, number: int) -> str:
    """A path as the corpus has them."""
    return {
        "gtzan": f"genres/{('blues', 'jazz')[number % 2]}/{('blues', 'jazz')[number % 2]}.{number:05d}",
        "irmas": f"{('cel', 'flu')[number % 2]}/[{('cel', 'flu')[number % 2]}][nod][pop_roc]{number:04d}__1",
        "nsynth": f"nsynth-{('train', 'valid', 'test')[number % 3]}/audio/bass_acoustic_{number:03d}-040-050",
        "philharmonia": f"{('oboe', 'flute')[number % 2]}/{('oboe', 'flute')[number % 2]}_A{number}_1_forte_normal",
    }[corpus]


def note(number: int) -> dict[str, Any]:
    """The entry of a note in examples.json."""
    named = {"instrument_str": f"bass_{number // 2}", "instrument_family_str": "bass", "instrument_source": 0}
    return {**named, "pitch": 40 + number, "velocity": 50, "qualities": [0] * 10}


def annotation(corpus: str, place: str, number: int) -> tuple[str, bytes] | None:
    """The file beside a good clip that says what it is, if the corpus has such files."""
    if corpus == "nsynth":
        folder, _, _ = place.partition("/audio/")
        notes = {Path(good_name(corpus, each)).name: note(each) for each in range(30)}
        return f"{folder}/examples.json", json.dumps(notes).encode()
    return (f"{place}.txt", b"cel\nflu\n") if corpus == "irmas" and number % 3 == 0 else None


names = st.text(letters | stray, min_size=1, max_size=20).filter(lambda name: name not in (".", ".."))


@st.composite
def contents(draw: st.DrawFn, extension: str) -> bytes:
    """A whole file, one cut short or changed, one of another kind, or anything."""
    whole = sound(draw(st.integers(0, 30)), extension)
    kind = draw(st.sampled_from(["whole", "whole", "cut", "changed", "bytes", "empty", "other", "poisoned"]))
    if kind == "cut":
        return whole[: draw(st.integers(0, len(whole)))]
    if kind == "changed":
        place, byte = draw(st.integers(0, len(whole) - 1)), draw(st.binary(min_size=1, max_size=8))
        return whole[:place] + byte + whole[place + len(byte) :]
    if kind == "poisoned":
        return poisoned(draw(st.sampled_from([np.nan, np.inf, -np.inf, 1e30])))
    others = {
        "bytes": draw(st.binary(max_size=200)),
        "empty": b"",
        "other": sound(1, draw(st.sampled_from([".wav", ".mp3"]))),
    }
    return others.get(kind, whole)


@st.composite
def trees(draw: st.DrawFn, corpus: str) -> dict[str, Any]:
    """Paths below a folder, and the bytes of each, or what else lies there."""
    extension = draw(st.sampled_from(EXTENSIONS[corpus]))
    tree: dict[str, Any] = {}
    for number in draw(st.lists(st.integers(0, 25), unique=True, max_size=6)):
        place = good_name(corpus, number)
        tree[place + extension] = Content(sound(number, extension))
        if beside := annotation(corpus, place, number):
            tree[beside[0]] = Content(beside[1])
    hostile = names | st.builds(lambda n, s: good_name(corpus, n) + s, st.integers(0, 25), st.just("") | names)
    for name in draw(st.lists(hostile, max_size=4)):
        suffix = draw(st.sampled_from([extension, extension, extension.upper(), ".txt", "", ".json"]))
        tree[name + suffix] = draw(contents(extension).map(Content) | st.sampled_from([Path, "link", "loop", "pipe"]))
    if draw(st.booleans()):
        where = draw(st.sampled_from([*tree, "examples.json", "nsynth-test/examples.json", "RENDERED.txt"]))
        text = draw(
            json_values.map(json.dumps)
            | texts
            | st.dictionaries(
                st.sampled_from([Path(name).stem for name in [*tree, "x"]]), json_values | st.just(note(1)), max_size=3
            ).map(json.dumps)
        )
        tree[where] = text.encode(errors="surrogateescape")
    return tree


def laid_out(folder: Path, tree: dict[str, Any]) -> None:
    """Make the files of a tree; those that no file system holds are left out."""
    folder.mkdir()
    for name, content in tree.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is Path:
                path.mkdir()
            elif content == "pipe":
                os.mkfifo(path)
            elif content in ("link", "loop"):
                path.symlink_to("nowhere" if content == "link" else ".")
            else:
                path.write_bytes(content)
        except OSError:
            continue


def check_folder(corpus: str, tree: dict[str, Any]) -> None:
    """Pack a tree, and look at what came of it."""
    with tempfile.TemporaryDirectory() as place:
        folder, home = Path(place) / "files", Path(place) / "home"
        laid_out(folder, tree)
        before = held(folder)
        looked = well_said("data", corpus, "--check", "--from", folder, "--home", home)
        said = well_said("data", corpus, "--from", folder, "--home", home)
        assert held(folder) == before
        assert said.code in (0, 1)
        assert looked.code == said.code
        event("packed" if said.code == 0 else "refused")
        there = list((home / "corpora").glob("*")) + list((home / "corpora").glob(".*"))
        assert len(there) == (said.code == 0), there
        if said.code == 0:
            store = load(there[0])
            assert well_said("data", corpus, "--check", "--home", home).code == 0
            before = held(home)
            assert well_said("data", corpus, "--from", folder, "--home", home).code == 0
            assert held(home) == before
            check_splits(corpus, store)


def check_splits(corpus: str, store: Store) -> None:
    """Each protocol divides the clips, or says why it cannot."""
    for protocol in CORPORA[corpus].protocols.values():
        for fold, folds in ((0, 1), (1, 2)):
            named = {"corpus": corpus, "protocol": protocol.name, "split_seed": 3, "fold": fold, "folds": folds}
            try:
                division = Divisions(store).of(resolve(named))
                table, split = division.table, division.split
            except InvalidSetting:
                continue
            assert len(split.train), protocol.name
            assert set(np.concatenate(list(vars(split).values()))) <= set(range(len(table)))


@pytest.mark.parametrize("corpus", EXTENSIONS)
def test_folder_is_packed_or_refused(corpus: str) -> None:
    @fuzzed(0.05)
    @given(trees(corpus))
    def check(tree: dict[str, Any]) -> None:
        check_folder(corpus, tree)

    check()
