"""A small packed store, a tiny study over it, and the driver that runs it as a process of its own."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from studies.commands import cli
from trainables.corpora.store import Store


@pytest.fixture
def etude(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command in this process; gives exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["etude", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capfd.readouterr()
        return int(stopped.value.code or 0), out, err

    return run


@pytest.fixture(scope="module", autouse=True)
def unsynced() -> Iterator[None]:
    """Drivers die in these tests, the system does not: nothing waits until it is on the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory, orchestra_of: Callable[..., Store]) -> Store:
    """Four rendered instruments, sixteen clips of each."""
    return orchestra_of(tmp_path_factory.mktemp("corpora"), ("bassoon", "flute", "oboe", "violin"), 16)


@pytest.fixture(scope="session")
def corpora(store: Store) -> Path:
    """The folder of packed corpora, as below a home, that holds the store."""
    return store.path.parent


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The module with the tiny study."""
    return import_module("tiny_study")


@pytest.fixture(scope="session")
def replaying() -> ModuleType:
    """The module that says what an uninterrupted study would have decided."""
    return import_module("replaying")


@pytest.fixture(scope="session")
def driving() -> Iterator[ModuleType]:
    """The module that starts drivers and ends whatever they leave behind."""
    module = import_module("driving")
    yield module
    module.end_all()


@pytest.fixture(scope="session")
def hosts() -> ModuleType:
    """The module that makes hosts of namespaces."""
    return import_module("hosts")


@pytest.fixture(scope="session")
def local_cluster() -> ModuleType:
    """The module that runs cluster.yaml's commands on such hosts."""
    return import_module("local_cluster")
