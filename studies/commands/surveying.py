"""From a corpus and a time to a study that fits into it, and from its run to an answer in a few lines."""

import os
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from analysis.confirmed import Confirmed
from analysis.protocols import HEADLINE
from analysis.report import standing
from analysis.runs import Run, understood
from analysis.text import signed, span
from studies import catalogue
from studies.checks.probing import Probe
from studies.commands import exporting, launching, planning, repeating, stores
from studies.console import Step, print_line, progress, show, table
from studies.driver.launch import Launch
from studies.first_comparison import arms_at, first_comparison
from studies.remote.mirror import place
from studies.resources import Resources
from studies.scale import Scale, scale_named
from trainables.corpora.store import Store
from trainables.errors import UserError
from trainables.storage import files

SCALE, TRIALS = "laptop", 3
OVERHEAD_MINUTES = 1.5
"""For what is done once: starting workers, the audit, the report and the model."""
FEWEST_EPOCHS, MOST_EPOCHS, LEAST_FRACTION = 8, 40, 0.02
SHORT_CLIP, SHORT_WINDOW, LONG_WINDOW, LEAST_WINDOW = 5.0, 1.0, 3.0, 0.1
"""In seconds: clips of up to the first are cut into overlapping windows of the second, others into longer ones."""
CONFUSED = 3
MODEL = "model.safetensors"


def survey(corpus: str, minutes: int, home: Path) -> None:
    """Write the study of a corpus, unless it is there, run it, say what it found, and export the best model."""
    resources = Resources()
    with progress() as step:
        name = stores.corpus_named(corpus, home)
        store = stores.opened(name, home, step, rendered=False)
        scale = scale_of(store)
        path = home.absolute() / "surveys" / f"{name}_{store.digest[:6]}_{minutes}_minutes.py"
        command = shlex.join(["run", str(path), *repeating.options(scale, "", None)])
        if not path.exists():
            settings = fitting(name, store, minutes, scale, resources, step)
            files.replace(path, written(name, settings, command).encode())
        print_line(f"Study: {path} (change it as you like; `{program()} {command}` runs it).")
        study = catalogue.load(str(path))
        launching.refuse_unfit(str(path), study, scale)
        print_line(
            f"About {minutes} minutes in three parts: each network is tuned, its settings are chosen, and then it is "
            f"trained {scale.repetitions} times."
        )
        request = Launch(str(path), launching.placed(study, scale, store), scale, store, *place(None, home))
        (page,) = launching.launch([request], resources, step)
    answer(page.parent)
    exporting.export(str(page.parent), "", page.parent / MODEL, home)
    print_line(f"Report: {page.as_uri()}")
    print_line(f"Try it: {program()} predict {page.parent / MODEL} FILE_OR_FOLDER")


def program() -> str:
    """How the user calls étude: by its name, or by its path where no PATH leads to it."""
    return "etude" if shutil.which("etude") else os.path.relpath(sys.argv[0])


def fitting(name: str, store: Store, minutes: int, scale: Scale, resources: Resources, step: Step) -> dict[str, Any]:
    """The settings of the study of a corpus that is expected to take so many minutes on this machine.

    Epochs are as many as there is time for. Where those are too few nothing is tuned, and where they still are,
    networks are trained on a part of the data.
    """
    settings = {"rate": store.rate, **windows_of(store)}
    request = requested(name, store, scale, settings)
    if without := unbuildable(request):
        settings |= {"without": without}
        request = requested(name, store, scale, settings)
    costs = planning.timed([request], resources, step)[name]
    seconds = 60 * (minutes - OVERHEAD_MINUTES) * places()
    epochs = epochs_in(seconds, request, costs)
    if epochs < FEWEST_EPOCHS:
        settings |= {"tuned": False}
        print_line(f"In {minutes} minutes nothing can be tuned: every network has the usual learning rate.")
        epochs = epochs_in(seconds, requested(name, store, scale, settings), costs)
    if epochs < FEWEST_EPOCHS:
        settings |= {"data_fraction": max(LEAST_FRACTION, round(epochs / FEWEST_EPOCHS, 2))}
        print_line(f"Nor on all audio: networks are trained on {100 * settings['data_fraction']:.0f} % of it.")
    return {**settings, "epochs": min(max(int(epochs), FEWEST_EPOCHS), MOST_EPOCHS)}


def unbuildable(request: Launch) -> tuple[str, ...]:
    """The arms that cannot be built on this corpus; raises UserError where that is all of them."""
    study = request.study
    reasons = {arm.name: why for arm in study.arms if (why := request.buildable.why_not(study.printed(arm)))}
    if len(reasons) == len(study.arms):
        raise UserError(next(iter(reasons.values())))
    return tuple(reasons)


def requested(name: str, store: Store, scale: Scale, settings: Mapping[str, Any], epochs: int = 1) -> Launch:
    return Launch(name, first_comparison(name, epochs=epochs, **settings), scale, store, Path())


def epochs_in(seconds: float, request: Launch, costs: Sequence[Probe]) -> float:
    """How many epochs the trials of a study can have in so many seconds of processors."""
    few, many = (3600 * sum(planning.hours(with_epochs(request, epochs), costs).values()) for epochs in (10, 20))
    each = (many - few) / 10
    return max(0.0, seconds - (few - 10 * each)) / each


def places() -> int:
    """How many trials of one thread this machine trains at once."""
    return os.cpu_count() or 1


def scale_of(store: Store) -> Scale:
    """The usual scale with few explored trials, and with fewer folds where the largest class has too few groups.

    One group of a class validates in each fold.
    """
    usual = scale_named(SCALE, trials=TRIALS)
    groups = int(store.clips.groupby("label")["group"].nunique().max())
    return usual.model_copy(update={"folds": max(1, min(usual.folds, groups - 1))})


def with_epochs(request: Launch, epochs: int) -> Launch:
    study = request.study.model_copy(update={"epochs": epochs})
    return Launch(request.name, study, request.scale, request.store, request.storage)


def windows_of(store: Store) -> dict[str, Any]:
    """How clips are cut: short ones into overlapping windows, long ones into longer windows side by side.

    Raises UserError for a corpus of fewer than two classes.
    """
    if store.clips["label"].nunique() < 2:
        raise UserError("This corpus has one class: there is nothing to tell apart; add files of another class.")
    usual = float(np.median(store.clips["length"])) / store.rate
    if usual > SHORT_CLIP:
        return {"seconds": LONG_WINDOW, "segment_hop": LONG_WINDOW}
    seconds = max(LEAST_WINDOW, min(SHORT_WINDOW, round(usual, 2)))
    return {"seconds": seconds, "segment_hop": round(seconds / 2, 3)}


def written(name: str, settings: Mapping[str, Any], command: str) -> str:
    """The file of the study, which a command of `etude` runs."""
    lines = "\n".join(f"    {key}={value!r}," for key, value in settings.items())
    names = "; ".join(arm.name for arm in arms_at(settings["rate"], 1))
    return (
        f'"""Which of a few small networks tells the classes of {name} apart best? Written by `etude survey`.\n\n'
        f"Arms: {names}. Run it by `etude {command}`.\n"
        '"""\n\n'
        "from etude.studies.first_comparison import first_comparison\n\n"
        f'STUDY = first_comparison(\n    "{name}",\n{lines}\n)\n'
    )


def answer(directory: Path) -> None:
    """Print where each arm ended, how sure that is, and what the best one confuses."""
    with understood(directory):
        run = Run.load(directory, finished=True)
        data = Confirmed(run, HEADLINE.name)
        best = exporting.best_arm(exporting.exportable(run))
        show(ends(data, run.arms, best))
        print_line(
            f"{best} is best on the validation parts, which choose; accuracies are on the test parts, which do not. "
            f"{undecided(data, run.arms, best)}"
        )
        for sentence in confusions(data, best):
            print_line(sentence)


def ends(data: Confirmed, arms: list[str], best: str) -> Table:
    """A line for each arm, the most accurate first."""
    seconds = data.rows.groupby("arm")["cpu_seconds"].mean()
    rows = [
        (arm, f"{end.mean:.1f} [{end.low:.1f}, {end.high:.1f}]", behind(data, best, arm), f"{seconds[arm]:.0f} s")
        for arm, end in standing.ends(data, arms).items()
    ]
    columns = ("arm", "accuracy, % [95 %]", f"{best} is ahead by, points [95 %]", "CPU time a training")
    return table("", columns, rows)


def behind(data: Confirmed, best: str, arm: str) -> str:
    """How far an arm is behind the best, in points with the limits of its interval."""
    if arm == best:
        return ""
    low, high = standing.limits(data, best, arm)
    effect = data.cells((best, arm)).interval({best: 1.0, arm: -1.0}).effect
    return f"{signed(effect)} {span(low, high)}"


def undecided(data: Confirmed, arms: list[str], best: str) -> str:
    """Which arms may be as good as the best."""
    alike = standing.as_good(data, best, arms)
    return f"May be as good: {', '.join(alike)}." if alike else "It is ahead of every other by more than chance."


def confusions(data: Confirmed, arm: str) -> list[str]:
    """What an arm takes most often for something else, over all its repetitions."""
    items = data.items(arm)
    wrong = items[items["label"] != items["prediction"]]
    totals = items["label"].value_counts()
    counted = Counter(zip(wrong["label"], wrong["prediction"], strict=True))
    return [
        f"Takes {label} for {prediction} in {count} of {totals[label]} answers."
        for (label, prediction), count in counted.most_common(CONFUSED)
    ]
