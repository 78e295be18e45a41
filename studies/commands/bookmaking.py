"""Runs of several folders joined into one book, and its files written."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from shutil import copyfile

import analysis
from analysis.book import Declared, File, files
from studies import catalogue
from studies.driver.archive import finished, joined, once
from trainables.storage import files as disk

SHIPPED = Path(analysis.__file__).parent / "evidence"
INDEX = "index.html"


def write(folders: Sequence[Path], home: Path, to: Path) -> Path:
    """Write the book over the runs in these places, or of `home` and those that étude ships; gives its first page.

    Raises UserError for a place without a finished run, and where two runs of one name differ.
    """
    runs = joined(folders, home) if folders else joined_where_there([home.absolute() / "runs", SHIPPED])
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


def declared() -> list[Declared]:
    """All studies, whether they were run or not."""
    return [
        Declared(name, study.document, study.section, study.title, study.question, tuple(study.tested))
        for name, study in catalogue.every().items()
    ]
