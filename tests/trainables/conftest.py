"""A small packed store."""

import pytest

from trainables.corpora import CORPORA, orchestra
from trainables.corpora.store import Store, pack

INSTRUMENTS = ("flute", "oboe", "violin")


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three rendered instruments, ten clips of each."""
    root = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestra, "ORCHESTRA", {name: orchestra.ORCHESTRA[name] for name in INSTRUMENTS})
        CORPORA["philharmonia"].render(root / "music", clips_per_class=10)
    return pack(CORPORA["philharmonia"], root / "music", root / "corpora")
