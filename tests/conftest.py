"""Fixtures for all tests, which compute with one thread: sums of more than one thread differ in their last bits."""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

# Read by torch and NumPy when they are imported, which no test has done yet.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"
# What a command keeps for a user who says nothing of where, is kept there.
os.environ["XDG_DATA_HOME"] = str(Path(tempfile.gettempdir()) / f"etude-tests-{os.getpid()}")

# To compile all modules anew in each process that a test starts takes longer than most of what is tested.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


# A machine that is busy with something else is no fault of the code. Each run draws other examples than the one before.
settings.register_profile("patient", deadline=None, max_examples=int(os.environ.get("ETUDE_EXAMPLES", "100")))
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: of several processes none then waits at the end for another that has begun one last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of drivers wait, most of the time, for what other processes do."""
    return 1 + (os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Look for no garbage among modules, which are imported to stay: that is a quarter of what collecting takes."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    """Nor when the process ends."""
    shutil.rmtree(os.environ["XDG_DATA_HOME"], ignore_errors=True)
    gc.freeze()


def _module(path: Path) -> ModuleType:
    # Under --import-mode=importlib the tests' folder is not on sys.path.
    specification = spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module = module_from_spec(specification)
    sys.modules[path.stem] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True, scope="module")
def _extensions_end() -> Iterator[None]:
    """What files from outside register is forgotten after the module of tests that executed them."""
    yield
    if resolving := sys.modules.get("trainables.resolving"):
        for registry in resolving.PARTS.values():
            for name in [name for name, entry in registry.items() if entry.code]:
                del registry._entries[name]


@pytest.fixture(scope="session")
def synthetic_run() -> Callable[..., Path]:
    """`synthetic_run(path, **plan)` writes a made-up run directory there; see `Plan` in synthetic_run.py."""
    module = _module(Path(__file__).with_name("synthetic_run.py"))

    def write(path: Path, **plan: Any) -> Path:
        written: Path = module.write(path, module.Plan(**plan))
        return written

    return write


@pytest.fixture(scope="session")
def orchestra_of(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """`orchestra_of(root, instruments, clips)` renders so many clips of each instrument below `root` and packs them.

    What has been rendered is kept in pytest's cache for other processes and the next run.
    """

    def packed(root: Path, instruments: Sequence[str], clips: int) -> Any:
        # Not before the threads have been set.
        from trainables.corpora import CORPORA  # noqa: PLC0415
        from trainables.corpora.store import pack  # noqa: PLC0415

        cache = getattr(request.config, "cache", None)
        if cache is None:
            render(root / "music", instruments, clips)
        else:
            kept = cache.mkdir("rendered") / f"{'+'.join(instruments)}-{clips}"
            with kept.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                keep_rendered(kept, instruments, clips)
                shutil.copytree(kept / "music", root / "music")
        return pack(CORPORA["philharmonia"], root / "music", root / "corpora")

    return packed


def keep_rendered(kept: Path, instruments: Sequence[str], clips: int) -> None:
    """Render into `kept`, unless it has been done with these sources and libraries."""
    digest, said = of_the_sources(), kept / "sources"
    if not said.exists() or said.read_text() != digest:
        shutil.rmtree(kept, ignore_errors=True)
        render(kept / "music", instruments, clips)
        said.write_text(digest)


def of_the_sources() -> str:
    """A digest of all that decides what rendering gives."""
    sources = sorted((Path(__file__).parents[1] / "trainables").rglob("*.py"))
    versions = [sys.version, *(version(name) for name in ("numpy", "scipy", "soundfile", "soxr"))]
    return sha256(b"".join([*(path.read_bytes() for path in sources), *map(str.encode, versions)])).hexdigest()


def render(folder: Path, instruments: Sequence[str], clips: int) -> None:
    from trainables.corpora import CORPORA  # noqa: PLC0415
    from trainables.corpora.rendering import philharmonia_rendering  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            philharmonia_rendering,
            "ORCHESTRA",
            {name: philharmonia_rendering.ORCHESTRA[name] for name in instruments},
        )
        CORPORA["philharmonia"].render(folder, clips_per_class=clips)


@pytest.fixture(scope="session")
def serving() -> ModuleType:
    """The module with the server of files."""
    return _module(Path(__file__).with_name("serving.py"))


@pytest.fixture
def server(serving: ModuleType) -> Iterator[Any]:
    """A server of files on this machine that is told what faults to have; see `Served` in serving.py."""
    with serving.serving() as server:
        yield server


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; needs the right to mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no right to mount a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="session")
def s3() -> Iterator[Any]:
    """A server that speaks S3's protocol; see `Server` in s3_server.py."""
    server = _module(Path(__file__).with_name("s3_server.py")).Server()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server
    server.stop()
