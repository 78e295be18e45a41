"""One process of a bare loop: trains whatever trials of a plan nobody has taken: loop.py FOLDER.

FOLDER holds data.npz (where each segment is in the packed audio, labels, rows of each split) and plan.json (the path
of the audio, and batch size, learning rate, epochs and split of each trial). No study, no records, no checkpoints.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchaudio
from torch import Tensor, nn


def claimed(path: Path) -> bool:
    """Whether this process is the first to take a trial."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def features(audio: np.ndarray, data: dict[str, np.ndarray], plan: dict[str, Any]) -> Tensor:
    """Log-mel spectrograms of all segments, each of mean 0 and deviation 1; shape (segments, 1, 64, 80)."""
    waveforms = np.zeros((len(data["start"]), plan["samples"]), dtype=np.float32)
    for row, (start, available) in enumerate(zip(data["start"], data["available"], strict=True)):
        waveforms[row, :available] = audio[start : start + available] / 32768
    mel = torchaudio.transforms.MelSpectrogram(plan["rate"], n_fft=1024, hop_length=512, n_mels=64)
    decibel = torchaudio.transforms.AmplitudeToDB(top_db=80)
    batches = torch.from_numpy(waveforms)[:, None].split(8)
    values = torch.cat([decibel(mel(batch))[..., :80] for batch in batches])
    return (values - values.mean((1, 2, 3), keepdim=True)) / values.std((1, 2, 3), keepdim=True)


def network(classes: int) -> nn.Module:
    """The LeNet of the studies."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 13 * 17, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, classes),
    )


def train(trial: dict[str, Any], inputs: Tensor, labels: Tensor, rows: Tensor, held_out: Tensor) -> float:
    """Train on some rows and after each epoch measure on those held out; gives the last accuracy, a share."""
    torch.manual_seed(trial["seed"])
    model = network(int(labels.max()) + 1)
    optimiser = torch.optim.Adam(model.parameters(), lr=trial["learning_rate"])
    accuracy = 0.0
    for _ in range(trial["epochs"]):
        model.train()
        for batch in rows[torch.randperm(len(rows))].split(trial["batch_size"]):
            loss = nn.functional.cross_entropy(model(inputs[batch]), labels[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        accuracy = measured(model, inputs, labels, held_out)
    return accuracy


@torch.no_grad()
def measured(model: nn.Module, inputs: Tensor, labels: Tensor, rows: Tensor) -> float:
    """The accuracy on some rows, a share."""
    model.eval()
    predicted = torch.cat([model(inputs[batch]).argmax(1) for batch in rows.split(256)])
    return (predicted == labels[rows]).float().mean().item()


def work(folder: Path) -> None:
    """Compute the features once, then train whatever trial nobody has taken."""
    torch.set_num_threads(1)
    plan = json.loads((folder / "plan.json").read_text())
    data = dict(np.load(folder / "data.npz"))
    inputs, labels = features(np.load(plan["audio"], mmap_mode="r"), data, plan), torch.from_numpy(data["label"])
    for number, trial in enumerate(plan["trials"]):
        if claimed(folder / f"taken-{number}"):
            rows, held_out = (torch.from_numpy(data[f"{part}_{trial['split']}"]) for part in ("train", "validation"))
            print(number, train(trial, inputs, labels, rows, held_out), flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]))
