"""Train one network from packed audio or from files: ways.py WAY OPTIONS, a JSON object; writes what it took.

"packed" is étude's own path: store, front end, fit. "files" is the documents' way: a torch Dataset that opens its file
and computes its features with librosa each time, under a DataLoader. Clips, split, network, optimiser, batch size and
validation are the same. Imports are over before the clock starts.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from trainables.configuration import Configuration
from trainables.corpora.store import load
from trainables.data.features import build
from trainables.data.splitting import Divisions
from trainables.data.trial_data import TrialData
from trainables.frontends.scaling import LEAST_DEVIATION
from trainables.resolving import resolve
from trainables.trainings import TRAININGS

Clock = tuple[float, float]


def clock() -> Clock:
    """Seconds of the wall and of the processor."""
    return time.perf_counter(), time.process_time()


def packed(store: Path, configuration: Configuration, epochs: int) -> dict[str, Any]:
    """Open the store, compute the features, train; the features are part of the first epoch."""
    moments = [clock()]
    divisions = Divisions(load(store))
    features = build(divisions.store, configuration, torch.device("cpu"))
    data = TrialData(configuration, divisions.of(configuration), features)
    training = TRAININGS["classification"].build(data)
    for _ in range(epochs):
        record = training.epoch()
        moments.append(clock())
    rows = np.sort(data.items["train"].rows)[:8]
    return {"moments": moments, "shape": features.shape, "features": features.rows(rows), "last": record}


class Clips(Dataset):
    """Files and their labels; an item is opened, decoded and transformed whenever it is asked for."""

    def __init__(self, paths: list[Path], labels: np.ndarray, settings: dict[str, Any]):
        self.paths, self.labels, self.settings = paths, labels, settings

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, place: int) -> tuple[Tensor, int]:
        samples, rate = librosa.load(self.paths[place], sr=None, mono=True)
        values = librosa.feature.mfcc(
            y=samples,
            sr=rate,
            n_mfcc=self.settings["coefficients"],
            n_fft=self.settings["frame"],
            hop_length=self.settings["hop"],
        )
        values = (values - values.mean()) / max(values.std(), LEAST_DEVIATION)
        return torch.from_numpy(values.astype(np.float32))[None], int(self.labels[place])


def files(store: Path, configuration: Configuration, epochs: int, folder: Path) -> dict[str, Any]:
    """Train from the files in `folder` that the store was packed from."""
    divisions = Divisions(load(store))
    features = build(divisions.store, configuration, torch.device("cpu"))
    data = TrialData(configuration, divisions.of(configuration), features)
    recipe, settings = data.recipe, configuration.part("front_end")
    parts = {}
    for name in ("train", "validation"):
        table = data.items[name].table
        labels = np.searchsorted(data.classes, table["label"].to_numpy(str))
        parts[name] = Clips([folder / path for path in table["clip"]], labels, settings)
    network = data.network(data.seed)
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    train = DataLoader(parts["train"], batch_size=recipe.batch_size, shuffle=True)
    validation = DataLoader(parts["validation"], batch_size=recipe.batch_size)
    parts["train"][0]  # The first call imports most of librosa.
    moments = [clock()]
    for _ in range(epochs):
        network.train()
        for inputs, labels in train:
            loss = nn.functional.cross_entropy(network(inputs), labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        network.eval()
        with torch.no_grad():
            right = sum(int((network(inputs).argmax(1) == labels).sum()) for inputs, labels in validation)
        moments.append(clock())
    rows = np.sort(data.items["train"].rows)[:8]
    places = [int(np.flatnonzero(data.items["train"].rows == row)[0]) for row in rows]
    values = torch.stack([parts["train"][place][0] for place in places])
    last = {"loss": loss.item(), "validation_accuracy": right / len(parts["validation"])}
    return {"moments": moments, "shape": tuple(values.shape[1:]), "features": values, "last": last}


def warm_up() -> None:
    """Import what torch imports at its first step, which takes seconds."""
    one = nn.Linear(1, 1)
    optimiser = torch.optim.Adam(one.parameters())
    one(torch.ones(1)).sum().backward()
    optimiser.step()


def main() -> None:
    """Train one way and write moments, shapes and the features of eight clips."""
    options = json.loads(sys.argv[2])
    torch.set_num_threads(1)
    warm_up()
    configuration, store = resolve(options["settings"]), Path(options["store"])
    if sys.argv[1] == "packed":
        result = packed(store, configuration, options["epochs"])
    else:
        result = files(store, configuration, options["epochs"], Path(options["folder"]))
    torch.save(result, options["result"])


if __name__ == "__main__":
    main()
