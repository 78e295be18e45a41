"""A corpus from its archives: what is said first, what fits, and what remains after each failure."""

import hashlib
import io
import os
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from trainables.corpora import CORPORA
from trainables.corpora.corpus import Corpus, Remote, silent_progress
from trainables.downloads import downloading, fetching
from trainables.downloads.downloading import download, some_of
from trainables.errors import InvalidSetting, UserError

FILES = {f"oboe/oboe_{pitch}4_1_forte_normal.mp3": random.Random(pitch).randbytes(50_000) for pitch in "ABCDEF"}


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.0)


@pytest.fixture
def corpus(server, serving) -> Corpus:
    """Two archives of a few files each, served."""
    remotes = []
    for number, names in enumerate((list(FILES)[:3], list(FILES)[3:]), start=1):
        content = zipped({name: FILES[name] for name in names})
        server.files[f"part{number}.zip"] = serving.Served(content)
        checksum = hashlib.sha256(content).hexdigest()
        remotes.append(Remote(server.url(f"part{number}.zip"), checksum, len(content), verified=True))
    return replace(CORPORA["philharmonia"], remotes=tuple(remotes))


def changed(corpus: Corpus, **values: object) -> Corpus:
    """The corpus with the first archive's entry changed, and without the second."""
    return replace(corpus, remotes=(replace(corpus.remotes[0], **values),))


def get(corpus: Corpus, folder: Path, tell: Callable[[str], None] = lambda text: None) -> Path:
    return download(corpus, folder, tell, lambda name: silent_progress)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_all_archives_are_unpacked_and_not_fetched_again(server, corpus, tmp_path) -> None:
    folder = get(corpus, tmp_path / "downloads" / "here")
    assert left(folder) == ["part1", "part2"]
    assert {clip.path for clip in corpus.scan(folder).clips} == {
        f"part{1 + place // 3}/{name}" for place, name in enumerate(FILES)
    }
    requests = len(server.requests)
    said: list[str] = []
    get(corpus, folder, said.append)
    assert len(server.requests) == requests
    assert said[-1] == f"All archives have been downloaded and unpacked in {folder}."


def test_some_archives_are_fetched_alone(server, corpus, tmp_path) -> None:
    get(some_of(corpus, ["part2"]), tmp_path)
    assert left(tmp_path) == ["part2"]
    assert some_of(corpus, []) == corpus
    with pytest.raises(InvalidSetting, match=r"Unknown archive of .* 'part3': did you mean 'part"):
        some_of(corpus, ["part1", "part3"])


def test_licence_and_home_page_come_before_the_first_request(server, corpus, tmp_path) -> None:
    said: list[tuple[str, int]] = []
    get(corpus, tmp_path, lambda text: said.append((text, len(server.requests))))
    assert any(corpus.home_page in text for text, _ in said)
    assert any(corpus.licence in text for text, _ in said)
    assert {requests for _, requests in said} == {0}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sha256": None, "verified": False}, "is unverified: no checksum of it is published"),
        ({"sha256": None, "verified": True}, "is unverified: no checksum of it is published"),
        ({"verified": False}, "is unverified: it is a copy, which is used only if its checksum is"),
        ({"dead": ("http://gone/a.zip",)}, "http://gone/a.zip is out of service and not tried."),
        ({"files": 3}, "part1.zip holds 3 audio files, as many as are known of."),
        ({"files": 13_683}, "part1.zip holds 3 audio files where 13,683 are known of: it has changed."),
    ],
)
def test_what_nobody_can_vouch_for_is_told(corpus, tmp_path, values, words) -> None:
    said: list[str] = []
    get(changed(corpus, **values), tmp_path, said.append)
    assert [words in text for text in said].count(True) == 1
    said.clear()
    get(changed(corpus), tmp_path / "other", said.append)
    assert len(said) == 2


@pytest.mark.parametrize("size", [None, 1])
def test_room_is_looked_for_before_the_first_byte(server, corpus, tmp_path, monkeypatch, size) -> None:
    content = len(server.files["part1.zip"].content)
    one = changed(corpus, bytes=size and content)
    monkeypatch.setattr(downloading.shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * content - 1))
    with pytest.raises(UserError, match=r"The archives take 0\.0 GB and .* GB free: make room there, or choose"):
        get(one, tmp_path)
    assert server.sent == []
    # What has arrived already takes no more room.
    (tmp_path / "part1.zip.part").write_bytes(server.files["part1.zip"].content[:1])
    monkeypatch.setattr("trainables.downloads.unpacking.KEPT_FREE", 0)
    get(one, tmp_path)


def test_a_full_disk_is_one_sentence_and_what_has_arrived_is_gone_on_with(server, corpus, small_disk) -> None:
    (small_disk / "filler").write_bytes(bytes(2**20 - 80_000))
    one = changed(corpus, bytes=None)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(UserError, match=r"Cannot write .* \(No space left on"):
        # Another program fills the disk after the look at it.
        patch.setattr(downloading.shutil, "disk_usage", lambda _: SimpleNamespace(free=2**40))
        get(one, small_disk)
    assert set(left(small_disk)) <= {"filler", "part1.zip.part", "part1.zip.part.version"}
    arrived = (small_disk / "part1.zip.part").stat().st_size
    (small_disk / "filler").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainables.downloads.unpacking.KEPT_FREE", 0)
        get(one, small_disk)
    assert left(small_disk) == ["part1"]
    assert server.sent[-1] == len(server.files["part1.zip"].content) - arrived > 0


def test_a_disk_that_is_full_when_unpacking_keeps_the_archive_alone(server, corpus, small_disk) -> None:
    one, size = changed(corpus, bytes=None), len(server.files["part1.zip"].content)
    (small_disk / "filler").write_bytes(bytes(2**20 - size - 80_000))
    with pytest.MonkeyPatch.context() as patch, pytest.raises(UserError, match=r"Cannot write .* \(No space left on"):
        patch.setattr(downloading.shutil, "disk_usage", lambda _: SimpleNamespace(free=2**40))
        get(one, small_disk)
    assert left(small_disk) == ["filler", "part1.zip"]


def test_a_disk_that_cannot_be_written_is_one_sentence(corpus, tmp_path, monkeypatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(fetching.os, "fsync", full)
    with pytest.raises(UserError, match=r"Cannot write downloaded files to .*No space left on device"):
        get(corpus, tmp_path)
    assert left(tmp_path) == ["part1.zip.part", "part1.zip.part.version"]


def test_unpacking_that_was_interrupted_goes_on_without_the_network(server, corpus, tmp_path, monkeypatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(downloading, "publish", interrupt)
        get(changed(corpus), tmp_path)
    assert left(tmp_path) == ["part1.zip"]
    (tmp_path / ".part1.unpacking").mkdir()  # As a process leaves it that was killed.
    (tmp_path / ".part1.unpacking/half.mp3").write_bytes(b"half")
    sent = len(server.sent)
    folder = get(changed(corpus), tmp_path)
    assert len(server.sent) == sent
    assert left(folder) == ["part1"]
    assert len(list(folder.rglob("*.mp3"))) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"../out.mp3": b""}), r"part1.zip holds '../out.mp3', a name that may lead out of its folder: nothing"),
        (zipped(FILES)[:99_999], r"part1.zip is damaged or cut short \(File is not a zip file\): nothing of it has"),
    ],
)
def test_an_archive_that_must_not_be_unpacked_is_set_aside(server, corpus, tmp_path, content, reason) -> None:
    good, server.files["part1.zip"].content = server.files["part1.zip"].content, content
    one = changed(corpus, sha256=None, bytes=None)
    folder = tmp_path / "here"
    with pytest.raises(UserError, match=reason):
        get(one, folder)
    assert left(folder) == ["part1.zip.refused"]
    assert left(tmp_path) == ["here"]
    server.files["part1.zip"].content = good
    assert left(get(one, folder)) == ["part1", "part1.zip.refused"]


def test_a_part_that_cannot_be_had_costs_no_other(server, corpus, tmp_path) -> None:
    gone = server.files.pop("part2.zip")
    with pytest.raises(UserError, match=r"part2.zip .*answers 404"):
        get(corpus, tmp_path)
    assert left(tmp_path) == ["part1"]
    server.files["part2.zip"] = gone
    sent = len(server.sent)
    assert left(get(corpus, tmp_path)) == ["part1", "part2"]
    assert len(server.sent) == sent + 1


@pytest.mark.parametrize("name", sorted(CORPORA))
def test_remotes_are_whole(name) -> None:
    remotes = CORPORA[name].remotes
    places = [downloading.unpacked_folder(remote, Path()) for remote in remotes]
    assert len(set(places)) == len(remotes)
    for remote, place in zip(remotes, places, strict=True):
        assert remote.name.removeprefix(place.name) in downloading.SUFFIXES
        assert all(url.startswith(("http://", "https://")) for url in (remote.url, *remote.mirrors, *remote.dead))
        assert remote.url not in remote.dead
        assert remote.sha256 is None or len(remote.sha256) == 64
        assert remote.md5 is None or len(remote.md5) == 32
        assert bool(remote.sha256 or remote.md5) or not remote.verified
