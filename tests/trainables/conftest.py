"""A small packed store, and trials over it: some that nothing interrupted, and places for others."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

from trainables.corpora.store import Store
from trainables.data.features import FeatureCache
from trainables.fit import CLOCKS, Record
from trainables.resolving import resolve
from trainables.trial import CONFIG, EPOCHS, PREDICTIONS, Trial

SETTINGS = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20, "batch_size": 4, "epochs": 3}
RATE, SECONDS, GENRES, SONGS = 100, 3, ("blues", "disco", "rock"), 20
NETWORKS = {
    "lenet": {"architecture": "lenet", "kernel": "3x5", "optimiser": "sgd", "learning_rate": 0.03},
    "lstm": {"architecture": "lstm", "units": "8"},
    # It draws random numbers while it trains: a checkpoint without the random state would show.
    "noisy": {"architecture": "cnn_1d_fc", "widths": "8", "head_widths": "8", "dropout": 0.4},
    "segments": {"segmentation": "windows", "frames": 8, "seconds": 0.2, "architecture": "lstm", "units": "8"},
    "augmented": {"augmentation": "noise+volume", "architecture": "lstm", "units": "8"},
}


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory, orchestra_of: Callable[..., Store]) -> Store:
    """Three rendered instruments, ten clips of each."""
    return orchestra_of(tmp_path_factory.mktemp("store"), ("flute", "oboe", "violin"), 10)


def measured_of(records: list[Record]) -> list[Record]:
    return [{name: record[name] for name in record if name not in CLOCKS} for record in records]


@pytest.fixture(scope="session")
def measured() -> Callable[[list[Record]], list[Record]]:
    """`measured(records)` leaves out what is another each time: how long an epoch took."""
    return measured_of


def trained(trial: Trial) -> list[Record]:
    records = []
    while not trial.finished:
        records.append(trial.step())
    return records


@pytest.fixture(scope="session")
def to_the_end() -> Callable[[Trial], list[Record]]:
    """`to_the_end(trial)` trains the epochs that a trial has not said yet, and gives their records."""
    return trained


class Place:
    """A trial's directory, and the trial opened in it as often as is asked, each time as a new process would."""

    def __init__(self, directory: Path, store: Store, settings: dict[str, object]):
        self.directory, self.store = directory, store
        if not directory.exists():
            directory.mkdir(parents=True)
            (directory / CONFIG).write_text(json.dumps(dict(resolve(settings).settings)))

    def open(self, **options: object) -> Trial:
        torch.rand(5)  # whatever this process did before must not matter
        return Trial(self.directory, self.store.path, FeatureCache(), **options)

    def lines(self) -> list[Record]:
        return [json.loads(line) for line in (self.directory / EPOCHS).read_text().splitlines()]

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.directory.iterdir()}


@pytest.fixture(scope="session")
def open_trial(small_store: Store) -> Callable[..., Trial]:
    """`open_trial(directory, settings, **options)` opens a trial there as a new process would, and makes it if new."""

    def opened(directory: Path, settings: dict[str, object], **options: object) -> Trial:
        return Place(directory, small_store, settings).open(**options)

    return opened


@pytest.fixture
def place_of(tmp_path: Path, small_store: Store) -> Callable[..., Place]:
    """`place_of(network, name, **changes)`: the place of a new trial of one of NETWORKS, with some settings changed."""

    def new(network: str, name: str = "one", **changes: object) -> Place:
        return Place(tmp_path / "trials" / name, small_store, {**SETTINGS, **NETWORKS[network], **changes})

    return new


@pytest.fixture
def place(place_of: Callable[..., Place]) -> Place:
    """The place of a new trial of three epochs."""
    return place_of("lenet")


@dataclass(frozen=True)
class Whole:
    """What a trial of one of NETWORKS comes to that nothing interrupted, and where it is."""

    network: str
    place: Place
    records: list[Record]
    weights: dict[str, Tensor]

    @property
    def predictions(self) -> bytes:
        return (self.place.directory / PREDICTIONS).read_bytes()

    def check(self, trial: Trial, place: Place) -> None:
        """That another trial of these settings came to the same, to the last bit."""
        assert measured_of(trial.fit.history) == measured_of(place.lines()) == measured_of(self.records)
        state = trial.fit.network.state_dict()
        assert state.keys() == self.weights.keys()
        assert all(torch.equal(state[name], self.weights[name]) for name in state)


@pytest.fixture(scope="session", params=NETWORKS)
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, small_store: Store) -> Whole:
    """A trial that was trained to its end and tested; nothing may change its directory."""
    place = Place(tmp_path_factory.mktemp("whole") / "trial", small_store, {**SETTINGS, **NETWORKS[request.param]})
    trial = place.open()
    records = trained(trial)
    trial.evaluate()
    return Whole(request.param, place, records, trial.fit.network.state_dict())


@pytest.fixture
def same(whole: Whole, place_of: Callable[..., Place]) -> Place:
    """The place of a new trial of the settings of `whole`."""
    return place_of(whole.network)


@pytest.fixture
def finished(whole: Whole, tmp_path: Path) -> Place:
    """A copy of `whole`."""
    return Place(Path(shutil.copytree(whole.place.directory, tmp_path / "finished")), whole.place.store, {})


@pytest.fixture
def songs() -> Store:
    """A packed corpus of songs that are noise."""
    count, length = SONGS * len(GENRES), RATE * SECONDS
    names = [f"{genre}.{number:05}" for genre in GENRES for number in range(SONGS)]
    clips = pd.DataFrame({"clip": names, "song": names, "group": names, "label": np.repeat(GENRES, SONGS)})
    clips = clips.assign(start=np.arange(count) * length, length=length, onset=0, digest=names)
    audio = np.random.default_rng(1).integers(-9000, 9000, count * length, dtype=np.int16)
    return Store(Path("none"), "digest", RATE, True, audio, clips, pd.DataFrame(), {})
