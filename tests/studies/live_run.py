"""The directory of a run in the middle, as its driver and its workers would have written it."""

import json
from pathlib import Path

from optuna.trial import TrialState

from studies.driver.history import open_study

NAMES = {"arm 5x5": "5x5", "arm 3x8": "3x8"}
STARTED = "2026-01-02T03:04:05+00:00"


def write(folder: Path) -> Path:
    """One arm has explored three trials (trained, stopped, begun), the other confirms one and has failed another.

    The one that is confirmed has gone on from a trial of fewer epochs, which no plan has any more.
    """
    arms = [{"name": arm, "settings": {"kernel": kernel, "learning_rate": 0.1}} for arm, kernel in NAMES.items()]
    study = {"name": "made", "arms": arms, "tuned": {"learning_rate": "a number"}, "claims": [], "findings": []}
    progress = {"finished": False, "explore": {"done": 2, "planned": 4}, "confirm": {"done": 1, "planned": 3}}
    launches = {"launches": [{"started": STARTED}], "started": STARTED}
    folder.mkdir(parents=True)
    (folder / "study.json").write_text(json.dumps({"study": study, "progress": progress, "provenance": launches}))
    explored = open_study(folder / "journal" / "arm%205x5")
    for number, state in enumerate((TrialState.COMPLETE, TrialState.PRUNED, None)):
        trial = explored.ask()
        trial.suggest_float("learning_rate", 0.01, 0.1)
        accuracies = [0.5 + 0.1 * epoch + 0.01 * number for epoch in range((4, 2, 3)[number])]
        for epoch, accuracy in enumerate(accuracies, 1):
            trial.report(accuracy, epoch)
        if state:
            explored.tell(trial, accuracies[-1] if state is TrialState.COMPLETE else None, state=state)
        write_trial(folder, f"explored{number}", "5x5", number, accuracies, learning_rate=trial.params["learning_rate"])
    write_trial(folder, "confirmed", "3x8", 100, [0.6, 0.9, 0.8])
    write_trial(folder, "grown", "3x8", 100, [0.6, 0.9])
    write_trial(folder, "lost", "3x8", 101, [0.1])
    (folder / "trials" / "lost" / "failed.json").write_text('{"reason": "its loss was not a number"}')
    roles = [{"trial": name, "arm": "arm 3x8"} for name in ("confirmed", "lost", "not begun")]
    (folder / "confirm.json").write_text(json.dumps(roles))
    return folder


def write_trial(run: Path, name: str, kernel: str, seed: int, accuracies: list[float], **settings: float) -> None:
    folder = run / "trials" / name
    folder.mkdir(parents=True)
    whole = {"kernel": kernel, "learning_rate": 0.1, "seed": seed, "epochs": 4, "protocol": "corrected", **settings}
    (folder / "config.json").write_text(json.dumps(whole))
    lines = [
        {"epoch": epoch, "validation_accuracy": value, "train_loss": 1 - value, "seconds": 10.0, "cpu_seconds": 9.0}
        for epoch, value in enumerate(accuracies, 1)
    ]
    (folder / "epochs.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
