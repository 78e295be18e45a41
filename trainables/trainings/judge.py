"""The classifier that judges generated sounds: one for all trials of a seed that divide the same audio (B18)."""

import json
import pickle
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import torch
from torch import nn

from trainables.architectures.cnn import cnn
from trainables.data.batches import CachedPart
from trainables.data.features import feature_settings
from trainables.data.items import PARTS
from trainables.data.splitting import divided_by
from trainables.data.trial_data import TrialData
from trainables.errors import UserError
from trainables.fit import Fit, as_bytes, from_bytes, start
from trainables.recipe.recipes import Recipe
from trainables.storage.files import replace, sealed, unsealed

FOLDER = "judges"
CELLS = 32
TRAIN, VALIDATION, _ = PARTS

Parts = Callable[[str], CachedPart]
"""The images of a part of the split, by its name, of all classes."""


@dataclass(frozen=True)
class Judge:
    """A network that names the class of images, and its accuracy on the validation part, a share."""

    network: nn.Module
    accuracy: float


def judge(data: TrialData, instrument: str, epochs: int, parts: Parts) -> Judge:
    """A small convolutional network, trained for `epochs` to name the classes of the training part from `parts`.

    The images are scaled by the recordings of `instrument` in the training part, and nothing else of a generator is in
    them: arms of a seed have the same judge. The first of them trains it and keeps it beside the packed audio, from
    where the others take it, to the last bit what they would have trained. Where that folder cannot be written, each
    trains it.
    """
    recipe = Recipe(epochs=epochs)
    path = data.features.store.path / FOLDER / question(data, instrument, recipe)
    with suppress(OSError, ValueError, RuntimeError, KeyError, pickle.UnpicklingError):
        return kept(data, path)
    fit = trained(data, recipe, parts)
    found = Judge(fit.network, fit.history[-1]["validation_accuracy"])
    with suppress(UserError):
        replace(path, sealed(as_bytes(network=fit.network.state_dict(), accuracy=found.accuracy)))
    return found


def network_and_epochs(settings: Mapping[str, Any], shape: tuple[int, ...], classes: int) -> tuple[nn.Module, int]:
    """The network that judges images of a shape, and the epochs of its training."""
    return network(shape, classes), settings["judge_epochs"]


def network(shape: tuple[int, ...], classes: int) -> nn.Module:
    """Means over at most 32 by 32 cells of an image, and a small convolutional network on them.

    On whole images of 128 by 128 each of its units sees too little to name instruments, and takes many times as long.
    """
    cells = tuple(min(size, CELLS) for size in shape[1:])
    return nn.Sequential(nn.AdaptiveAvgPool2d(cells), cnn((shape[0], *cells), classes))


def network_for(data: TrialData) -> nn.Module:
    return network(data.features.shape, len(data.classes))


def question(data: TrialData, instrument: str, recipe: Recipe) -> str:
    """A hash of all that a judge depends on: the data, their division, the seed, and what computes."""
    configuration = data.configuration
    asked: list[Any] = [data.features.store.digest, feature_settings(configuration), divided_by(configuration)]
    asked += [configuration["aggregation"], instrument, data.seed, repr(recipe), str(empty(data))]
    asked += [torch.__version__, data.device.type, torch.get_num_threads()]
    return blake2b(json.dumps(asked, sort_keys=True).encode(), digest_size=8).hexdigest()


def empty(data: TrialData) -> nn.Module:
    """The network before its weights are drawn."""
    with torch.device("meta"):
        return network_for(data)


def kept(data: TrialData, path: Path) -> Judge:
    """The judge in a file; raises one of several errors where there is none, or it is damaged."""
    saved = from_bytes(unsealed(path.read_bytes()))
    found = network_for(data).to(data.device)
    found.load_state_dict(saved["network"])
    return Judge(found, saved["accuracy"])


def trained(data: TrialData, recipe: Recipe, parts: Parts) -> Fit:
    fit = start(lambda: network_for(data), recipe, data.seed, parts(TRAIN), parts(VALIDATION))
    while not fit.finished:
        fit.epoch()
    return fit
