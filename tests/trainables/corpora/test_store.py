"""The packed store: content, faulty files, and that nothing half written is ever taken."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trainables.corpora import decoding, packing, store
from trainables.corpora.corpus import MARKER, Corpus
from trainables.corpora.store import STORE, load, open_store, pack
from trainables.errors import UserError


def problems(folder: Path, corpus: Corpus) -> dict[str, str]:
    table = pack(corpus, folder, folder.parent / "root").problems
    return dict(zip(table["path"], table["reason"], strict=True))


def entries(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_a_folder_is_decoded_once(folder: Path, corpus: Corpus, tmp_path: Path, monkeypatch) -> None:
    first = pack(corpus, folder, tmp_path / "root")
    assert first.labels == ["oboe", "violin"]
    assert not first.rendered
    monkeypatch.setattr(packing, "decode", lambda *_: pytest.fail("decoded again"))
    again = pack(corpus, folder, tmp_path / "root")
    assert again.digest == first.digest
    assert np.array_equal(again.audio, first.audio)
    assert entries(tmp_path / "root") == [first.path.name]


def test_an_edited_file_is_noticed(folder: Path, corpus: Corpus, tmp_path: Path, write) -> None:
    first = pack(corpus, folder, tmp_path / "root")
    file = folder / "oboe/oboe_A4_1_forte_normal.mp3"
    before = file.stat()
    write(file, 450)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert pack(corpus, folder, tmp_path / "root").digest != first.digest


def test_the_digest_is_of_the_content_alone(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    first = pack(corpus, folder, tmp_path / "root")
    moved = tmp_path / "elsewhere"
    for number, path in enumerate(sorted(folder.rglob("*.[mM][pP]3"), reverse=True)):
        target = moved / str(number) / path.name
        target.parent.mkdir(parents=True)
        shutil.copyfile(path, target)
    second = pack(corpus, moved, tmp_path / "root")
    assert second.digest == first.digest
    columns = ["label", "group", "onset", "digest"]
    assert second.clips[columns].equals(first.clips[columns])
    assert second.clips["clip"].tolist() != first.clips["clip"].tolist()
    assert all(np.array_equal(first.samples(row), second.samples(row)) for row in range(4))


def test_the_group_counts_in_the_digest(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    first = pack(corpus, folder, tmp_path / "root")
    (folder / "violin_B4_1_forte_arco-normal.mp3").rename(folder / "violin_C5_1_forte_arco-normal.mp3")
    assert pack(corpus, folder, tmp_path / "root").digest != first.digest


@pytest.mark.parametrize("jump", [-(10**9), 10**9])
def test_a_clock_that_jumps_does_not_change_which_store_is_opened(
    folder: Path, corpus: Corpus, tmp_path: Path, write, jump: int
) -> None:
    root = tmp_path / "root"
    first = pack(corpus, folder, root)
    when = time.time_ns() + jump * 10**9
    os.utime(first.path / STORE, ns=(when, when))
    write(folder / "oboe/oboe_A4_1_forte_normal.mp3", 450)
    second = pack(corpus, folder, root)
    assert open_store(root, corpus.name).digest == second.digest != first.digest
    write(folder / "oboe/oboe_A4_1_forte_normal.mp3", 440)
    assert pack(corpus, folder, root).digest == first.digest
    assert open_store(root, corpus.name).digest == first.digest


def test_progress_counts_to_the_end(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    pack(corpus, folder, tmp_path / "root", lambda done, total: calls.append((done, total)))
    assert calls == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_faulty_files_are_listed_and_skipped(folder: Path, corpus: Corpus) -> None:
    (folder / "oboe_C4_1_forte_normal.mp3").touch()
    (folder / "oboe_D4_1_forte_normal.mp3").write_bytes(b"this is no music" * 99)
    (folder / "oboe-E4.mp3").write_bytes(b"name of one part")
    found = problems(folder, corpus)
    assert found["oboe_C4_1_forte_normal.mp3"] == "is empty (0 bytes)"
    assert found["oboe_D4_1_forte_normal.mp3"].startswith("is not audio that can be decoded")
    assert found["oboe-E4.mp3"] == "has a name that is not instrument_pitch_length_dynamic_articulation"
    assert len(found) == 3


def test_a_name_that_is_no_text_is_spelt_out_and_skipped(folder: Path, corpus: Corpus) -> None:
    """As archives made on other systems leave them."""
    (folder / "oboe_C4_1_forte_norm\udce9l.mp3").write_bytes((folder / "oboe/oboe_A4_1_forte_normal.mp3").read_bytes())
    assert problems(folder, corpus) == {
        "oboe_C4_1_forte_norm\\udce9l.mp3": "has a name, or a label, that is no UTF-8",
    }


def test_silence_is_no_clip(folder: Path, corpus: Corpus, monkeypatch) -> None:
    silent = folder / "oboe_C4_1_forte_normal.mp3"
    decoding.soundfile.write(silent, np.zeros(9000), 44_100, format="MP3")
    assert problems(folder, corpus) == {silent.name: "holds no sound"}


def test_equal_bytes_under_one_label_are_kept_once(folder: Path, corpus: Corpus) -> None:
    shutil.copyfile(folder / "oboe/oboe_A4_1_forte_normal.mp3", folder / "oboe_A4_15_forte_normal.mp3")
    found = problems(folder, corpus)
    assert found == {"oboe_A4_15_forte_normal.mp3": "has the same bytes as oboe/oboe_A4_1_forte_normal.mp3"}


def test_equal_bytes_under_two_labels_are_all_refused(folder: Path, corpus: Corpus) -> None:
    original = folder / "oboe/oboe_A4_1_forte_normal.mp3"
    shutil.copyfile(original, folder / "viola_A4_15_forte_normal.mp3")
    shutil.copyfile(original, folder / "viola_A4_1_forte_normal.mp3")
    found = problems(folder, corpus)
    assert set(found) == {
        "oboe/oboe_A4_1_forte_normal.mp3",
        "viola_A4_15_forte_normal.mp3",
        "viola_A4_1_forte_normal.mp3",
    }
    assert all("of another label" in reason for reason in found.values())


def test_a_corpus_may_keep_repeats_and_then_their_groups_are_one(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    original = folder / "oboe/oboe_A4_1_forte_normal.mp3"
    for name in ("oboe_C4_1_forte_normal", "viola_D4_1_forte_normal"):
        shutil.copyfile(original, folder / f"{name}.mp3")
    shutil.copyfile(folder / "violin_B4_1_forte_arco-normal.mp3", folder / "oboe_C4_15_forte_normal.mp3")
    keeping = replace(corpus, keeps_repeats=True)
    store = pack(keeping, folder, tmp_path / "root")
    assert store.problems.empty
    groups = store.clips.set_index(store.clips["label"] + " " + store.clips["pitch"])["group"]
    assert len(groups) == 7
    one = {"oboe A4", "oboe C4", "viola D4", "violin B4"}
    assert {name for name, group in groups.items() if group == "oboe A4"} == one
    assert sorted(set(groups) - {"oboe A4"}) == ["oboe B4", "violin A4"]


def test_decisive_columns_count_in_the_digest(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    file = folder / "oboe/oboe_A4_1_forte_normal.mp3"
    deciding = replace(corpus, decisive=("dynamic",))
    digests = [pack(each, folder, tmp_path / str(each.decisive)).digest for each in (corpus, deciding)]
    file.rename(file.with_name("oboe_A4_1_piano_normal.mp3"))
    digests += [pack(each, folder, tmp_path / str(each.decisive)).digest for each in (corpus, deciding)]
    assert digests[0] == digests[2]
    assert len(set(digests)) == 3


def test_another_spelling_is_no_other_label(folder: Path, corpus: Corpus, write) -> None:
    original = write(folder / "cor-anglais_A4_1_forte_normal.mp3", 300)
    shutil.copyfile(original, folder / "english horn_A4_1_forte_normal.mp3")
    assert problems(folder, corpus) == {
        "english horn_A4_1_forte_normal.mp3": "has the same bytes as cor-anglais_A4_1_forte_normal.mp3"
    }


def test_a_repaired_folder_lists_its_problems_no_more(folder: Path, corpus: Corpus) -> None:
    faulty = folder / "oboe_C4_1_forte_normal.mp3"
    faulty.touch()
    assert problems(folder, corpus)
    faulty.unlink()
    assert not problems(folder, corpus)
    assert len(entries(folder.parent / "root")) == 1


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: folder, "There is no folder"),
        (lambda folder: folder.write_text(""), "is a file: give the folder"),
        (lambda folder: folder.mkdir(), r"holds no \.mp3: give the folder"),
        (lambda folder: (folder.mkdir(), (folder / "a.Wav").touch()), r"holds no \.mp3; 1 \.wav passed over: give the"),
        (lambda folder: (folder.mkdir(), (folder / "all.zip").touch()), "unpack the zip files"),
        (lambda folder: (folder.mkdir(), (folder / "all.tar.gz").touch()), "or archives in it first"),
        (lambda folder: (folder.mkdir(), (folder / "oboe_A4_1_f_n.mp3").touch()), "None of the 1 audio files"),
        (lambda folder: (folder.mkdir(), (folder / "oboe_A4_1_f_n.mp3").write_text("?")), "None of the files"),
    ],
)
def test_a_useless_folder_is_refused(tmp_path: Path, corpus: Corpus, prepare: Callable, message: str) -> None:
    prepare(tmp_path / "music")
    with pytest.raises(UserError, match=message):
        pack(corpus, tmp_path / "music", tmp_path / "root")
    assert not (tmp_path / "root").exists() or not entries(tmp_path / "root")


def test_an_interrupted_packing_leaves_nothing(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(corpus, folder, tmp_path / "root", interrupt)
    assert entries(tmp_path / "root") == []


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from trainables.corpora import CORPORA
    from trainables.corpora.store import pack
    kill = lambda done, total: done == 3 and os.kill(os.getpid(), signal.SIGKILL)
    pack(CORPORA["philharmonia"], Path(sys.argv[1]), Path(sys.argv[2]), kill)
"""


def test_a_killed_packing_is_never_opened_and_is_cleared_away(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    root = tmp_path / "root"
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(folder), str(root)]
    ended = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert ended.returncode == -signal.SIGKILL
    assert entries(root) == [".packing"]
    with pytest.raises(UserError, match="There is no packed audio"):
        open_store(root, corpus.name)
    assert entries(root) == [".packing"]
    assert len(pack(corpus, folder, root).clips) == 4
    assert entries(root) == [open_store(root, corpus.name).path.name]


@pytest.mark.parametrize("place", ["_write_audio", "_to_disk", "publish"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    folder: Path, corpus: Corpus, tmp_path: Path, monkeypatch, place: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(packing, place, full)
    with pytest.raises(UserError, match=r"No space left on device.*make room"):
        pack(corpus, folder, tmp_path / "root")
    assert entries(tmp_path / "root") == []


def test_a_root_that_cannot_be_written_is_one_sentence(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "root").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="Cannot write the packed corpus"):
        pack(corpus, folder, tmp_path / "root" / "below")


def test_real_and_rendered_audio_are_told_apart(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (folder / MARKER).touch()
    rendered = pack(corpus, folder, root)
    with pytest.raises(UserError, match="There is no packed real audio"):
        open_store(root, corpus.name, rendered=False)
    (folder / MARKER).unlink()
    real = pack(corpus, folder, root)
    assert rendered.path != real.path
    assert open_store(root, corpus.name).path == real.path
    assert open_store(root, corpus.name, rendered=True).path == rendered.path


def test_the_store_packed_or_requested_last_is_opened(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    root = tmp_path / "root"
    all_four = pack(corpus, folder, root)
    hidden = folder / "violin_B4_1_forte_arco-normal.mp3"
    hidden.rename(tmp_path / hidden.name)
    three = pack(corpus, folder, root)
    assert open_store(root, corpus.name).digest == three.digest
    (tmp_path / hidden.name).rename(hidden)
    pack(corpus, folder, root)
    assert open_store(root, corpus.name).digest == all_four.digest


@pytest.mark.parametrize("name", [store.AUDIO, store.CLIPS, STORE])
def test_a_damaged_store_is_refused_and_packed_anew(folder: Path, corpus: Corpus, tmp_path: Path, name: str) -> None:
    packed = pack(corpus, folder, tmp_path / "root")
    content = (packed.path / name).read_bytes()
    (packed.path / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match="delete that folder and pack the corpus again"):
        load(packed.path)
    assert load(pack(corpus, folder, tmp_path / "root").path).digest == packed.digest


def test_a_store_of_another_version_is_refused(folder: Path, corpus: Corpus, tmp_path: Path) -> None:
    packed = pack(corpus, folder, tmp_path / "root")
    text = (packed.path / STORE).read_text()
    (packed.path / STORE).write_text(text.replace(f'"format": {packing.FORMAT}', '"format": 999'))
    with pytest.raises(UserError, match="format 999"):
        load(packed.path)
