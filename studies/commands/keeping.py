"""What corpora and runs take on the disk, and what of it can be removed."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.table import Table

from analysis.runs import STUDY, understood
from studies.commands.stores import corpora_folder
from studies.console import table
from studies.driver.run import find, read_description
from studies.remote.mirror import is_held
from trainables.corpora.store import stores
from trainables.errors import UserError
from trainables.trial import CHECKPOINT

UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def kept_runs(names: Sequence[str], home: Path) -> list[Path]:
    """The folders of the runs of these names, or of all below a home; raises UserError for an unknown name."""
    if names:
        return [find(name, home) for name in names]
    return sorted(path.parent for path in (home / "runs").absolute().glob(f"*/{STUDY}"))


def sizes_table(runs: Sequence[Path], home: Path) -> Table | str:
    if not runs:
        return f"No runs in {(home / 'runs').absolute()}: `etude run STUDY` makes one."
    rows = [(path.name, in_bytes(files_below(path)), in_bytes(path.glob(f"trials/*/{CHECKPOINT}"))) for path in runs]
    whole = in_bytes(file for path in runs for file in files_below(path))
    return table(
        f"Runs in {runs[0].parent}", ("run", "size", "checkpoints"), rows, numbers=2, caption=f"{whole} in all"
    )


def checkpoints(runs: Iterable[Path]) -> list[Path]:
    """The checkpoints of those runs that are finished and that no driver holds."""
    return [file for path in runs if finished(path) for file in sorted(path.glob(f"trials/*/{CHECKPOINT}"))]


def finished(run: Path) -> bool:
    with understood(run):
        return bool(read_description(run)["progress"]["finished"]) and not is_held(run)


def packed(corpus: str, home: Path) -> list[Path]:
    """All folders of a corpus: packed, rendered and downloaded; raises UserError if there is none."""
    root, downloads = corpora_folder(home), (home / "downloads" / corpus).absolute()
    found = [*stores(root, corpus, rendered=False), *stores(root, corpus, rendered=True)]
    found += [downloads] if downloads.is_dir() else []
    if not found:
        raise UserError(f"There is nothing of {corpus} in {home.absolute()}.")
    return found


def files_below(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def in_bytes(files: Iterable[Path]) -> str:
    """The size of files together, in the largest whole unit."""
    size = sum(file.stat().st_size for file in files)
    return next((f"{size / value:.1f} {unit}" for unit, value in UNITS if size >= value), f"{size} bytes")


def remove(paths: Iterable[Path]) -> None:
    """Remove files, and folders with all that is in them."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
