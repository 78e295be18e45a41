"""What étude is measured against: the same trainings in plain PyTorch, in two processes: bare.py FOLDER.

FOLDER holds data.npz (where each segment is in the packed audio, labels, rows of each split) and plan.json (the path
of the audio, and batch size, learning rate, epochs and split of each trial). No study, no records, no checkpoints.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PLACES = 2


def claimed(path: Path) -> bool:
    """Whether this process is the first to take a trial."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def work(folder: Path) -> None:
    """Compute the features once, then train whatever trial nobody has taken."""
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415
    import torchaudio  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    torch.set_num_threads(1)
    plan = json.loads((folder / "plan.json").read_text())
    data = dict(np.load(folder / "data.npz"))
    audio = np.load(plan["audio"], mmap_mode="r")

    def features() -> torch.Tensor:
        waveforms = np.zeros((len(data["start"]), plan["samples"]), dtype=np.float32)
        for row, (start, available) in enumerate(zip(data["start"], data["available"], strict=True)):
            waveforms[row, :available] = audio[start : start + available] / 32768
        mel = torchaudio.transforms.MelSpectrogram(plan["rate"], n_fft=1024, hop_length=512, n_mels=64)
        decibel = torchaudio.transforms.AmplitudeToDB(top_db=80)
        batches = torch.from_numpy(waveforms)[:, None].split(8)
        values = torch.cat([decibel(mel(batch))[..., :80] for batch in batches])
        return (values - values.mean((1, 2, 3), keepdim=True)) / values.std((1, 2, 3), keepdim=True)

    def network() -> nn.Module:
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
            nn.Linear(84, int(data["label"].max()) + 1),
        )

    def train(trial: dict) -> float:
        torch.manual_seed(trial["seed"])
        model = network()
        optimiser = torch.optim.Adam(model.parameters(), lr=trial["learning_rate"])
        rows = torch.from_numpy(data[f"train_{trial['split']}"])
        held_out = torch.from_numpy(data[f"validation_{trial['split']}"])
        accuracy = 0.0
        for _ in range(trial["epochs"]):
            model.train()
            for batch in rows[torch.randperm(len(rows))].split(trial["batch_size"]):
                loss = nn.functional.cross_entropy(model(inputs[batch]), labels[batch])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            model.eval()
            with torch.no_grad():
                predicted = torch.cat([model(inputs[batch]).argmax(1) for batch in held_out.split(256)])
            accuracy = (predicted == labels[held_out]).float().mean().item()
        return accuracy

    inputs, labels = features(), torch.from_numpy(data["label"])
    for number, trial in enumerate(plan["trials"]):
        if claimed(folder / f"taken-{number}"):
            print(number, train(trial), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        work(Path(sys.argv[1]))
    else:
        workers = [subprocess.Popen([sys.executable, __file__, sys.argv[1], "work"]) for _ in range(PLACES)]
        sys.exit(max(worker.wait() for worker in workers))
