"""Runs with planted results: tables as `studies` gathers them, with known differences in them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from optuna.distributions import BaseDistribution, distribution_to_json
from scipy import stats

from analysis.claims import Claim, dump
from analysis.runs import EPOCH_COLUMNS, EXCERPT_COLUMNS, MEASURES, PREDICTION_COLUMNS, TRIAL_COLUMNS, Run

CELLS = (
    ("as_published", "as_printed"),
    ("corrected", "chosen"),
    ("corrected", "as_printed"),
    ("grouped_same_sizes", "as_printed"),
)
LABELS = np.array(["cello", "flute", "oboe", "tuba", "banjo", "guitar", "viola", "violin"])
Planted = Callable[..., Run]
LESS = ("distance_noise", "flatness_recorded", "confidence_noise")
MEASURED = ("signal_to_noise", "spectral_distance", "spectral_distance_of_another", "spectral_distance_of_noise")
MORE = ("discriminator_below", "generator_loss", "distance_generated", "flatness_generated", "confidence_generated")
MORE += ("confidence_recorded",)
FIRST = ("segments_right", "sum_right", "product_right", "vote_right")


@pytest.fixture(scope="session")
def tab() -> Iterator[Any]:
    """A tab of a browser, one for all tests: for each that is opened, half a second passes."""
    yield from import_module("browsing").opened()


@pytest.fixture(scope="session")
def fully_recorded() -> Callable[[Run], Run]:
    """Adds to a run what any training records, so that every metric has a value above 0 of its trials."""
    return with_all_that_is_recorded


def with_all_that_is_recorded(run: Run) -> Run:
    generator = np.random.default_rng(1)
    epochs = {name: generator.uniform(1, 2, len(run.epochs)) for name in LESS}
    epochs |= {name: generator.uniform(3, 4, len(run.epochs)) for name in MORE}
    epochs["train_accuracy"] = generator.uniform(0.5, 1, len(run.epochs))
    trials = {name: generator.uniform(1, 2, len(run.trials)) for name in MEASURES}
    settings = json.dumps({"training": "dcgan", "seconds": 0.3})
    logits = list(generator.standard_normal((len(run.predictions), len(LABELS))))
    trained = 2 ** pd.factorize(run.predictions["label"], sort=True)[0]
    items = {name: generator.uniform(1, 2, len(run.predictions)) for name in MEASURED}
    items |= {name: generator.uniform(0.1, 0.9, len(run.predictions)) for name in FIRST}
    items |= {name: np.random.default_rng(2).uniform(1, 2, len(run.predictions)) for name in ("score", "error")}
    items |= {"flatness_recorded": 0.1, "flatness_inverted": generator.uniform(0.2, 0.4, len(run.predictions))}
    return replace(
        run,
        study={**run.study, "data": {**run.study["data"], "labels": LABELS.tolist()}},
        trials=run.trials.assign(**trials, settings=settings),
        epochs=run.epochs.assign(**epochs),
        predictions=run.predictions.assign(logits=logits, class_trained_on=trained, **items),
        excerpts=annotated(run.predictions),
    )


def study_json(arms: Sequence[str], claims: Sequence[Claim], **changes: Any) -> dict[str, Any]:
    return {
        "study": {
            "name": "planted",
            "arms": [{"name": arm, "settings": {}} for arm in arms],
            "claims": dump(claims),
            "budget_epochs": changes.get("budget_epochs", 10),
        },
        "scale": {
            "name": "planted",
            "decides": changes.get("decides", True),
            "until_decided": changes.get("until_decided", False),
            "epochs": changes.get("epochs", 10),
        },
        "data": {"clips": 12, "rendered": changes.get("rendered", False), "facts": changes.get("facts", {})},
        "protocols": {"as_published": {"guessed": changes.get("guessed", [])}, "corrected": {}},
        "architectures": {arm: {"parameters": n} for arm, n in changes.get("parameters", {}).items()},
        "example": {},
        "rungs": {},
        "provenance": {},
        "progress": {"finished": True},
    }


def answers(
    generator: np.random.Generator, share: float, difficulty: np.ndarray, noise: float, lift: np.ndarray
) -> np.ndarray:
    """Which items a run gets right: those easier than it can do, with noise of its own."""
    own = generator.standard_normal(len(difficulty))
    return stats.norm.ppf(share) + lift > np.sqrt(1 - noise**2) * difficulty + noise * own


def answered(
    trials: np.ndarray, group: np.ndarray, kind: np.ndarray, said: np.ndarray, loudness: np.ndarray
) -> pd.DataFrame:
    """The predictions of these trials, which all test the same items; `said` are the classes, trial after trial."""
    size = len(kind)
    every = np.tile(np.arange(size), len(trials))
    # Text is made once for each name, then only repeated, which is quicker by far.
    texts = {"item": np.char.add("item", np.arange(size).astype(str)), "group": np.arange(group[-1] + 1).astype(str)}
    items, groups, labels = (pd.Series(each).array for each in (*texts.values(), LABELS))
    label, prediction = labels[kind[every]], labels[said]
    columns = {
        "trial": pd.Series(trials).array[np.repeat(np.arange(len(trials)), size)],
        "item": items[every],
        "group": groups[group[every]],
        **{"label": label, "prediction": prediction},
        "loudness": loudness[every],
    }
    return pd.DataFrame(columns).reindex(columns=[*PREDICTION_COLUMNS, "loudness"])


def annotated(predictions: pd.DataFrame) -> pd.DataFrame:
    """The same answers as if they were of published excerpts, each of one label."""
    labels = {"labels": predictions["label"], "number_of_labels": 1}
    named = dict.fromkeys(("named", "ranked"), predictions["prediction"])
    return predictions.assign(**labels, **named)[list(EXCERPT_COLUMNS)]


@pytest.fixture(scope="session")
def planted() -> Planted:
    def build(
        shares: Mapping[str, float],
        claims: Sequence[Claim] = (),
        *,
        cells: Sequence[tuple[str, str]] = CELLS[:2],
        n: int = 10,
        groups: int = 100,
        items: int = 10,
        classes: int = 4,
        noise: float = 0.15,
        flatter: float = 0.0,
        slope: float | Mapping[str, float] = 0.0,
        delay: Mapping[str, int] | None = None,
        seconds: Mapping[str, float] | None = None,
        parameters: Mapping[str, int] | None = None,
        lifted: Mapping[str, Mapping[str, float]] | None = None,
        failed: Mapping[str, int] | None = None,
        seed: int = 0,
        **changes: Any,
    ) -> Run:
        generator = np.random.default_rng(seed)
        size = groups * items
        group, kind, loudness = np.arange(size) // items, np.arange(size) % classes, generator.standard_normal(size)
        difficulty = 0.6 * generator.standard_normal(groups)[group] + 0.8 * generator.standard_normal(size)
        trials, curves, right = [], [], []
        for (protocol, configuration), repetition, arm in product(cells, range(n), shares):
            level = np.clip(shares[arm] + flatter * (protocol == "as_published"), 0.001, 0.999)
            lift = np.array([(lifted or {}).get(arm, {}).get(label, 0.0) for label in LABELS])[kind]
            steep = np.array([slope.get(label, 0.0) if isinstance(slope, Mapping) else slope for label in LABELS])[kind]
            right.append(answers(generator, float(level), difficulty, noise, steep * loudness + lift))
            late = (delay or {}).get(arm, 2) + generator.integers(0, 2)
            curve = level * np.where(np.arange(10) < late, 0.3, 1.0)
            each = (seconds or {}).get(arm, 1.0) * generator.uniform(0.98, 1.02)
            losses = {"train_loss": 1 - curve, "validation_loss": 1 - curve}
            times = {"cpu_seconds": np.full(10, each), "seconds": np.full(10, 3.0)}
            curves.append({"validation_accuracy": curve, **losses, **times})
            row = {"trial": f"{protocol}-{configuration}-{arm}-{repetition}", "phase": "confirm", "arm": arm}
            row |= {"configuration": configuration, "protocol": protocol, "repetition": repetition, "fold": 0}
            state = "failed" if repetition < (failed or {}).get(arm, 0) else "complete"
            row |= {"state": state, "validation_accuracy": curve[-1], "train_accuracy": 1.0, "cpu_seconds": 36.0}
            row |= {"device": "cpu", "train_accuracy_evaluated": 1.0}
            trials.append(row | {"parameters": (parameters or {}).get(arm, 100)})
        names = np.array([row["trial"] for row in trials])
        known = {name: np.concatenate([c[name] for c in curves]) for name in curves[0]}
        epochs = {"trial": np.repeat(names, 10), "epoch": np.tile(np.arange(1, 11), len(names)), **known}
        said = np.where(np.stack(right), kind, (kind - 1) % classes).ravel()
        return Run(
            Path("planted"),
            study_json(list(shares), claims, parameters=parameters or {}, **changes),
            pd.DataFrame(trials).reindex(columns=[*TRIAL_COLUMNS, *MEASURES]),
            pd.DataFrame(epochs).reindex(columns=list(EPOCH_COLUMNS)),
            answered(names, group, kind, said, loudness),
        )

    return build


@pytest.fixture(scope="session")
def surface() -> Planted:
    """A run of one arm "a" that explored a space: the accuracy of its trials is a function of their settings."""

    def build(
        settings: pd.DataFrame,
        accuracies: np.ndarray,
        dimensions: Mapping[str, BaseDistribution],
        claims: Sequence[Claim] = (),
        *,
        exploration: str | None = "random",
        **changes: Any,
    ) -> Run:
        names = [f"x{number}" for number in range(len(settings))]
        role = {"phase": "explore", "arm": "a", "configuration": "explored", "protocol": "corrected", "fold": 0}
        rows = {"repetition": range(len(names)), "validation_accuracy": accuracies, "state": "complete", "epochs": 10}
        trials = pd.DataFrame({"trial": names, **rows, "settings": [row.to_json() for _, row in settings.iterrows()]})
        # Before the last epoch all trials are alike.
        curves = np.append(np.full((len(names), 9), 0.5), accuracies[:, None], axis=1).ravel()
        epochs = {"trial": np.repeat(names, 10), "epoch": np.tile(np.arange(1, 11), len(names))}
        study = study_json(["a"], claims, **changes)
        if exploration:
            drawn = {name: distribution_to_json(each) for name, each in dimensions.items()}
            study["study"] |= {"exploration": exploration, "dimensions": drawn}
        return Run(
            Path("surface"),
            study,
            trials.assign(**role).reindex(columns=list(TRIAL_COLUMNS)),
            pd.DataFrame({**epochs, "validation_accuracy": curves}).reindex(columns=list(EPOCH_COLUMNS)),
            pd.DataFrame(columns=list(PREDICTION_COLUMNS)),
        )

    return build
