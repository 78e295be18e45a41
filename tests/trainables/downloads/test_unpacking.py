"""Archives, also those that somebody made with intent."""

import io
import random
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from trainables.corpora.corpus import silent_progress
from trainables.downloads import unpacking
from trainables.downloads.unpacking import Unusable, unpack

NOISE = random.Random(0).randbytes(100_000)
Entries = dict[str, bytes]


def zipped(path: Path, entries: Entries) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, entries: Entries) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


MAKERS = {"a.zip": zipped, "a.tar.gz": tarred}


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Entries], Path]:
    return lambda entries: MAKERS[request.param](tmp_path / request.param, entries)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "target").mkdir()
    return tmp_path / "target"


def found(target: Path) -> Entries:
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}


def refused(archive: Path, target: Path, reason: str) -> None:
    """The archive is refused for that reason, and nothing is written beside the target."""
    before = found(target.parent)
    with pytest.raises(Unusable, match=reason) as raised:
        unpack(archive, target, silent_progress)
    assert "\n" not in str(raised.value)
    assert {name: content for name, content in found(target.parent).items() if not name.startswith("target")} == before


def test_what_is_in_comes_out(make, target) -> None:
    entries = {"one.wav": NOISE, "deep/er/two.wav": b"", "deep/three.txt": b"three", "./four.wav": b"4"}
    calls: list[tuple[int, int]] = []
    archive = make(entries)
    unpack(archive, target, lambda *call: calls.append(call))
    assert found(target) == {name.removeprefix("./"): content for name, content in entries.items()}
    assert calls[-1] == (archive.stat().st_size, archive.stat().st_size)
    assert calls == sorted(calls)


def test_files_get_no_rights_from_the_archive(tmp_path, target) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("run.wav")
        info.mode, info.uid = 0o6777, 12345
        archive.addfile(info)
    unpack(tmp_path / "a.tar.gz", target, silent_progress)
    assert stat.S_IMODE((target / "run.wav").stat().st_mode) & 0o7133 == 0


@pytest.mark.parametrize(
    "name",
    ["../out.wav", "deep/../../out.wav", "/out.wav", "//out.wav", "C:/out.wav", "C:out.wav", "deep\\..\\out.wav"],
)
def test_names_that_lead_out_are_refused(make, target, name) -> None:
    refused(make({"one.wav": NOISE, name: b"out"}), target, "a name that may lead out of its folder")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
@pytest.mark.parametrize("points", ["../../out", "/etc/passwd", "one.wav"])
def test_links_and_devices_in_a_tar_are_refused(tmp_path, target, kind, points) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname, info.devmajor, info.devminor = kind, points, 1, 3
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("link/out.wav"))
    refused(tmp_path / "a.tar.gz", target, "holds link, which is no file but a link or device")
    assert not list(target.rglob("*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_are_refused(tmp_path, target, kind) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "../../out")
        archive.writestr("link/out.wav", "")
    refused(tmp_path / "a.zip", target, "holds link, which is no file but a link or device")
    assert not list(target.rglob("*"))


@pytest.mark.parametrize("names", [("a.wav", "A.WAV"), ("é.wav", "e\u0301.wav"), ("deep/a.wav", "Deep/A.wav")])
def test_two_names_that_some_disks_take_for_one_are_refused(make, target, names) -> None:
    refused(make(dict.fromkeys(names, b"")), target, "holds two entries of one name")


@pytest.mark.parametrize("names", [("a", "A/b.wav"), ("a/b.wav", "A")])
def test_a_file_that_is_also_a_folder_is_refused(make, target, names) -> None:
    refused(make(dict.fromkeys(names, b"")), target, "both as a file and as a folder|two entries of one name")


@pytest.mark.parametrize("name", [".", "./"])
def test_a_file_without_a_name_is_refused(tmp_path, target, name) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo(name))
    refused(tmp_path / "a.tar.gz", target, "two entries of one name")


def test_an_archive_that_swells_beyond_reason_is_refused(make, target, monkeypatch) -> None:
    monkeypatch.setattr(unpacking, "LEAST_ALLOWED", 1_000_000)
    refused(make({f"{number}.wav": bytes(300_000) for number in range(5)}), target, "unpacks to more than such an arch")
    assert sum(path.stat().st_size for path in target.rglob("*")) <= 1_000_000


def test_an_archive_that_would_fill_the_disk_is_refused(make, target, monkeypatch) -> None:
    free = unpacking.KEPT_FREE + 150_000
    monkeypatch.setattr(unpacking.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    refused(make({"one.wav": NOISE, "two.wav": NOISE}), target, "or than there is room for")
    assert [path.name for path in target.iterdir()] == ["one.wav"]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.98, 0.999])
def test_an_archive_that_is_cut_short_is_refused(make, target, share) -> None:
    archive = make({f"{number}.wav": NOISE for number in range(4)})
    content = archive.read_bytes()
    archive.write_bytes(content[: int(share * len(content))])
    refused(archive, target, "is damaged or cut short")


@pytest.mark.parametrize("name", MAKERS)
def test_bytes_that_changed_are_noticed(tmp_path, target, name) -> None:
    archive = MAKERS[name](tmp_path / name, {"one.wav": NOISE, "two.wav": NOISE})
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 255
    archive.write_bytes(content)
    refused(archive, target, "is damaged or cut short")


@pytest.mark.parametrize("name", MAKERS)
def test_what_is_no_archive_is_refused(tmp_path, target, name) -> None:
    (tmp_path / name).write_bytes(b"<html>not here</html>" * 99)
    refused(tmp_path / name, target, "is damaged or cut short")


def test_an_encrypted_zip_is_refused(tmp_path, target) -> None:
    archive = zipped(tmp_path / "a.zip", {"one.wav": b"secret"})
    content = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    archive.write_bytes(content)
    refused(archive, target, "is damaged or cut short .*password")


def test_zips_in_a_zip_are_unpacked_into_folders_of_their_names(tmp_path, target) -> None:
    inner = zipped(tmp_path / "inner.zip", {"one.mp3": NOISE, "deep/two.mp3": b"2"}).read_bytes()
    mac = {"__MACOSX/._banjo.zip": b"no zip at all"}
    unpack(zipped(tmp_path / "a.zip", {"all/banjo.zip": inner, **mac}), target, silent_progress)
    assert found(target) == {"all/banjo/one.mp3": NOISE, "all/banjo/deep/two.mp3": b"2", **mac}


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"../../out.mp3": b""}, "may lead out"),
        ({"/out.mp3": b""}, "may lead out"),
        ({f"{number}": bytes(300_000) for number in range(5)}, "unpacks to more"),
    ],
)
def test_a_zip_in_a_zip_is_trusted_no_more(tmp_path, target, monkeypatch, entries, reason) -> None:
    monkeypatch.setattr(unpacking, "LEAST_ALLOWED", 1_000_000)
    inner = zipped(tmp_path / "inner.zip", entries).read_bytes()
    refused(zipped(tmp_path / "a.zip", {"banjo.zip": inner}), target, reason)


def test_a_zip_in_a_zip_that_is_cut_short_is_refused(tmp_path, target) -> None:
    inner = zipped(tmp_path / "inner.zip", {"one.mp3": NOISE}).read_bytes()
    refused(zipped(tmp_path / "a.zip", {"banjo.zip": inner[:50_000]}), target, "is damaged or cut short")


def test_a_zip_in_a_zip_does_not_write_over_others(tmp_path, target) -> None:
    inner = zipped(tmp_path / "inner.zip", {"one.mp3": b"other"}).read_bytes()
    refused(zipped(tmp_path / "a.zip", {"banjo/one.mp3": NOISE, "banjo.zip": inner}), target, "two entries of one name")
    assert (target / "banjo/one.mp3").read_bytes() == NOISE
