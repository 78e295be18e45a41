"""The files of a run that DeepCAVE reads."""

from pathlib import Path

from analysis.deepcave import CONFIGSPACE, TRIALS, exported
from analysis.runs import Run, understood
from trainables.storage import files


def write_deepcave(directory: Path, folder: Path) -> tuple[Path, tuple[str, ...]]:
    """Write the two files into a folder of the run's name below `folder`; gives that, and what was left out."""
    with understood(directory):
        found = exported(Run.load(directory))
    target = folder / directory.name
    for name, table in ((CONFIGSPACE, found.configspace), (TRIALS, found.trials)):
        files.replace(target / name, table.to_csv(index=False).encode())
    return target, found.left_out
