"""What a worker writes of a trial, without any training."""

import json
from pathlib import Path

from trainables.trial import ABOUT, EPOCHS, PREDICTIONS, TEXTS, parquet


def write_trial(directory: Path, epochs: int, *, device: str = "cpu", tested: bool = False) -> None:
    """Files that say that a trial was trained for so many epochs, and tested."""
    directory.mkdir(parents=True, exist_ok=True)
    record = {"validation_accuracy": 0.5, "seconds": 0.1, "cpu_seconds": 0.1}
    lines = (json.dumps({"epoch": epoch + 1, **record}) for epoch in range(epochs))
    (directory / EPOCHS).write_text("\n".join(lines))
    (directory / ABOUT).write_text(json.dumps({"parameters": 1, "device": device}))
    if tested:
        texts = {name: ["a"] for name in TEXTS}
        (directory / PREDICTIONS).write_bytes(parquet({**texts, "confidence": [0.5], "logits": [[0.5]]}))
