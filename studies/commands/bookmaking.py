"""Runs of several folders joined into one book, and its files written."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from shutil import copyfile

import analysis
from analysis.book import Declared, File, files
from analysis.runs import STUDY
from studies import catalogue
from studies.commands.overview import is_finished
from trainables.errors import UserError
from trainables.storage import files as disk

SHIPPED = Path(analysis.__file__).parent / "evidence"
INDEX = "index.html"


def write(folders: Sequence[Path], home: Path, to: Path) -> Path:
    """Write the book over the runs in these folders, or of `home` and those that étude ships; gives its first page.

    Raises UserError for a folder without a finished run, and where two runs of one name differ.
    """
    runs = joined(folders) if folders else joined_where_there([home.absolute() / "runs", SHIPPED])
    for file in files(runs, declared()):
        put(to / file.place, file)
    return to / INDEX


def put(path: Path, file: File) -> None:
    if isinstance(file.content, bytes):
        disk.replace(path, file.content)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        copyfile(file.content, path)
    except OSError as error:
        raise disk.unwritable(path, error) from error


def joined_where_there(folders: Iterable[Path]) -> list[Path]:
    """The runs in those of the folders that have any."""
    return once(run for folder in folders for run in finished(folder))


def joined(folders: Iterable[Path]) -> list[Path]:
    """The runs in these folders, each of which must have one."""
    found: list[Path] = []
    for folder in folders:
        mine = finished(folder)
        if not mine:
            raise UserError(f"{folder} holds no finished run: give a run's folder, or one of runs.")
        found += mine
    return once(found)


def finished(folder: Path) -> list[Path]:
    """The finished runs in a folder, which may be one itself, in order of name."""
    paths = [folder / STUDY] if (folder / STUDY).exists() else sorted(folder.glob(f"*/{STUDY}"))
    return [path.parent for path in paths if is_finished(path)]


def once(runs: Iterable[Path]) -> list[Path]:
    """Each run once; raises UserError where two of one name are not the same."""
    found: dict[str, Path] = {}
    for run in runs:
        known = found.setdefault(run.name, run)
        if (known / STUDY).read_bytes() != (run / STUDY).read_bytes():
            raise UserError(f"{known} and {run} have one name and differ: rename one of them, or leave it out.")
    return list(found.values())


def declared() -> list[Declared]:
    """All studies, whether they were run or not."""
    studies = [(name, catalogue.declared(name)) for name in catalogue.names()]
    return [Declared(name, s.document, s.section, s.title, s.question, tuple(s.tested)) for name, s in studies]
