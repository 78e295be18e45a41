"""Write down what a run trained, so that a bare loop can train the same: plan.py RUN STORE FOLDER."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from trainables.corpora.store import load
from trainables.data.features import build
from trainables.data.splitting import Divisions
from trainables.resolving import resolve


def main() -> None:
    """Write plan.json and data.npz; the longest trials come first only if they did in the run."""
    run, path, folder = map(Path, sys.argv[1:])
    store = load(path)
    table = pd.read_parquet(run / "trials.parquet").drop_duplicates("trial")
    trials, arrays = [], {}
    for text, epochs in zip(table["settings"], table["epochs"], strict=True):
        configuration = resolve(json.loads(text))
        split = Divisions(store).of(configuration).split
        name = configuration.settings["protocol"]
        arrays |= {f"train_{name}": split.train, f"validation_{name}": split.validation}
        kept = {key: configuration.settings[key] for key in ("learning_rate", "batch_size", "seed")}
        trials.append({**kept, "epochs": int(epochs), "split": name})
    segments = build(store, configuration, torch.device("cpu")).segments
    labels = np.unique(store.clips["label"].to_numpy(str), return_inverse=True)[1]
    arrays |= {"start": segments.start, "available": segments.available, "label": labels}
    folder.mkdir(parents=True)
    np.savez(folder / "data.npz", **arrays)
    plan = {"audio": str(path / "audio.npy"), "rate": store.rate, "samples": segments.samples, "trials": trials}
    (folder / "plan.json").write_text(json.dumps(plan))


if __name__ == "__main__":
    main()
