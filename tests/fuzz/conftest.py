"""A small corpus."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trainables.corpora.store import Store


@pytest.fixture(scope="session")
def small_corpora(tmp_path_factory: pytest.TempPathFactory, orchestra_of: Callable[..., Store]) -> Path:
    """A folder of packed corpora, as below a home: three rendered instruments, ten clips of each."""
    return orchestra_of(tmp_path_factory.mktemp("fuzzed"), ("flute", "oboe", "violin"), 10).path.parent
