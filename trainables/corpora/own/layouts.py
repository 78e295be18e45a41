"""The layouts in which people keep labelled audio: folders of classes, parts of such folders, and tables of files."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from unicodedata import normalize

from trainables.corpora.corpus import Clip, Rejected, Scan
from trainables.corpora.folders import NOT_UTF_8, audio_files, legible
from trainables.corpora.own.description import DESCRIPTION, Description, described
from trainables.errors import UserError, unknown

ENDINGS = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".w64")
"""Those of audio that libsndfile reads."""

UNREAD = (".m4a", ".aac", ".wma", ".mp4", ".webm", ".amr")
"""Those of audio that it does not: such files are listed, not passed over."""

PARTS: Mapping[str, str] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev"), "validation"),
    **dict.fromkeys(("test", "testing", "eval"), "test"),
}
"""What folders of parts are called, and which part that is."""

METADATA = "metadata.csv"
"""The table that AudioFolder has at the top or in each part."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("file_name", "filename", "file", "path", "filepath", "audio", "clip"),
    "label": ("label", "class", "category", "target"),
    "group": ("group", "recording", "recording_id", "speaker", "speaker_id", "artist", "song", "piece", "session"),
}
"""Columns that are looked for where none is described, the first that is there."""


@dataclass(frozen=True)
class Line:
    """What a table says of a file: a class, "" if it has no column of classes, and a group, "" if not known."""

    label: str
    group: str
    other: str = ""
    """What another line says of the same file, "" if there is none that differs."""

    @property
    def in_words(self) -> str:
        return f"'{self.label}'" + (f" of group '{self.group}'" if self.group else "")


NO_LINE = Line("", "")
"""What is said of a file where there is no table."""


def scan(folder: Path) -> Scan:
    """The clips below a folder, each with its class, its group and its part.

    A class is what a table says, or the name of the folder below that of the part, if there are parts, else the first.
    A clip of which no group is known is a group of its own. Raises UserError for a table that cannot be used.
    """
    wanted = described(folder)
    lines, classes = listed(folder, wanted), {composed(name): meant for name, meant in wanted.classes.items()}
    found = [one(folder, path, lines, classes) for path in audio_files(folder, *ENDINGS, *UNREAD)]
    there = {composed(each.path) for each in found}
    return Scan.of(
        [*found, *(Rejected(path, "is in the table, and not in the folder") for path in lines if path not in there)]
    )


def composed(name: str) -> str:
    """A name with its accents composed: some systems decompose them, so that a table and a folder differ in them."""
    return normalize("NFC", name)


def one(folder: Path, path: Path, lines: Mapping[str, Line], classes: Mapping[str, str]) -> Clip | Rejected:
    """The clip of a file, or why it is none."""
    name = path.relative_to(folder).as_posix()
    line = lines.get(composed(name)) if lines else NO_LINE
    part, label = part_and_folder(PurePosixPath(name))
    label = composed((line or NO_LINE).label or label)
    if why := unusable(name, line, label):
        return Rejected(legible(name), why)
    return Clip(name, classes.get(label, label), (line or NO_LINE).group or name, {"part": part})


def unusable(name: str, line: Line | None, label: str) -> str:
    """Why a file is no clip, "" where it is one: by its name, its line of the table and its class."""
    ending = PurePosixPath(name).suffix.lower()
    if legible(name) != name:
        return NOT_UTF_8
    if ending in UNREAD:
        return f"is {ending}, which cannot be decoded here: convert it to .flac or .wav"
    if line is None:
        return "is in no line of the table"
    if line.other:
        return f"is in two lines of the table, as {line.in_words} and as {line.other}"
    return "" if label else "lies in no folder of a class, and no table names its class"


def part_and_folder(name: PurePosixPath) -> tuple[str, str]:
    """The part that a path begins with, "" if it begins with none, and the next folder, "" if there is none."""
    folders = name.parts[:-1]
    part = PARTS.get(folders[0].lower(), "") if folders else ""
    rest = folders[1:] if part else folders
    return part, rest[0] if rest else ""


def listed(folder: Path, wanted: Description) -> dict[str, Line]:
    """What the tables of a folder say of each file, by its path from the folder; empty if it has none."""
    lines: dict[str, Line] = {}
    for path in tables(folder, wanted):
        for name, line in lines_of(path, wanted):
            place = composed(PurePath(os.path.relpath(path.parent / name, folder)).as_posix())
            before = lines.setdefault(place, line)
            if before.in_words != line.in_words:
                lines[place] = replace(before, other=line.in_words)
    return lines


def tables(folder: Path, wanted: Description) -> list[Path]:
    """The table that is described; else those of AudioFolder; else the only one at the top that lists files.

    Raises UserError for one that is described and not there, and where one of several would have to be guessed.
    """
    if wanted.table:
        if not (folder / wanted.table).is_file():
            raise UserError(
                f"{folder / DESCRIPTION} names the table {wanted.table}, which is not there: mend the name."
            )
        return [folder / wanted.table]
    if found := sorted(
        [*folder.glob(METADATA), *(p for p in folder.glob(f"*/{METADATA}") if p.parent.name.lower() in PARTS)]
    ):
        return found
    others = sorted(path for path in folder.glob("*.csv") if not path.name.startswith("."))
    if len(others) > 1:
        names = ", ".join(path.name for path in others)
        raise UserError(
            f'{folder} has several tables ({names}): name one in {DESCRIPTION}, as in table = "{others[0].name}".'
        )
    return others


def lines_of(path: Path, wanted: Description) -> Iterator[tuple[str, Line]]:
    """Each file of a table with what is said of it; raises UserError for a table without a column of files."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            columns = {role: column(path, role, getattr(wanted, role), rows.fieldnames or ()) for role in COLUMNS}
            if not columns["file"]:
                raise UserError(
                    f"{path} has no column of files ({', '.join(rows.fieldnames or ())}): name it in {DESCRIPTION}, "
                    'as in file = "NAME".'
                )
            for row in rows:
                # A column without a name is none, and pandas writes its index under none.
                file_name, label, group = (
                    str(row.get(name) or "").strip() if (name := columns[role]) else "" for role in COLUMNS
                )
                if file_name:
                    yield file_name, Line(label, group)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path} cannot be read ({error}): save it as CSV in UTF-8.") from error


def column(path: Path, role: str, wanted: str, names: Sequence[str]) -> str:
    """The column of a table for a file, a label or a group; "" if there is none. Raises UserError for one described."""
    if wanted and wanted not in names:
        raise UserError(f"{path}: {unknown(f'column of the {role}', wanted, names)}")
    usual = (name for known in COLUMNS[role] for name in names if name.strip().lower() == known)
    return wanted or next(usual, "")
