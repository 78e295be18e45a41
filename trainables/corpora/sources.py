"""The usable files of a corpus folder: no empty ones, no equal bytes twice, no equal bytes under two labels."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b, file_digest
from itertools import groupby
from pathlib import Path

from trainables.corpora.corpus import MARKER, Clip, Corpus, Rejected
from trainables.errors import UserError

ARCHIVES = (".zip", ".tar", ".gz", ".tgz")
MOST_LISTED = 4


@dataclass(frozen=True)
class Sources:
    """The clips to decode, the files refused so far, and a key that changes with any of it.

    The key hashes the bytes of every file (fast beside decoding) and not its date, so a copied or touched folder is
    known again and an edited file never goes unnoticed.
    """

    clips: tuple[Clip, ...]
    rejected: tuple[Rejected, ...]
    files: int
    rendered: bool
    key: str


def gather(corpus: Corpus, folder: Path) -> Sources:
    """Scan `folder` and hash its files; raises UserError if it is missing, unreadable or without a usable file."""
    if not folder.is_dir():
        what = f"{folder} is a file" if folder.is_file() else f"There is no folder {folder}"
        raise UserError(f"{what}: give the folder that holds the files of {corpus.title}.")
    try:
        scan = corpus.scan(folder)
    except OSError as error:
        raise UserError(f"Cannot read {folder}: {error.strerror or error}; make it readable.") from error
    if not scan.files:
        raise UserError(_nothing_found(corpus, folder))
    named, nameless = _named(scan.clips)
    hashed, unreadable = _hashed(folder, named)
    clips, repeated = (_joined(hashed), []) if corpus.keeps_repeats else _distinct(hashed)
    refused = (*scan.rejected, *nameless, *unreadable, *repeated)
    rejected = tuple(Rejected(as_text(each.path), as_text(each.reason)) for each in refused)
    if not clips:
        raise UserError(
            f"None of the {scan.files} audio files in {folder} can be used ({rejected[0].path}: {rejected[0].reason}): "
            f"give the folder that holds the files of {corpus.title}."
        )
    rendered = (folder / MARKER).is_file()
    return Sources(clips, rejected, scan.files, rendered, _key(corpus, rendered, hashed, rejected))


def _nothing_found(corpus: Corpus, folder: Path) -> str:
    endings = [path.suffix.lower() or "without ending" for path in folder.rglob("*") if path.is_file()]
    passed = ", ".join(f"{count} {ending}" for ending, count in Counter(endings).most_common(MOST_LISTED))
    mend = f"give the folder that holds {corpus.title}"
    if any(ending in ARCHIVES for ending in endings):
        mend = "unpack the zip files or archives in it first"
    return f"{folder} holds no {' or '.join(corpus.endings)}{f'; {passed} passed over' if passed else ''}: {mend}."


def _named(clips: Iterable[Clip]) -> tuple[list[Clip], list[Rejected]]:
    """The clips of which all is text, and those with letters that are none: in a name, bytes that are no UTF-8."""
    named, rejected = [], []
    for clip in clips:
        text = f"{clip.path}{clip.label}{clip.group}{dict(clip.features)}"
        if as_text(text) == text:
            named.append(clip)
        else:
            rejected.append(Rejected(clip.path, "has a name, or a label, that is no UTF-8"))
    return named, rejected


def as_text(name: str) -> str:
    """A name as text that can be stored; bytes that are no UTF-8 are spelt out."""
    return name.encode(errors="backslashreplace").decode()


def _hashed(folder: Path, clips: Iterable[Clip]) -> tuple[list[tuple[str, Clip]], list[Rejected]]:
    """Each clip with the hash of its bytes, and the files that are empty or cannot be read."""
    hashed, rejected = [], []
    for clip in clips:
        try:
            if (folder / clip.path).stat().st_size == 0:
                rejected.append(Rejected(clip.path, "is empty (0 bytes)"))
                continue
            with (folder / clip.path).open("rb") as file:
                hashed.append((file_digest(file, "blake2b").hexdigest(), clip))
        except OSError as error:
            rejected.append(Rejected(clip.path, f"cannot be read ({error.strerror})"))
    return hashed, rejected


def _distinct(hashed: Iterable[tuple[str, Clip]]) -> tuple[tuple[Clip, ...], list[Rejected]]:
    """One clip of each set of equal files, or none where their labels differ; in the order of the paths."""
    kept: list[Clip] = []
    rejected: list[Rejected] = []
    ordered = sorted(hashed, key=lambda item: (item[0], item[1].path))
    for _, same in groupby(ordered, key=lambda item: item[0]):
        clips = [clip for _, clip in same]
        if len({clip.label for clip in clips}) > 1:
            rejected += _conflicting(clips)
        else:
            kept.append(clips[0])
            rejected += [Rejected(clip.path, f"has the same bytes as {clips[0].path}") for clip in clips[1:]]
    return tuple(sorted(kept, key=lambda clip: clip.path)), sorted(rejected, key=lambda item: item.path)


def _joined(hashed: Iterable[tuple[str, Clip]]) -> tuple[Clip, ...]:
    """All clips in the order of their paths; groups that have a file in common are one, by the first of their names."""
    above: dict[str, str] = {}
    first: dict[str, str] = {}

    def name(group: str) -> str:
        while (upper := above.get(group, group)) != group:
            group = upper
        return group

    clips = sorted(hashed, key=lambda item: item[1].path)
    for digest, clip in clips:
        kept, joins = sorted((name(clip.group), name(first.setdefault(digest, clip.group))))
        above[joins] = kept
    return tuple(replace(clip, group=name(clip.group)) for _, clip in clips)


def _conflicting(clips: list[Clip]) -> Iterator[Rejected]:
    for clip in clips:
        other = next(each for each in clips if each.label != clip.label)
        yield Rejected(clip.path, f"has the same bytes as {other.path}, of another label: neither is used")


def _key(corpus: Corpus, rendered: bool, hashed: list[tuple[str, Clip]], rejected: Iterable[Rejected]) -> str:
    entries = [f"{digest} {clip.path} {clip.label} {clip.group} {dict(clip.features)}" for digest, clip in hashed]
    refused = [f"{item.path} {item.reason}" for item in rejected]
    text = "\n".join([corpus.name, str(corpus.rate), str(rendered), *sorted(entries), *sorted(refused)])
    return blake2b(text.encode(), digest_size=16).hexdigest()
