"""One training, no cluster, to look closely."""

import math
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch

from studies.checks.validity import refuse_unfit
from studies.commands import stores
from studies.console import print_line, progress
from studies.recipes import recipes
from trainables.architectures import ARCHITECTURES
from trainables.configuration import Configuration
from trainables.corpora.store import Store
from trainables.data.features import FeatureCache
from trainables.errors import InvalidSetting, UserError, unknown
from trainables.resolving import resolve, spelled
from trainables.storage import files
from trainables.trial import CONFIG, EPOCHS, Trial, limit_threads

COLUMNS = ("epoch", "train loss", "train accuracy", "validation loss", "validation accuracy", "seconds")


def train(
    architecture: str,
    corpus: str,
    settings: list[str],
    home: Path,
    keep: Path | None,
    *,
    rendered: bool,
    threads: int,
    device: str,
) -> None:
    """Train one configuration and print a line per epoch; the test part is not touched.

    The trial's folder is kept below `keep`, and gone on with if it is there.
    """
    limit_threads(threads)
    check_device(device)
    usual = ARCHITECTURES[architecture].about.get("settings", {})
    others = {"corpus": stores.corpus_named(corpus, home), "architecture": architecture, **usual}
    configuration = resolve(spelled(pairs(settings), others))
    refuse_unfit(configuration)
    with progress() as step:
        store = stores.opened(configuration["corpus"], home, step, rendered=rendered)
    with folder_of(configuration, store, keep) as folder:
        trial = Trial(folder, store.path, FeatureCache(), device=device)
        counts = f"{trial.about()['parameters']:,} parameters, {len(trial.items['train'].rows)} segments"
        print_line(f"{architecture}: {counts}{f', kept in {folder}' if keep else ''}")
        follow(trial)


@contextmanager
def folder_of(configuration: Configuration, store: Store, keep: Path | None) -> Iterator[Path]:
    """The trial's folder with its configuration: below `keep` under its id, or one that is removed afterwards."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = (keep or Path(temporary)).absolute() / configuration.trial(store.digest)
        files.replace_json(folder / CONFIG, dict(configuration.settings))
        try:
            yield folder
        except UserError:
            if not (folder / EPOCHS).exists():  # of what cannot be trained nothing is kept
                shutil.rmtree(folder)
            raise


def follow(trial: Trial) -> None:
    """Train to the end, with a line for each epoch."""
    print_line("  ".join(COLUMNS))
    while not trial.finished:
        print_line(epoch_line(trial.step()))


def epoch_line(record: Mapping[str, float]) -> str:
    """One epoch below the head of the columns."""
    shares = [record.get(name.replace(" ", "_"), math.nan) for name in COLUMNS[1:-1]]
    cells = [f"{record['epoch']:.0f}", *(f"{value:.3f}" for value in shares), f"{record['seconds']:.1f}"]
    return "  ".join(cell.rjust(len(name)) for cell, name in zip(cells, COLUMNS, strict=True))


def pairs(settings: Sequence[str]) -> dict[str, str]:
    """Names and texts of the settings 'name=value'; raises InvalidSetting for one without '='."""
    texts = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise InvalidSetting(
                f"--set takes NAME=VALUE, not '{setting}': write for example --set learning_rate=0.005."
            )
        if name.strip() == "recipe":
            raise InvalidSetting(f"A recipe is no setting: {in_words(text)}.")
        texts[name.strip()] = text
    return texts


def in_words(recipe: str) -> str:
    """What a recipe of a document stands for, as it is set; raises InvalidSetting for an unknown one."""
    known = recipes()
    if recipe not in known:
        raise unknown("recipe", recipe, known)
    return f"{recipe} is {' '.join(f'--set {name}={value}' for name, value in known[recipe].settings.items())}"


def check_device(device: str) -> None:
    """Raise UserError for a device that is not there."""
    if device not in ("cpu", "cuda"):
        raise InvalidSetting(f"Unknown device '{device}': use cpu or cuda.")
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("A GPU was asked for (--device cuda) and this machine has none: use --device cpu.")
