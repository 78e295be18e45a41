"""One training, no cluster, to look closely."""

import tempfile
from pathlib import Path

import torch
from rich.table import Table

from studies.commands import stores
from studies.console import CONSOLE, Step
from trainables.architectures import ARCHITECTURES
from trainables.configuration import resolve, spelled
from trainables.data.features import FeatureCache
from trainables.errors import InvalidSetting, UserError
from trainables.storage import files
from trainables.trial import CONFIG, Trial, limit_threads


def train(
    architecture: str,
    corpus: str,
    settings: list[str],
    home: Path,
    step: Step,
    *,
    rendered: bool,
    threads: int,
    device: str,
) -> None:
    """Train one configuration and print a line per epoch; the test part is not touched."""
    limit_threads(threads)
    check_device(device)
    usual = ARCHITECTURES[architecture].about.get("settings", {})
    others = {"corpus": corpus, "architecture": architecture, **usual}
    configuration = resolve(spelled(pairs(settings), others))
    store = stores.opened(corpus, home, step, rendered=rendered)
    with tempfile.TemporaryDirectory() as folder:
        files.replace_json(Path(folder) / CONFIG, dict(configuration.settings))
        trial = Trial(Path(folder), store.path, FeatureCache(), device=device)
        CONSOLE.print(
            f"{architecture}: {trial.about()['parameters']:,} parameters, {len(trial.items['train'].rows)} segments"
        )
        follow(trial, step)


def follow(trial: Trial, step: Step) -> None:
    """Train to the end, saying each epoch."""
    table = Table("epoch", "train loss", "train accuracy", "validation loss", "validation accuracy", "s")
    while not trial.finished:
        record = trial.step()
        step("training", record["epoch"], trial.configuration.recipe.epochs)
        shares = (record["train_accuracy"], record["validation_loss"], record["validation_accuracy"])
        cells = [f"{value:.3f}" for value in (record["train_loss"], *shares)]
        table.add_row(str(record["epoch"]), *cells, f"{record['seconds']:.1f}")
    CONSOLE.print(table)


def pairs(settings: list[str]) -> dict[str, str]:
    """Names and texts of the settings 'name=value'; raises InvalidSetting for one without '='."""
    texts = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise InvalidSetting(
                f"--set takes NAME=VALUE, not '{setting}': write for example --set learning_rate=0.005."
            )
        texts[name.strip()] = text
    return texts


def check_device(device: str) -> None:
    """Raise UserError for a device that is not there."""
    if device not in ("cpu", "cuda"):
        raise InvalidSetting(f"Unknown device '{device}': use cpu or cuda.")
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("A GPU was asked for (--device cuda) and this machine has none: use --device cpu.")
