"""All archives of a corpus: announced, fetched, checked and unpacked into one folder."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from trainables.corpora.corpus import Corpus, Progress, Remote
from trainables.corpora.folders import alone, publish, unfinished, writable
from trainables.downloads.fetching import fetch, set_aside, size_of
from trainables.downloads.unpacking import Unusable, unpack
from trainables.errors import UserError, checked

TIMES_UNPACKED = 2
"""How many times its size an archive of audio takes when unpacked, at most: 1.6 is the most known, of NSynth."""

SUFFIXES = (".zip", ".tar.gz", ".tgz")
GIGABYTE = 1e9

Tell = Callable[[str], None]
Progresses = Callable[[str], Progress]
"""A progress callback, in bytes, for a piece of work of that name."""


def download(corpus: Corpus, folder: Path, tell: Tell, progresses: Progresses) -> Path:
    """Download and unpack the archives of a corpus, each into a folder of its own in `folder`; returns `folder`.

    Unpacked archives are not fetched again, and interrupted downloads are resumed. An archive is removed once it is
    unpacked. Raises UserError for an archive that cannot be had, is not the published one or cannot be unpacked, or
    where there is too little room.
    """
    with writable(folder, "downloaded files"), alone(folder):
        missing = [remote for remote in corpus.remotes if not unpacked_folder(remote, folder).is_dir()]
        for sentence in announcement(corpus, folder, missing):
            tell(sentence)
        check_room(folder, missing)
        for remote in missing:
            fetching, verifying = (progresses(f"{work} {remote.name}") for work in ("downloading", "verifying"))
            archive = fetch(remote, folder, fetching, verifying)
            place = _unpacked(remote, archive, folder, progresses(f"unpacking {remote.name}"))
            if remote.files:
                tell(count_sentence(remote, corpus.scan(place).files))
    return folder


def some_of(corpus: Corpus, names: Sequence[str]) -> Corpus:
    """The corpus with the archives of these names alone, or with all for no name.

    Raises InvalidSetting, naming the nearest, for an archive that it does not have.
    """
    stems = [remote.stem for remote in corpus.remotes]
    for name in names:
        checked(f"archive of {corpus.title}", name, stems)
    return replace(corpus, remotes=tuple(remote for remote in corpus.remotes if not names or remote.stem in names))


def unpacked_folder(remote: Remote, folder: Path) -> Path:
    """The folder of an archive's content; it exists only once all of it is unpacked."""
    name = remote.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return folder / name


def announcement(corpus: Corpus, folder: Path, missing: list[Remote]) -> Iterator[str]:
    """What to know before the first byte: licence, home page, and the files without a checksum."""
    yield f"{corpus.title}: {corpus.home_page}"
    yield f"Licence: {corpus.licence}"
    if not missing:
        yield f"All archives have been downloaded and unpacked in {folder}."
    for remote in missing:
        for address in remote.dead:
            yield f"{address} is out of service and not tried."
        if not (remote.sha256 or remote.md5):
            yield f"{remote.url} is unverified: no checksum of it is published."
        elif not remote.verified:
            yield (
                f"{remote.url} is unverified: it is a copy, which is used only if its checksum is that of the original."
            )


def check_room(folder: Path, missing: list[Remote]) -> None:
    """Raise UserError where archives and content will not fit; unknown sizes count as 0."""
    sizes = {remote: size_of(remote) or 0 for remote in missing}
    there = sum(_arrived(remote, folder) for remote in missing)
    needed = sum(sizes.values()) * (1 + TIMES_UNPACKED) - there
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise UserError(
            f"The archives take {sum(sizes.values()) / GIGABYTE:.1f} GB and at most {TIMES_UNPACKED} times as much "
            f"unpacked, of which {needed / GIGABYTE:.1f} GB are still to come, but {folder} has {free / GIGABYTE:.1f} "
            "GB free: make room there, or choose another disk with --home."
        )


def _arrived(remote: Remote, folder: Path) -> int:
    paths = (folder / remote.name, folder / f"{remote.name}.part")
    return sum(path.stat().st_size for path in paths if path.exists())


def count_sentence(remote: Remote, files: int) -> str:
    """Whether an archive without a checksum holds as many audio files as it is known to."""
    if files == remote.files:
        return f"{remote.name} holds {files:,} audio files, as many as are known of."
    return f"{remote.name} holds {files:,} audio files where {remote.files:,} are known of: it has changed."


def _unpacked(remote: Remote, archive: Path, folder: Path, progress: Progress) -> Path:
    """Unpack an archive completely or not at all, and remove it; an unusable one is renamed."""
    final = unpacked_folder(remote, folder)
    try:
        with unfinished(folder, f"{final.name}.unpacking") as target:
            unpack(archive, target, progress)
            os.sync()  # No file is announced that a loss of power would leave empty.
            publish(target, final)
    except Unusable as reason:
        aside = set_aside(archive, archive)
        raise UserError(
            f"{remote.name} {reason}: nothing of it has been unpacked, and it is set aside as {aside}; run the same "
            "command again to download it anew."
        ) from reason
    archive.unlink()
    return final
