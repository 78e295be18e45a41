"""Evidence of many runs in one file that is checked by digests, and runs of several places joined."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

from analysis.digests import TABLES, run_digest
from analysis.runs import STUDY, understood
from studies.driver.evidence import COPIED, contents
from studies.remote.mirror import COPIES
from studies.tasks import read_json
from trainables.errors import UserError
from trainables.storage import files

MANIFEST = "SHA256SUMS"
"""The file of an archive that lists the SHA-256 of every other, as `sha256sum --check` reads it."""
# What reading a damaged archive raises; RuntimeError where a bit says that it is encrypted.
DAMAGE = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, RuntimeError)
# The time of every file in an archive, the first that there can be: bytes are to depend on contents alone.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_archive(runs: Iterable[Path], file: Path) -> None:
    """Write the evidence of finished runs into one file: the same runs always give the same bytes.

    Raises RunError for a run that is not finished, and UserError where the file is there and no archive.
    """
    if file.exists():
        listed(file)
    kept = {f"{run.name}/{name}": content for run in runs for name, content in contents(run)}
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(kept.items()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted({**kept, MANIFEST: sums.encode()}.items()):
            # Tables are compressed already.
            packing = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content, packing, 9)
    files.replace(file, buffer.getvalue())


def unpacked(archive: Path, home: Path) -> Path:
    """The runs of an archive as a folder below `home`, each file as its digest says.

    Raises UserError for what is no archive of runs, and for a file that is not what was packed.
    """
    sums = listed(archive)
    target = home.absolute() / COPIES / f"{archive.stem}-{sha256(archive.read_bytes()).hexdigest()[:12]}"
    if (target / MANIFEST).exists():
        return target
    with zipfile.ZipFile(archive) as opened:
        for name, digest in sums.items():
            files.replace(target / name, checked(opened, name, digest, archive))
        files.replace(target / MANIFEST, opened.read(MANIFEST))
    return target


def listed(archive: Path) -> Mapping[str, str]:
    """By its name the digest of each file of an archive."""
    try:
        with zipfile.ZipFile(archive) as opened:
            lines = opened.read(MANIFEST).decode().splitlines()
        found = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except DAMAGE:
        raise UserError(f"{archive} is no archive of runs, or is damaged: `etude archive` writes one.") from None
    if strange := [name for name in found if not is_evidence(PurePosixPath(name))]:
        raise UserError(f"{archive} is no archive of runs: it lists '{strange[0]}', which is no file of one.")
    return found


def is_evidence(name: PurePosixPath) -> bool:
    """Whether a name in an archive is that of a file of a run, and leads nowhere else."""
    return len(name.parts) == 2 and name.parts[0] not in ("..", "/") and name.parts[1] in (*COPIED, *TABLES)


def checked(opened: zipfile.ZipFile, name: str, digest: str, archive: Path) -> bytes:
    try:
        content = opened.read(name)
    except DAMAGE:
        content = b""
    if sha256(content).hexdigest() != digest:
        raise UserError(f"{archive} is damaged: {name} is not what was packed; get the file again.")
    return content


def joined(places: Iterable[Path], home: Path) -> list[Path]:
    """The finished runs in these folders and archives, each once and each place with one.

    Raises UserError where there is none, and where two runs of one name differ.
    """
    return once(run for place in places for run in in_place(place, home))


def in_place(place: Path, home: Path) -> Sequence[Path]:
    found = finished(unpacked(place, home) if place.is_file() else place)
    if not found:
        raise UserError(f"{place} holds no finished run: give a run's folder, one of runs, or an archive.")
    return found


def finished(folder: Path) -> list[Path]:
    """The finished runs in a folder, which may be one itself, in order of name."""
    paths = [folder / STUDY] if (folder / STUDY).exists() else sorted(folder.glob(f"*/{STUDY}"))
    return [path.parent for path in paths if is_finished(path)]


def is_finished(path: Path) -> bool:
    """Whether a study.json says that its run is finished."""
    with understood(path.parent):
        return bool(read_json(path)["progress"]["finished"])


def once(runs: Iterable[Path]) -> list[Path]:
    """Each run once, in order of name; raises UserError where two of one name do not say the same."""
    found: dict[str, Path] = {}
    for run in runs:
        known = found.setdefault(run.name, run)
        if known != run and digest_of(known) != digest_of(run):
            raise UserError(f"{known} and {run} have one name and differ: rename one of them, or leave it out.")
    return [found[name] for name in sorted(found)]


def digest_of(run: Path) -> str:
    with understood(run):
        return run_digest(run)
