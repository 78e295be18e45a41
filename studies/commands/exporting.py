"""From a run, or a single training, to the file of a model."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.confirmed import Confirmed
from analysis.figures.values import level
from analysis.protocols import HEADLINE, protocol_name
from analysis.runs import Run, confirm, understood
from analysis.text import measured
from analysis.verdicts import Verdict, verdicts
from studies import catalogue
from studies.commands import stores
from studies.console import print_line
from studies.driver.run import find
from studies.version import commit
from trainables.architectures import ARCHITECTURES
from trainables.configuration import Configuration
from trainables.corpora.store import Store, load
from trainables.corpora.store import stores as packed_stores
from trainables.errors import UserError, unknown
from trainables.frontends import FRONT_ENDS
from trainables.models.header import Header, Origin
from trainables.models.saving import SUFFIX, Saved, save_model
from trainables.models.trained import Trained, trained
from trainables.resolving import resolve
from trainables.trial import CHECKPOINT, CONFIG, configured

ONLY_ITS_CLASSES = "Names one of its classes whatever it hears: there is none for anything else."
OF_FILES = "file_"
"""What the names of modules begin with that are the files of studies; see `extensions.module_name`."""
ONSETS = "Learned from where clips begin: what it says of the midst of a sound has not been tested."


@dataclass(frozen=True)
class Chosen:
    """A trial to export, and what its run says of it."""

    folder: Path
    store: Store
    configuration: Configuration
    origin: Origin
    verdicts: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


def export(run: str, arm: str, output: Path | None, home: Path) -> Saved:
    """Write the model of a run, or of a folder that `etude train --keep` has made; says which trial it is.

    Raises UserError, or RunError, for a run that is not finished, or of which no such trial can be exported.
    """
    alone = (Path(run) / CONFIG).is_file()
    if alone and arm:
        raise UserError(f"{run} is a single training, which has no arms: leave --arm out.")
    return saved(of_training(Path(run), home) if alone else of_run(find(run, home), arm, home), output)


def saved(chosen: Chosen, output: Path | None) -> Saved:
    """Write the model of a trial, and say where."""
    path = output or Path(f"{slug(chosen.origin.arm or chosen.origin.trial)}{SUFFIX}")
    if path.suffix != SUFFIX:
        raise UserError(f"A model's file is named NAME{SUFFIX}, not {path.name}.")
    found = trained(chosen.configuration, chosen.folder / CHECKPOINT, chosen.store)
    written = save_model(found, header_of(chosen, found), path)
    print_line(chosen.origin.chosen)
    print_line(f"Model: {written.path}, card: {written.card}{f', {graph(written)}' if written.graph.path else ''}")
    return written


def graph(written: Saved) -> str:
    front_end = "with" if written.graph.includes_front_end else "without"
    return f"{written.graph.kind} ({front_end} front end): {written.graph.path}"


def header_of(chosen: Chosen, found: Trained) -> Header:
    """The header of a trial's model."""
    last = found.history[-1]
    origin = chosen.origin.model_copy(update={"validation_accuracy": last.get("validation_accuracy")})
    return Header(
        **found.described,
        origin=origin,
        verdicts=chosen.verdicts,
        badges=chosen.badges,
        limits=(*limits_of(found), *chosen.limits),
        etude=version("etude"),
        commit=commit(),
    )


def limits_of(found: Trained) -> Iterable[str]:
    """What a trial's own data and settings keep its model from."""
    store, configuration = found.data.features.store, found.configuration
    if not found.data.loss.columns:
        yield ONLY_ITS_CLASSES
    if store.rendered:
        yield "Trained on a rendered stand-in: it knows no real audio."
    if store.about.get("grouping") == "unknown":
        yield (
            "Nobody has said which clips belong together: leakage between its training and its test part cannot be "
            "excluded."
        )
    if configuration["folds"] > 1:
        yield f"Trained without the part that it was tested on, one of {configuration['folds']} of the data."
    if configuration["segmentation"] == "onset":
        yield ONSETS
    for registry, name in ((ARCHITECTURES, configuration["architecture"]), (FRONT_ENDS, configuration["front_end"])):
        if registry[name].build.__module__.startswith(OF_FILES):
            yield (
                f"Its {registry.kind} '{name}' is registered by the file of a study: `etude predict` knows it where an "
                "installed package registers it, too."
            )


def of_run(directory: Path, arm: str, home: Path) -> Chosen:
    """The trial of an arm of a finished run that is exported: see `repetition`."""
    run = Run.load(directory, finished=True)
    path = Path(run.study.get("file", {}).get("path", ""))
    if path.is_file():
        catalogue.imported(str(path))  # what it registers is then known; the text in the run is never executed
    with understood(directory):
        rows = exportable(run)
        name = arm or best_arm(rows)
        if name not in set(rows["arm"]):
            raise unknown("arm of which there is a trial to export", name, sorted(set(rows["arm"])))
        row = repetition(rows[rows["arm"] == name])
        settings = json.loads(row["settings"])
        store = stores.with_digest(settings["corpus"], run.study["data"]["digest"], home, rendered=run.rendered)
        judged = [verdict for verdict in verdicts(run) if name in verdict.arms]
        return Chosen(
            directory / "trials" / row["trial"],
            store,
            resolve(settings),
            Origin(
                study=run.name,
                run=directory.name,
                arm=name,
                trial=row["trial"],
                chosen=why(run, name, int(row["repetition"]), rows, given=bool(arm)),
                test_accuracy=float(row["test_accuracy"]),
            ),
            (end_of(run, name), *(sentence(verdict) for verdict in judged)),
            tuple(dict.fromkeys(badge for verdict in judged for badge in verdict.badges)),
            tuple(limits_of_run(run, name)),
        )


def limits_of_run(run: Run, arm: str) -> Iterable[str]:
    """How often an arm is right, which the probabilities of its answers do not say, and whether the run decides."""
    yield f"{end_of(run, arm)} Single answers look surer than that, also wrong ones."
    if not run.decides:
        yield f"The scale {run.study['scale']['name']} is too small to decide anything."


def exportable(run: Run) -> pd.DataFrame:
    """The confirmed trials of the headline protocol; raises UserError for a run without any."""
    rows = confirm(run, HEADLINE.name)
    if rows.empty:
        raise UserError(
            f"{run.path} has no finished trial under the {HEADLINE.name} protocol, so there is none to export."
        )
    return rows


def best_arm(rows: pd.DataFrame) -> str:
    """The arm whose last validation accuracies have the highest mean: the test part chooses nothing."""
    return str(rows.groupby("arm")["validation_accuracy"].mean().idxmax())


def repetition(rows: pd.DataFrame) -> "pd.Series[Any]":
    """The row with the highest last validation accuracy, the first of equal ones."""
    return rows.iloc[int(rows["validation_accuracy"].astype(float).fillna(-1.0).to_numpy().argmax())]


def why(run: Run, arm: str, seed: int, rows: pd.DataFrame, *, given: bool) -> str:
    """How a trial was chosen, in words."""
    how = "" if given or len(run.arms) == 1 else f", the best of {rows['arm'].nunique()} arms on the validation parts"
    repetitions = int((rows["arm"] == arm).sum())
    return (
        f"Arm {arm}{how}; of its {repetitions} repetitions under the {HEADLINE.name} protocol that with the highest "
        f"validation accuracy (seed {seed})."
    )


def end_of(run: Run, arm: str) -> str:
    """Where an arm ended on the test parts."""
    found = level(Confirmed(run, HEADLINE.name), arm)
    interval = f" (95 % interval {found.low:.1f} to {found.high:.1f})" if math.isfinite(found.low) else ""
    return f"Test accuracy of this arm over {found.n} repetitions: {found.mean:.1f} %{interval}."


def sentence(verdict: Verdict) -> str:
    """A verdict on the arm that is exported."""
    label = f" ({verdict.label})" if verdict.label else ""
    return f"{verdict.name}, {protocol_name(verdict.protocol)}: {verdict.word}{label}, {measured(verdict)}."


def of_training(folder: Path, home: Path) -> Chosen:
    """The trial in a folder that a single training was kept in."""
    configuration = resolve(configured(folder))
    chosen = f"Trained once with seed {configuration['seed']}; not tested."
    store = store_of(configuration, folder.absolute().name, home)
    return Chosen(folder, store, configuration, Origin(trial=folder.absolute().name, chosen=chosen))


def store_of(configuration: Configuration, trial: str, home: Path) -> Store:
    """The packed store that a trial of this id was trained on; raises UserError if it is not there."""
    root, corpus = stores.corpora_folder(home), configuration["corpus"]
    for path in [path for rendered in (False, True) for path in packed_stores(root, corpus, rendered)]:
        store = load(path)
        if configuration.trial(store.digest) == trial:
            return store
    raise UserError(f"The data that {trial} was trained on ({corpus}) are not in {root}: pack the same files again.")


def slug(name: str) -> str:
    """A name as that of a file."""
    return re.sub(r"[^\w.+-]+", "_", name).strip("_.") or "model"
