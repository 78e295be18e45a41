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
from analysis.runs import EPOCH_COLUMNS, LEDGER_COLUMNS, PREDICTION_COLUMNS, TEST_EVALUATIONS, TRIAL_COLUMNS

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
    pictures: bool = True
    problems: Sequence[str] = ("philharmonia/saxophone/saxophone_Fs3_15_fortissimo_normal.mp3",)
    seed: int = 0


def write(path: Path, plan: Plan) -> Path:
    """Write study.json, pictures.json and the three tables of a made-up run; gives the directory."""
    path.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(plan.seed)
    tables: dict[str, list[pd.DataFrame]] = {"trials": [], "epochs": [], "predictions": []}
    for arm in plan.arms:
        explore(plan, arm, generator, tables)
        if plan.confirm:
            confirm(plan, arm, generator, tables)
    (path / "study.json").write_text(json.dumps(description(plan)))
    if plan.pictures:
        (path / "pictures.json").write_text(json.dumps(pictures(plan)))
    columns = {"trials": TRIAL_COLUMNS, "epochs": EPOCH_COLUMNS, "predictions": PREDICTION_COLUMNS}
    for name, parts in tables.items():
        table = pd.concat(parts) if parts else pd.DataFrame(columns=list(columns[name]))
        more = [column for column in table if column not in columns[name]] if name == "predictions" else []
        table.reindex(columns=[*columns[name], *more]).to_parquet(path / f"{name}.parquet", index=False)
        if name == "trials":
            (path / TEST_EVALUATIONS).write_text(ledger(table))
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
        "scale": {"name": "laptop" if plan.decides else "smoke", "trials": plan.explored, "epochs": plan.epochs}
        | {"reduction": 3, "repetitions": plan.repetitions, "folds": 1}
        | {"decides": plan.decides},
        "data": data(plan),
        "protocols": {name: protocol(name) for name, _ in CELLS},
        "design": design(),
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
        "tuned": {
            "learning_rate": "FloatDistribution(high=0.01, log=True, low=0.0001, step=None)",
            "batch_size": "CategoricalDistribution(choices=(16, 32, 64))",
        },
        "claims": dump(plan.claims),
        "guessed": ["optimiser and learning rate"],
        "budget_epochs": 100,
    }


def settings(arm: str) -> dict[str, Any]:
    network, form, size = [*arm.split("_"), "", ""][:3]
    kernel = {"kernel": form.replace("*", "x")} if network == "LeNet" else {"units": form.replace("+", "-")}
    tuned = {"learning_rate": 0.003, "batch_size": 32}
    return {"architecture": network.lower(), **kernel, "bands": size.partition("*")[0], **tuned}


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


CHECKS = (
    ("B1", "groups on both sides", 0.93, "of the test clips belong to a group that is trained on."),
    ("B1", "nearest neighbour of the same group", 0.52, "of 1000 test clips have one of their own group as nearest."),
    ("B4", "instruments on both sides", None, "Each class is one instrument: nothing is said of new ones."),
    ("B5", "labels of the validation part", 0.0, "The shares of the labels differ by 0.000 bits; 0.05 are allowed."),
    ("B6", "fault-filtered and artist-filtered lists", None, "The corpus is not GTZAN."),
    ("B7", "one note in several dynamics", 0.93, "of the test clips are a note that is trained on."),
    ("B9", "selection on the test part", 1.0, "of the test clips are also validated on."),
    ("B19", "size of the test part", 0.0, "An accuracy of 50 % has a standard error of 1.2 points."),
)


def protocol(name: str) -> dict[str, Any]:
    leaky = name == "as_published"
    checks = [check(id, title, figure if figure is None or leaky else 0.0, said) for id, title, figure, said in CHECKS]
    counts = {"train": 2800, "validation": 0 if leaky else 560, "test": 1680}
    return {"counts": counts, "groups": 210, "checks": checks, "leak_share": 0.93 * leaky, "guessed": ["optimiser"]}


def check(id: str, name: str, figure: float | None, explanation: str) -> dict[str, Any]:
    outcome = "not applicable" if figure is None else "fail" if figure else "pass"
    return {"id": id, "name": name, "outcome": outcome, "figure": figure or 0.0, "explanation": explanation}


def design() -> list[dict[str, Any]]:
    return [
        check("B12", "one factor in each comparison", 0.5, "1 of 2 is confounded. S4-F14: 11 % fewer parameters."),
        check("B15", "equal budgets", 0.0, "Planned for each of 9 arms: 8 explored trials, 240 explored epochs."),
    ]


def ledger(trials: pd.DataFrame) -> str:
    tested = trials[trials["test_accuracy"].notna()]
    columns = [name for name in LEDGER_COLUMNS if name in tested]
    known = {"items": 280, "digest": "0011223344556677", "tested": "2026-01-02T05:06:07+00:00"}
    return "".join(f"{json.dumps(row | known)}\n" for row in tested[columns].to_dict("records"))


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
        "step": 512 / 44100,
        "hertz": np.linspace(40, 21000, 64).round(1).tolist(),
        "values": values.round(3).tolist(),
    }


def pictures(plan: Plan) -> dict[str, Any]:
    arms = list(plan.arms)
    kinds = (("log_mel", arms[:1], ["hertz"]), ("stack", arms[1:2], ["hertz"] * 4), ("waveform", arms[2:3], []))
    return {
        "labels": [*plan.labels, "synth_lead"],
        "splits": [split(plan, name, arms) for name in ("as_published", "corrected", "grouped_same_sizes")],
        "inputs": [kind(plan, name, given, rows) for name, given, rows in kinds if given],
        "augmented": [augmented(plan, arms)] if arms else [],
        "waveforms": {"classes": len(plan.labels), "clips": [{**sound(label), "peak": 0.5} for label in plan.labels]},
    }


def split(plan: Plan, name: str, arms: list[str]) -> dict[str, Any]:
    alone = [{"parts": [part], "groups": n, "items": {part: 3 * n}} for part, n in (("train", 90), ("test", 30))]
    leak = {"parts": ["train", "test"], "groups": 40, "items": {"train": 80, "validation": 0, "test": 60}}
    each = {"train": [20] * len(plan.labels), "validation": [0] * len(plan.labels), "test": [12] * len(plan.labels)}
    return {
        "protocol": name,
        "arms": arms,
        "unit": "clips",
        "classes": {part: [*counts, 0] for part, counts in each.items()},
        "segments": {"train": [2800, 28000], "validation": [0], "test": [1680]},
        "sets": [*alone, *([leak] if name == "as_published" else [])],
    }


def kind(plan: Plan, name: str, arms: list[str], rows: list[str]) -> dict[str, Any]:
    clip = sound(plan.labels[0])
    steps = [
        {"title": "Segments: windows", "parameters": {"seconds": [0.3, 1.0], "segment_hop": [0.0]}},
        {"title": "Augmentation, in training alone", "parameters": {"augmentation": [""]}},
        {"title": "Mel filter bank", "parameters": {"bands": [64, 128], "low": [0.0], "high": [0.0]}},
    ]
    return {
        "arms": arms,
        "rate": 44100,
        "steps": steps,
        "shapes": [[1, 64, 80], [1, 128, 80]],
        "clip": clip,
        "segments": {"count": 3, "seconds": 0.5, "starts": [0.0, 0.5, 1.0], "shown": 1, "start": 0.5},
        "features": features(name, rows) if rows else {"unit": "amplitude", **sound("")},
    }


def features(name: str, rows: list[str]) -> dict[str, Any]:
    values = (-np.arange(96.0).reshape(8, 12)).tolist()
    names = [f"{scale}-{window}" for scale in ("linear", "mel") for window in (512, 2048)]
    channels = [
        {"name": each, "rows": kind, "centres": list(range(100, 900, 100)), "values": values}
        for each, kind in zip(names if len(rows) > 1 else [""], rows, strict=True)
    ]
    return {"unit": "dB relative to the peak", "seconds": 0.5, "channels": channels}


def augmented(plan: Plan, arms: list[str]) -> dict[str, Any]:
    before = {"labels": list(plan.labels[:1]), **sound(plan.labels[0]), "features": features("", ["hertz"])}
    after = {**before, "labels": list(plan.labels[:3])}
    settings = {"most_mixed": 3, "gain_db": 6.0}
    return {"names": "mixing+volume", "arm": arms[0], "clip": "a.mp3", "parameters": settings} | {
        "before": before,
        "after": after,
    }


def sound(label: str) -> dict[str, Any]:
    decay = np.exp(-np.linspace(0, 3, 40)).round(3)
    return {"clip": f"{label}/a.mp3", "label": label, "seconds": 1.5, "low": (-decay).tolist(), "high": decay.tolist()}


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
