"""Every architecture of the documents is there, with the number of parameters that its design has."""

from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules

import pytest
import torch

import trainables
from analysis.findings import cited
from trainables.architectures import ARCHITECTURES, usual_shape
from trainables.architectures.layers import parameter_count
from trainables.registry import Registry, Value

LISTED = {"S0": 6, "S1": 5, "S2": 21, "S3": 4, "S4": 6}
"""How many architectures each of the five documents has."""

OTHERS = ("front end", "segmentation", "augmentation")
"""What can cite an architecture without being one."""


def sources() -> set[str]:
    """The ids that architectures, and whatever else is registered as something to train, cite."""
    modules = [import_module(module.name) for module in iter_modules(trainables.__path__, "trainables.")]
    values = (value for module in modules for value in vars(module).values())
    registries = {id(value): value for value in values if isinstance(value, Registry) and value.kind not in OTHERS}
    return {source for registry in registries.values() for entry in registry.values() for source in entry.sources}


def test_all_42_architectures_are_there() -> None:
    ids = {f"{document}-A{number}" for document, count in LISTED.items() for number in range(1, count + 1)}
    assert len(ids) == 42
    assert not ids - sources()


def convolution(inputs: int, outputs: int, kernel: int) -> int:
    return inputs * outputs * kernel + outputs


def norm(channels: int) -> int:
    return 2 * channels


def convolutions(inputs: int, *widths: int, kernel: int = 3, normed: bool = True) -> int:
    """Convolutions one after another, each normalised."""
    layers = pairwise((inputs, *widths))
    return sum(convolution(i, o, kernel) + (norm(o) if normed else 0) for i, o in layers)


def doubled(inputs: int, *widths: int, kernel: int = 3) -> int:
    """The same, each followed by one of its own width in place of pooling."""
    return convolutions(inputs, *widths, kernel=kernel) + sum(convolutions(w, w, kernel=kernel) for w in widths)


def linear(*widths: int) -> int:
    """Linear layers one after another; 1x1 convolutions have as many."""
    return sum(convolution(i, o, 1) for i, o in pairwise(widths))


def lstm(inputs: int, units: int) -> int:
    return 4 * units * (inputs + units + 2)


MEL = (128, 128, 256, 256, 512)
SMALL_2D = (32, 64, 128, 128, 256)
SAMPLE = (128, 128, 128, *6 * (256,), 512, 512)
SAMPLE_FRONT = convolutions(1, 128, 128, 128, 256, 256, 256)
STRIDED = sum(convolutions(w, w) for w in (128, 128, 256))
VGG = (64, 64, 128, 128, *3 * (256,), *6 * (512,))
ALEXNET = (
    convolution(128, 96, 11) + convolution(96, 256, 5) + convolutions(256, 384, 384, 256, normed=False)
)  # 130 frames: 33 after the stride, 16, 7 and 3 after the pools
CRNN = norm(259 + 2 * 37) + convolutions(1, 64, 128, 128, 128, kernel=9)
NSYNTH = convolution(1, 64, 3) + convolution(64, 32, 3)

SCREENED = convolutions(1, 32, 64, 128, kernel=9) - (32 + 64 + 128)  # normalised, hence without biases
RESNET = 25_557_032 - 2 * 64 * 49 - 989 * 2049  # torchvision's with one input channel and 11 classes
RESNET_BIASES = 26_560


def paths(count: int, *widths: int) -> int:
    """Networks of 3x3 convolutions side by side over one spectrogram each, merged by 256 units, then 11 classes."""
    return count * convolutions(1, *widths, kernel=9, normed=False) + linear(count * widths[-1], 256, 11)


COUNTS: dict[str, tuple[dict[str, Value], int, int]] = {
    "S0-A1": ({}, 11, linear(30 * 26, 11)),
    "S0-A2": ({}, 11, SCREENED + linear(128, 11)),
    "S0-A3": ({}, 11, RESNET + RESNET_BIASES),
    "S0-A6": ({}, 1, 16 * (64 + 64 * 128 + 128 * 256 + 256 * 512 + 512 * 1024 + 1024) + 2 * (128 + 256 + 512 + 1024)),
    "S1-A1": ({}, 11, paths(9, 16, 32, 64)),
    "S1-A2": ({}, 11, paths(3, 16, 32, 64, 64, 64, 64)),
    "S1-A3": ({}, 11, 79_696_331),
    "S1-A4": ({}, 11, paths(3, 32, 64, 128, 128, 128, 128)),
    "S1-A5": ({}, 11, paths(1, 32, 64, 128, 128, 128, 128)),
    "S2-A1": ({}, 10, ALEXNET + linear(256 * 3, 4096, 4096, 10)),
    "S2-A2": ({}, 10, convolutions(128, *VGG, normed=False) + linear(512 * 4, 4096, 4096, 10)),
    "S2-A3": ({}, 10, convolutions(128, *MEL) + linear(512 * 4, 256, 10)),
    "S2-A4": ({}, 10, convolutions(128, *MEL) + linear(512 * 4, 256, 10)),
    "S2-A5": ({}, 10, convolutions(128, *MEL) + linear(512, 256, 10)),
    "S2-A6": ({}, 10, doubled(128, *MEL) + linear(512 * 5, 256, 10)),
    "S2-A7": ({}, 10, doubled(128, *MEL) + linear(512, 256, 10)),
    "S2-A8": ({}, 10, 2_373_642),
    "S2-A9": ({}, 10, convolutions(1, *SAMPLE) + linear(512, 256, 10)),
    "S2-A10": ({}, 10, convolutions(1, *SAMPLE) + STRIDED + linear(512, 256, 10)),
    "S2-A11": ({}, 10, convolutions(1, *SMALL_2D, kernel=9) + linear(256 * 4 * 4, 256, 10)),
    "S2-A12": ({}, 10, doubled(1, *SMALL_2D, kernel=9) + linear(256, 256, 10)),
    "S2-A13": ({}, 10, 2 * lstm(128, 128) + linear(128 * 259, 10)),
    "S2-A14": ({}, 10, convolutions(128, 128, 128, 256) + lstm(256, 128) + linear(128 * 32, 10)),
    "S2-A15": ({}, 10, convolutions(128, 128, 128, 256) + lstm(256, 128) + linear(128 * 32, 128, 10)),
    "S2-A16": ({}, 10, doubled(128, 128, 128, 256) + lstm(256, 128) + linear(128 * 33, 128, 10)),
    "S2-A17": ({}, 10, convolutions(128, 128, 128, 256) + lstm(256, 128) + linear(128, 128, 10)),
    "S2-A18": ({}, 10, doubled(128, 128, 128, 256) + lstm(256, 128) + linear(128, 128, 10)),
    "S2-A19": ({}, 10, CRNN + lstm(128, 32) + lstm(32, 32) + linear(32, 10)),
    "S2-A20": ({}, 10, SAMPLE_FRONT + lstm(256, 128) + linear(128 * 81, 128, 10)),
    "S2-A21": ({}, 10, SAMPLE_FRONT + lstm(256, 128) + linear(128, 128, 10)),
    "S3-A1": ({}, 11, 25_601_019),
    "S3-A2": ({}, 11, 12_798_043),
    "S3-A3": ({}, 11, 3_210_243),
    "S3-A4": ({}, 11, 6_418_543),
    "S4-A1": ({}, 14, 438_366),
    "S4-A2": ({"kernel": "3x8"}, 14, 390_264),
    "S4-A3": ({"units": "64"}, 14, 34_190),
    "S4-A4": ({}, 14, 101_134),
    "S4-A5": ({"units": "128-128"}, 14, 233_230),
    "S4-A6": ({"units": "128-64"}, 14, 149_902),
}
"""By id: what differs from the architecture's defaults, the classes, and the parameters at its usual input."""


def test_the_parameters_of_every_architecture_are_stated() -> None:
    sources = (source for entry in ARCHITECTURES.values() for source in entry.sources)
    assert set(COUNTS) == {source for source in sources if cited(source) and "-A" in source}


@pytest.mark.parametrize("identifier", COUNTS)
def test_parameter_counts(identifier: str) -> None:
    parameters, classes, count = COUNTS[identifier]
    (entry,) = (entry for entry in ARCHITECTURES.values() if identifier in entry.sources)
    with torch.device("meta"):
        network = entry.build(usual_shape(entry), classes, **parameters)
    assert parameter_count(network) == count
