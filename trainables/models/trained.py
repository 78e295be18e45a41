"""The network of a trial that has been trained, opened to be taken away."""

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from trainables.architectures import network_of
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.store import Store
from trainables.data.features import build
from trainables.data.splitting import Divisions
from trainables.data.trial_data import TrialData
from trainables.errors import UserError
from trainables.fit import from_bytes
from trainables.models.header import Part
from trainables.registry import Value
from trainables.storage.files import unsealed

CPU = torch.device("cpu")
PLAIN = "classification"
CLIPS = 8
"""Test clips on which what was written is compared with the trial."""


@dataclass(frozen=True)
class Trained:
    """The network of a finished trial, its data, and what it has learned by."""

    configuration: Configuration
    data: TrialData
    network: nn.Module
    history: tuple[Mapping[str, float], ...]

    @property
    def described(self) -> dict[str, Any]:
        """The fields of a header that follow from the trial alone."""
        configuration, features = self.configuration, self.data.features
        return {
            "labels": tuple(str(label) for label in self.data.classes),
            "several_labels": self.data.loss.columns,
            "rate": features.store.rate,
            "samples": features.segments.samples,
            "segmentation": part(configuration, "segmentation"),
            "front_end": part(configuration, "front_end"),
            "normalisation": normalisation(configuration),
            "architecture": part(configuration, "architecture"),
            "shape": features.shape,
            "aggregation": configuration["aggregation"],
            "training": dict(configuration.settings),
            "corpus": corpus_of(configuration["corpus"], features.store),
        }

    @property
    def waveforms(self) -> Tensor:
        """Segments (segments, samples) of the first test clips, as the trial was given them."""
        return self.data.features.waveforms(self.rows)

    @property
    def rows(self) -> np.ndarray:
        return self.data.items["test"].rows[:CLIPS]

    @torch.no_grad()
    def probabilities(self) -> Tensor:
        """Probabilities (segments, classes) of these segments by the trial's own network and features."""
        logits: Tensor = self.network(self.data.features.rows(self.rows)).float()
        return probabilities(logits, several=self.data.loss.columns)


def probabilities(logits: Tensor, *, several: bool) -> Tensor:
    """Of one class among all, or with `several` of each class for itself."""
    return logits.sigmoid() if several else logits.softmax(1)


def trained(configuration: Configuration, checkpoint: Path, store: Store) -> Trained:
    """The network that a trial's checkpoint holds.

    Raises UserError for a trial whose network does not name the classes of plain recordings, for a checkpoint that is
    missing or damaged, and for a trial that is not finished.
    """
    refuse_others(configuration)
    saved = saved_in(checkpoint)
    history = tuple(json.loads(saved["history"]))
    if len(history) < configuration["epochs"]:
        raise UserError(
            f"{checkpoint.parent} has {len(history)} of {configuration['epochs']} epochs: train it to the end first."
        )
    division = Divisions(store).of(configuration)
    data = TrialData(configuration, division, build(store, configuration, CPU, division.segments))
    network = network_of(configuration, data.features.shape, len(data.classes))
    network.load_state_dict(saved["network"])
    return Trained(configuration, data, network.eval(), history)


def refuse_others(configuration: Configuration) -> None:
    """Raise UserError for a trial of which no single network names the classes of plain recordings."""
    if configuration["training"] != PLAIN:
        raise UserError(
            f"A trial of the training '{configuration['training']}' cannot be exported: it has no single network that "
            "names a recording by its audio, window by window."
        )
    if configuration["side_features"]:
        raise UserError(
            f"A network that is told {configuration['side_features'].replace('+', ', ')} of each clip cannot be "
            "exported: a plain recording does not say them."
        )


def saved_in(checkpoint: Path) -> dict[str, Any]:
    """The content of a checkpoint; raises UserError if it is gone or damaged."""
    if not checkpoint.exists():
        raise UserError(
            f"The checkpoint {checkpoint} is gone, and with it the trained weights: run the study again in another "
            "storage to have them trained anew."
        )
    try:
        return from_bytes(unsealed(checkpoint.read_bytes()))
    except (OSError, RuntimeError, ValueError, pickle.UnpicklingError) as error:
        raise UserError(
            f"The checkpoint {checkpoint} is damaged ({error}): resume the run, then export again."
        ) from error


def part(configuration: Configuration, name: str) -> Part:
    return Part(name=configuration[name], settings=configuration.part(name))


def normalisation(configuration: Configuration) -> str:
    """How features are normalised, in words: étude's front ends keep no statistics of the training data."""
    name = configuration.settings.get("normalise", "none")
    if name == "none":
        return "none"
    return f"{name}: to mean 0 and deviation 1 within each window, without statistics of the training data"


def corpus_of(name: str, store: Store) -> dict[str, Value]:
    """What a model was trained on."""
    corpus = CORPORA[name]
    known: dict[str, Value] = {
        "name": corpus.name,
        "title": corpus.title,
        "licence": corpus.licence,
        "bibliography": corpus.bibliography,
    }
    counts: dict[str, Value] = {"digest": store.digest, "rendered": store.rendered, "clips": len(store.clips)}
    return {**known, **store.about, **counts}
