"""A small packed store, a tiny study over it, and the driver that runs it as a process of its own."""

import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from studies import cli
from trainables.corpora import CORPORA, orchestra
from trainables.corpora.store import Store, pack

INSTRUMENTS = ("bassoon", "flute", "oboe", "violin")


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


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packed corpora, as below a home: four rendered instruments, sixteen clips of each."""
    root = tmp_path_factory.mktemp("corpora")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestra, "ORCHESTRA", {name: orchestra.ORCHESTRA[name] for name in INSTRUMENTS})
        CORPORA["philharmonia"].render(root / "music", clips_per_class=16)
    pack(CORPORA["philharmonia"], root / "music", root / "corpora")
    return root / "corpora"


@pytest.fixture(scope="session")
def store(corpora: Path) -> Store:
    return pack(CORPORA["philharmonia"], corpora.parent / "music", corpora)


def _module(name: str) -> ModuleType:
    # Under --import-mode=importlib the tests' folder is not on sys.path.
    path = Path(__file__).with_name(f"{name}.py")
    specification = spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


_module("written")


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The module with the tiny study."""
    return _module("tiny_study")


@pytest.fixture(scope="session")
def replaying() -> ModuleType:
    """The module that says what an uninterrupted study would have decided."""
    return _module("replaying")


@pytest.fixture(scope="session")
def driving() -> Iterator[ModuleType]:
    """The module that starts drivers and ends whatever they leave behind."""
    module = _module("driving")
    yield module
    module.end_all()


@pytest.fixture(scope="session")
def hosts() -> ModuleType:
    """The module that makes hosts of namespaces."""
    return _module("hosts")


@pytest.fixture(scope="session")
def local_cluster() -> ModuleType:
    """The module that runs cluster.yaml's commands on such hosts."""
    return _module("local_cluster")
