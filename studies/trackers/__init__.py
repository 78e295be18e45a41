"""Other programs that show training: each gets a run's trials through its own client, if that is installed.

A module of this package has one function, `send(run, trial, first, folder)`: it writes the records of a trial from the
one at `first` on below a folder on this machine. Nothing leaves the machine.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from studies.driver.live import Live
from studies.tasks import read_json
from trainables.errors import UserError
from trainables.storage import files

PACKAGES = {"tensorboard": "tensorboard", "mlflow": "mlflow", "wandb": "wandb"}
"""What is to be installed for each module."""
SENT = "sent.json"
"""How many records of each trial a folder has, so that none is sent twice."""
WHOLE = frozenset({"wandb"})
"""Those that get a trial when it has ended: their clients cannot add to an offline run."""


def follower(places: Mapping[str, Path]) -> Callable[[Live], None]:
    """A function that sends what is new of a run to each of these, by name, below its folder.

    Raises UserError for one that is not installed.
    """
    for name in places:
        try:
            import_module(PACKAGES[name])
        except ImportError as error:
            package = PACKAGES[name]
            raise UserError(f"--{name} needs the package {package}, which is not installed ({error}).") from error

    def follow(run: Live) -> None:
        for name, folder in places.items():
            send(name, run, folder.absolute())

    return follow


def send(name: str, run: Live, folder: Path) -> None:
    """Send the records of a run's trials that a folder has not."""
    path = folder / run.directory.name / SENT
    path.parent.mkdir(parents=True, exist_ok=True)
    sent: dict[str, int] = read_json(path) if path.exists() else {}
    module = import_module(f"{__name__}.{name}")
    for trial in run.trials:
        first = sent.get(trial.name, 0)
        if len(trial.records) > first and (name not in WHOLE or (trial.state != "open" and not first)):
            module.send(run.directory.name, trial, first, path.parent)
            sent[trial.name] = len(trial.records)
            files.replace_json(path, sent)
