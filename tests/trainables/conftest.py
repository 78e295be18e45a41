"""A small packed store, and trials over it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from trainables.configuration import resolve
from trainables.corpora import CORPORA, orchestra
from trainables.corpora.store import Store, pack
from trainables.features import FeatureCache
from trainables.trial import CONFIG, Trial

INSTRUMENTS = ("flute", "oboe", "violin")


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three rendered instruments, ten clips of each."""
    root = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestra, "ORCHESTRA", {name: orchestra.ORCHESTRA[name] for name in INSTRUMENTS})
        CORPORA["philharmonia"].render(root / "music", clips_per_class=10)
    return pack(CORPORA["philharmonia"], root / "music", root / "corpora")


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
