"""How difficult the rendered corpora are: a small CNN's accuracy with groups held out, and with groups that leak."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.store import Store, pack
from trainables.data.aggregation import EACH_SEGMENT
from trainables.data.features import FeatureCache
from trainables.resolving import resolve
from trainables.trial import CONFIG, Trial, limit_threads

SEEDS = range(3)
EASIEST, HARDEST = 80.0, 40.0
"""Where the accuracy with groups held out shall lie, in per cent; chance is 7 to 10."""

NETWORK = {"architecture": "lenet", "front_end": "log_mel", "bands": 64, "learning_rate": 1e-3, "batch_size": 32}


@dataclass(frozen=True)
class Case:
    """How long a twin is trained on, in which segments, and two ways to divide it."""

    settings: Mapping[str, Any]
    held_out: Mapping[str, Any] = field(default_factory=lambda: {"protocol": "grouped_same_sizes"})
    leaking: Mapping[str, Any] = field(default_factory=lambda: {"protocol": "as_published"})


CASES = {
    # As published, segments are divided and scored one by one.
    "gtzan": Case({"segmentation": "parts", "epochs": 15, "aggregation": EACH_SEGMENT}),
    "irmas": Case({"segmentation": "windows", "seconds": 1.0, "epochs": 15}),
    # S3's two models: the second is trained on the validation part, which shares its instruments with the test part.
    "nsynth": Case(
        {"segmentation": "whole", "epochs": 15},
        {"protocol": "corrected"},
        {"protocol": "as_published", "trained_on": "valid", "shuffled": True},
    ),
    "philharmonia": Case({"segmentation": "onset", "epochs": 15}),
}


def rendered(name: str, folder: Path) -> Store:
    """A rendered corpus of the size that `etude data` renders."""
    CORPORA[name].render(folder / "files")
    return pack(CORPORA[name], folder / "files", folder / "corpora")


def accuracies(store: Store, folder: Path, settings: Mapping[str, Any]) -> tuple[list[float], int]:
    """Test accuracy of each seed, in per cent, and the number of items that each is of."""
    cache, found, items = FeatureCache(), [], 0
    for seed in SEEDS:
        configuration = resolve({**settings, "seed": seed, "split_seed": seed})
        directory = folder / str(seed)
        directory.mkdir(parents=True)
        (directory / CONFIG).write_text(json.dumps(dict(configuration.settings)))
        trial = Trial(directory, store.path, cache)
        while not trial.finished:
            trial.step()
        answers = trial.fit.predictions()
        right = np.asarray(answers["label"], str) == np.asarray(answers["prediction"], str)
        found.append(100 * float(right.mean()))
        items = len(right)
    return found, items


@pytest.mark.benchmark
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_small_cnn_is_right_now_and_then_and_more_often_where_groups_leak(name, table, tmp_path):
    limit_threads(1)
    store = rendered(name, tmp_path)
    case = CASES[name]
    found = {
        way: accuracies(store, tmp_path / way, {**NETWORK, **case.settings, "corpus": name, **settings})
        for way, settings in (("held out", case.held_out), ("leaking", case.leaking))
    }
    rows = [
        (f"groups {way}", f"{np.mean(each):.1f} ({', '.join(f'{one:.1f}' for one in each)}; {items} items)")
        for way, (each, items) in found.items()
    ]
    table(f"LeNet on {len(store.clips)} rendered clips of {name}, test accuracy in per cent, n = {len(SEEDS)}", rows)
    held_out, leaking = (np.mean(each) for each, _ in found.values())
    assert HARDEST <= held_out <= EASIEST
    assert leaking > held_out
