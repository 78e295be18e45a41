"""Runs with planted results: tables as `studies` gathers them, with known differences in them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.claims import Claim, dump
from analysis.runs import EPOCH_COLUMNS, PREDICTION_COLUMNS, TRIAL_COLUMNS, Run

CELLS = (
    ("as_published", "as_printed"),
    ("corrected", "chosen"),
    ("corrected", "as_printed"),
    ("grouped_same_sizes", "as_printed"),
)
LABELS = np.array(["cello", "flute", "oboe", "tuba"])
Planted = Callable[..., Run]


def study_json(arms: Sequence[str], claims: Sequence[Claim], **changes: Any) -> dict[str, Any]:
    study = {
        "study": {
            "name": "planted",
            "arms": [{"name": arm, "settings": {}} for arm in arms],
            "claims": dump(claims),
            "budget_epochs": changes.get("budget_epochs", 10),
        },
        "scale": {
            "name": "planted",
            "decides": changes.get("decides", True),
            "confirm_epochs": changes.get("confirm_epochs", 10),
        },
        "data": {"rendered": changes.get("rendered", False), "facts": changes.get("facts", {})},
        "protocols": {"as_published": {"guessed": changes.get("guessed", [])}, "corrected": {}},
        "architectures": {arm: {"parameters": n} for arm, n in changes.get("parameters", {}).items()},
        "example": {},
        "rungs": {},
        "provenance": {},
        "progress": {"finished": True},
    }
    return study


def answers(
    generator: np.random.Generator, share: float, difficulty: np.ndarray, noise: float, lift: np.ndarray | float = 0.0
) -> np.ndarray:
    """Which items a run gets right: those easier than it can do, with noise of its own."""
    own = generator.standard_normal(len(difficulty))
    return stats.norm.ppf(share) + lift > np.sqrt(1 - noise**2) * difficulty + noise * own


@pytest.fixture(scope="session")
def planted() -> Planted:
    def build(
        shares: Mapping[str, float],
        claims: Sequence[Claim] = (),
        *,
        n: int = 10,
        groups: int = 100,
        items: int = 10,
        noise: float = 0.15,
        seed_sd: float = 0.0,
        flatter: float = 0.0,
        slope: float = 0.0,
        delay: Mapping[str, int] | None = None,
        seconds: Mapping[str, float] | None = None,
        parameters: Mapping[str, int] | None = None,
        seed: int = 0,
        **changes: Any,
    ) -> Run:
        generator = np.random.default_rng(seed)
        group = np.repeat(np.arange(groups), items)
        difficulty = 0.6 * generator.standard_normal(groups)[group] + 0.8 * generator.standard_normal(len(group))
        names, label = np.char.add("item", np.arange(len(group)).astype(str)), LABELS[np.arange(len(group)) % 4]
        loudness = generator.standard_normal(len(group))
        trials, epochs, predictions = [], [], []
        for protocol, configuration in CELLS:
            for repetition in range(n):
                for arm, share in shares.items():
                    trial = f"{protocol}-{configuration}-{arm}-{repetition}"
                    level = np.clip(share + flatter * (protocol == "as_published"), 0.001, 0.999)
                    lift = slope * loudness + seed_sd * generator.standard_normal()
                    right = answers(generator, level, difficulty, noise, lift)
                    late = (delay or {}).get(arm, 2) + generator.integers(0, 2)
                    curve = level * np.where(np.arange(10) < late, 0.3, 1.0)
                    each = (seconds or {}).get(arm, 1.0) * generator.uniform(0.98, 1.02)
                    known = {"validation_accuracy": curve, "validation_loss": 1 - curve, "seconds": each}
                    epochs.append(pd.DataFrame({"trial": trial, "epoch": np.arange(10) + 1, **known}))
                    table = {"item": names, "group": group.astype(str), "label": label, "loudness": loudness}
                    wrong = np.where(right, label, np.roll(LABELS, 1)[np.arange(len(group)) % 4])
                    predictions.append(pd.DataFrame({"trial": trial, **table, "prediction": wrong}))
                    row = {"trial": trial, "phase": "confirm", "arm": arm, "configuration": configuration}
                    row |= {"protocol": protocol, "repetition": repetition, "fold": 0, "state": "complete"}
                    row |= {"validation_accuracy": curve[-1], "train_accuracy": 1.0, "cpu_seconds": 36.0}
                    trials.append(row | {"parameters": (parameters or {}).get(arm, 100)})
        return Run(
            Path("planted"),
            study_json(list(shares), claims, parameters=parameters or {}, **changes),
            pd.DataFrame(trials).reindex(columns=list(TRIAL_COLUMNS)),
            pd.concat(epochs).reindex(columns=list(EPOCH_COLUMNS)),
            pd.concat(predictions).reindex(columns=[*PREDICTION_COLUMNS, "loudness"]),
        )

    return build
