"""A run directory with made-up numbers, written as `studies` writes one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from analysis.claims import Better, Claim, Cost, Equal, Interaction, NoDirection, Ranking, dump
from analysis.runs import EPOCH_COLUMNS, PREDICTION_COLUMNS, TRIAL_COLUMNS

CELLS = (
    ("as_published", "as_printed"),
    ("corrected", "chosen"),
    ("corrected", "as_printed"),
    ("grouped_same_sizes", "as_printed"),
)
LABELS = ("banjo", "cello", "clarinet", "cor anglais", "double bass", "flute", "french horn")
LABELS += ("guitar", "oboe", "trombone", "trumpet", "tuba", "viola", "violin")
LENETS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80", "LeNet_5*5_128*80", "LeNet_3*8_128*80")
LSTMS = ("LSTM_64_64*80", "LSTM_128_64*80", "LSTM_128+64_64*80", "LSTM_128+128_64*80", "LSTM_128+128_128*80")
ARMS = LENETS + LSTMS
LEVELS = dict(zip(ARMS, (0.90, 0.915, 0.905, 0.93, 0.78, 0.83, 0.85, 0.86, 0.84), strict=True))
INFLATION = {"as_published": 0.05, "corrected": 0.0, "grouped_same_sizes": 0.01}

CLAIMS: tuple[Claim, ...] = (
    Equal(finding="S4-F3", first=ARMS[1], second=ARMS[0]),
    Better(finding="S4-F4", metric="accuracy_at_1", better=ARMS[1], worse=ARMS[0]),
    Better(finding="S4-F5", better=ARMS[5], worse=ARMS[4], printed=6.0),
    Cost(finding="S4-F6", cheaper=ARMS[5], dearer=ARMS[4], metric="seconds_to_share"),
    Better(finding="S4-F7", part="equal", better=ARMS[7], worse=ARMS[5]),
    Better(finding="S4-F7", part="unequal", better=ARMS[6], worse=ARMS[5]),
    Ranking(finding="S4-F9", best=ARMS[1], candidates=LENETS),
    Better(finding="S4-F11", metric="epochs_to_90", margin=3.0, better=ARMS[1], worse=ARMS[8]),
    Interaction(finding="S4-F13", plus=(ARMS[2], ARMS[0]), minus=(ARMS[8], ARMS[7])),
    NoDirection(finding="S4-F15", first=ARMS[7], second=ARMS[4]),
)


@dataclass(frozen=True)
class Plan:
    """What to make up. Names of labels and files are taken as they come, hostile ones too."""

    arms: Sequence[str] = ARMS
    claims: Sequence[Claim] = CLAIMS
    labels: Sequence[str] = LABELS
    repetitions: int = 8
    epochs: int = 30
    explored: int = 8
    notes: int = 10
    rendered: bool = False
    decides: bool = True
    confirm: bool = True
    problems: Sequence[str] = ("philharmonia/saxophone/saxophone_Fs3_15_fortissimo_normal.mp3",)
    seed: int = 0


def write(path: Path, plan: Plan) -> Path:
    """Write study.json and the three tables of a made-up run; gives the directory."""
    path.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(plan.seed)
    tables: dict[str, list[pd.DataFrame]] = {"trials": [], "epochs": [], "predictions": []}
    for arm in plan.arms:
        explore(plan, arm, generator, tables)
        if plan.confirm:
            confirm(plan, arm, generator, tables)
    (path / "study.json").write_text(json.dumps(description(plan)))
    columns = {"trials": TRIAL_COLUMNS, "epochs": EPOCH_COLUMNS, "predictions": PREDICTION_COLUMNS}
    for name, parts in tables.items():
        table = pd.concat(parts) if parts else pd.DataFrame(columns=list(columns[name]))
        table.reindex(columns=list(columns[name])).to_parquet(path / f"{name}.parquet", index=False)
    return path


def level(arm: str) -> float:
    return LEVELS.get(arm, 0.8)


def curve(level: float, epochs: int, rate: float, generator: np.random.Generator) -> np.ndarray:
    rise = level * (1 - np.exp(-np.arange(1, epochs + 1) * rate))
    return np.clip(rise + 0.012 * generator.standard_normal(epochs), 0.02, 1.0)


def epochs_table(trial: str, accuracy: np.ndarray, arm: str, generator: np.random.Generator) -> pd.DataFrame:
    seconds = (0.4 if arm.startswith("LeNet") else 1.9) * generator.uniform(0.97, 1.05, len(accuracy))
    known = {"train_accuracy": np.minimum(1.0, accuracy + 0.05), "train_loss": 1 - accuracy}
    known |= {"validation_accuracy": accuracy, "validation_loss": 1.1 - accuracy}
    known |= {"seconds": seconds, "cpu_seconds": 4 * seconds}
    return pd.DataFrame({"trial": trial, "epoch": np.arange(1, len(accuracy) + 1), **known})


def trial_row(role: dict[str, Any], curve: pd.DataFrame, settings: dict[str, Any]) -> pd.DataFrame:
    known = {"epochs": len(curve), "parameters": 390264, "device": "cpu", "settings": json.dumps(settings)}
    known |= {
        "train_accuracy": curve["train_accuracy"].iloc[-1],
        "validation_accuracy": curve["validation_accuracy"].iloc[-1],
    }
    known |= {"seconds": curve["seconds"].sum(), "cpu_seconds": curve["cpu_seconds"].sum(), "test_accuracy": np.nan}
    return pd.DataFrame([{**known, **role}])


def explore(plan: Plan, arm: str, generator: np.random.Generator, tables: dict[str, list[pd.DataFrame]]) -> None:
    for number in range(plan.explored):
        rate = 10 ** generator.uniform(-4, -2)
        good = level(arm) - 0.08 * (np.log10(rate) + 2.9) ** 2
        stopped = number % 3 == 2
        last = max(1, plan.epochs // 3) if stopped else plan.epochs
        trial = f"x{crc32(f'{arm} {number}'.encode()):010d}"
        table = epochs_table(trial, curve(good, plan.epochs, 0.25, generator)[:last], arm, generator)
        role = {"trial": trial, "phase": "explore", "arm": arm, "configuration": "explored", "protocol": "corrected"}
        role |= {"repetition": number, "fold": 0, "state": "stopped" if stopped else "complete"}
        settings = {"learning_rate": rate, "batch_size": int(generator.choice([16, 32, 64]))}
        tables["epochs"].append(table)
        tables["trials"].append(trial_row(role, table, settings))


def confirm(plan: Plan, arm: str, generator: np.random.Generator, tables: dict[str, list[pd.DataFrame]]) -> None:
    truth = np.repeat(np.array(plan.labels, dtype=object), plan.notes * 2)
    group = np.repeat([f"note{i}" for i in range(len(truth) // 2)], 2)
    item = np.array([f"{label}/{i:04d}.mp3" for i, label in enumerate(truth)], dtype=object)
    hard = np.random.default_rng(7).standard_normal(len(truth))
    for protocol, configuration in CELLS:
        for repetition in range(plan.repetitions):
            trial = f"{protocol[:2]}-{configuration[:2]}-{list(plan.arms).index(arm)}-{repetition}"
            share = min(0.99, level(arm) + INFLATION[protocol] + 0.008 * generator.standard_normal())
            wrong = 0.75 * hard + 0.66 * generator.standard_normal(len(truth)) > np.quantile(hard, share)
            guess = np.where(
                wrong, np.roll(np.array(plan.labels, dtype=object), 1)[np.arange(len(truth)) // (plan.notes * 2)], truth
            )
            known = {"label": truth, "prediction": guess, "confidence": 0.9, "item": item, "group": group}
            tables["predictions"].append(pd.DataFrame({"trial": trial, **known}))
            rate = 0.35 if arm.startswith("LeNet") else 0.15
            table = epochs_table(trial, curve(share, plan.epochs, rate, generator), arm, generator)
            role = {
                "trial": trial,
                "phase": "confirm",
                "arm": arm,
                "configuration": configuration,
                "protocol": protocol,
            }
            role |= {"repetition": 1000 + repetition, "fold": 0, "state": "complete"}
            role |= {"test_accuracy": 1 - wrong.mean()}
            tables["epochs"].append(table)
            tables["trials"].append(trial_row(role, table, {"learning_rate": 0.001, "batch_size": 32}))


def description(plan: Plan) -> dict[str, Any]:
    planned = len(plan.arms) * plan.explored, len(plan.arms) * plan.repetitions * len(CELLS)
    done = planned if plan.confirm else (planned[0], 0)
    phases = ({"done": d, "planned": p} for d, p in zip(done, planned, strict=True))
    return {
        "study": study(plan),
        "scale": {"name": "laptop" if plan.decides else "smoke", "trials": plan.explored, "explore_epochs": plan.epochs}
        | {"grace": 3, "reduction": 3, "repetitions": plan.repetitions, "confirm_epochs": plan.epochs, "folds": 1}
        | {"decides": plan.decides},
        "data": data(plan),
        "protocols": {name: protocol(name) for name, _ in CELLS},
        "architectures": {arm: architecture(arm) for arm in plan.arms},
        "example": example(),
        "rungs": {arm: [plan.epochs // 3] for arm in plan.arms},
        "provenance": provenance(),
        "progress": {"finished": plan.confirm, **dict(zip(("explore", "confirm"), phases, strict=True))},
    }


def study(plan: Plan) -> dict[str, Any]:
    return {
        "name": "yun_bi/lenet_or_lstm",
        "document": "yun_bi",
        "section": "3.4.6, 4",
        "title": "The best LeNet against the best LSTM",
        "question": "Which LeNet and which LSTM are best, and is LeNet faster and more accurate than an LSTM?",
        "findings": list(dict.fromkeys(claim.finding for claim in plan.claims)),
        "arms": [{"name": arm, "settings": settings(arm)} for arm in plan.arms],
        "fixed": {"hop": 512},
        "tuned": {"learning_rate": "0.0001 to 0.01, log", "batch_size": "16, 32 or 64"},
        "claims": dump(plan.claims),
        "guessed": ["optimiser and learning rate"],
        "budget_epochs": 100,
    }


def settings(arm: str) -> dict[str, Any]:
    network, form, size = [*arm.split("_"), "", ""][:3]
    kernel = {"kernel": form.replace("*", "x")} if network == "LeNet" else {"units": form.replace("+", "-")}
    return {"architecture": network.lower(), **kernel, "bands": size.partition("*")[0]}


def data(plan: Plan) -> dict[str, Any]:
    return {
        "corpus": "philharmonia",
        "title": "Philharmonia sound samples",
        "licence": "free to use, not to sell",
        "bibliography": "Philharmonia Orchestra, Sound Samples.",
        "digest": "0123456789abcdef" * 4,
        "rendered": plan.rendered,
        "clips": 4480,
        "groups": 612,
        "labels": list(plan.labels),
        "facts": {"instruments": 58.0, "clips_of_one_second": None},
        "problems": [{"path": path, "reason": "the file is empty"} for path in plan.problems],
    }


def protocol(name: str) -> dict[str, Any]:
    leaky = name == "as_published"
    outcomes = ("fail" if leaky else "pass", "not applicable", "pass")
    names = (("B1", "segment leakage"), ("B6", "GTZAN faults"), ("B7", "same note in several dynamics"))
    checks = [
        {"id": id, "name": title, "outcome": outcome, "figure": 0.93 if outcome == "fail" else 0.0}
        | {"explanation": "Share of test items whose group occurs in training."}
        for (id, title), outcome in zip(names, outcomes, strict=True)
    ]
    counts = {"train": 2800, "validation": 0 if leaky else 560, "test": 1680}
    return {"counts": counts, "groups": 210, "checks": checks, "leak_share": 0.93 * leaky, "guessed": ["optimiser"]}


def architecture(arm: str) -> dict[str, Any]:
    layers = [
        {"name": "convolution_1", "kind": "Conv2d", "output": "6 x 62 x 73", "parameters": 150},
        {"name": "pool_1", "kind": "MaxPool2d", "output": "6 x 31 x 36", "parameters": 0},
        {"name": "linear_3", "kind": "Linear", "output": "14", "parameters": 390114},
    ]
    return {"parameters": 390264, "layers": layers}


def example() -> dict[str, Any]:
    time, band = np.meshgrid(np.arange(80), np.arange(64))
    values = sum(np.exp(-((band - 8 * k) ** 2) / 3 - time / (60 / k)) for k in range(1, 7))
    return {
        "clip": "flute/flute_A4.mp3",
        "label": "flute",
        "rate": 44100,
        "hop": 512,
        "bands": 64,
        "values": values.round(3).tolist(),
    }


def provenance() -> dict[str, Any]:
    return {
        "etude": "0.1.0",
        "commit": "0a1b2c3",
        "python": "3.11.9",
        "versions": {"torch": "2.11.0", "ray": "2.60.0", "optuna": "5.0.0"},
        "machine": "x86_64, 16 cores, NVIDIA H200",
        "started": "2026-01-02T03:04:05+00:00",
        "command": "etude run yun_bi/lenet_or_lstm --scale laptop",
    }
