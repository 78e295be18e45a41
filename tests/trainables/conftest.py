"""A small packed store, and trials over it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from trainables.configuration import resolve
from trainables.corpora.store import Store
from trainables.features import FeatureCache
from trainables.trial import CONFIG, Trial


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory, orchestra_of: Callable[..., Store]) -> Store:
    """Three rendered instruments, ten clips of each."""
    return orchestra_of(tmp_path_factory.mktemp("store"), ("flute", "oboe", "violin"), 10)


@pytest.fixture
def open_trial(small_store: Store) -> Callable[..., Trial]:
    """`open_trial(directory, settings, **options)` opens a trial there as a new process would, and makes it if new."""

    def opened(directory: Path, settings: dict[str, object], **options: object) -> Trial:
        if not directory.exists():
            directory.mkdir(parents=True)
            (directory / CONFIG).write_text(json.dumps(dict(resolve(settings).settings)))
        torch.rand(5)  # whatever this process did before must not matter
        return Trial(directory, small_store.path, FeatureCache(), **options)

    return opened
