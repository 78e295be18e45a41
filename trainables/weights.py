"""Published weights: kept beside the packed corpora, known by their checksum, loaded without running any code."""

import pickle
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import torch
from torch import Tensor, nn

from trainables.errors import InvalidSetting, UserError, checked
from trainables.storage import files

FOLDER = "weights"


@dataclass(frozen=True)
class Weights:
    """A file of weights: where it is published, its size in bytes and MD5 sum, its licence, and how it is laid out.

    The file is a dictionary whose entry `entry` is the state of a network of `architecture`; names that begin with one
    of `ignored` are no part of ours, and those that begin with `head` are a last layer for other classes.
    """

    name: str
    title: str
    url: str
    bytes: int
    md5: str
    licence: str
    architecture: str
    entry: str
    ignored: tuple[str, ...]
    head: str


# Address, size and checksum as their users' repositories state them for Zenodo's record 3987831.
CNN14 = Weights(
    "cnn14_audioset",
    "Cnn14 of the PANNs, trained on AudioSet at 32 kHz (Kong et al. 2020)",
    "https://zenodo.org/record/3987831/files/Cnn14_mAP%3D0.431.pth?download=1",
    327_428_481,
    "541141fa2ee191a88f24a3219fff024e",
    "CC BY 4.0",
    "cnn14",
    "model",
    ("spectrogram_extractor.", "logmel_extractor."),
    "fc_audioset.",
)
WEIGHTS: Mapping[str, Weights] = {each.name: each for each in (CNN14,)}


def weights_named(name: str) -> Weights:
    """The weights of that name, or an error that names the nearest."""
    return WEIGHTS[checked("weights", name, WEIGHTS)]


def keep(name: str, file: Path, root: Path) -> Path:
    """Check a downloaded file and copy it to where trials over the corpora in `root` find it; gives that place.

    Raises UserError if the file is not the published one, or cannot be read or copied.
    """
    weights, place = weights_named(name), kept(name, root)
    check(weights, file)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            shutil.copyfile(file, Path(folder) / place.name)
            (Path(folder) / place.name).replace(place)
    except OSError as error:
        raise files.unwritable(place, error) from error
    return place


def kept(name: str, root: Path) -> Path:
    """Where the file of these weights is kept."""
    return root / FOLDER / f"{name}.pth"


def check(weights: Weights, file: Path) -> None:
    """Raise UserError unless `file` has the size and the checksum of these weights."""
    try:
        size = file.stat().st_size
        if size == weights.bytes:
            with file.open("rb") as content:
                digest = file_digest(content, "md5").hexdigest()
    except OSError as error:
        raise UserError(f"Cannot read {file}: {error.strerror or error}; {mend(weights)}.") from error
    if size != weights.bytes:
        raise UserError(f"{file} has {size} bytes instead of {weights.bytes}: {mend(weights)}.")
    if digest != weights.md5:
        raise UserError(f"{file} has MD5 {digest} instead of {weights.md5}: {mend(weights)}.")


def mend(weights: Weights) -> str:
    """What to do without a good file."""
    return f"download {weights.url} and run `etude weights {weights.name} --from FILE`"


def load_weights(network: nn.Module, name: str, root: Path) -> None:
    """Replace the weights of all layers but the last of `network` by the published ones of that name.

    The file is checked each time: one that has changed would change results. Raises UserError where it is missing or
    damaged, and InvalidSetting for a network that the weights do not fit.
    """
    weights = weights_named(name)
    place = kept(name, root)
    check(weights, place)
    state = published(weights, place)
    own = network.state_dict()
    new = {key for key in own if key not in state}
    misfits = [key for key in state if key not in own or own[key].shape != state[key].shape]
    last = {key.partition(".")[0] for key in new}
    if misfits or len(last) != 1:
        what = misfits[0] if misfits else sorted(new)[0]
        raise InvalidSetting(
            f"The weights {name} do not fit this network (first at {what}): set architecture to {weights.architecture} "
            "at its own width, and the front end that `etude train` takes for it."
        )
    network.load_state_dict(state, strict=False)


def published(weights: Weights, file: Path) -> dict[str, Tensor]:
    """The state in a file, less what is not ours and the layer for other classes."""
    try:
        state = torch.load(file, weights_only=True, map_location="cpu")[weights.entry]
    except (RuntimeError, KeyError, ValueError, pickle.UnpicklingError) as error:
        raise UserError(f"{file} cannot be read as weights ({error}): {mend(weights)}.") from error
    skipped = (*weights.ignored, weights.head)
    return {key: value for key, value in state.items() if not key.startswith(skipped)}
