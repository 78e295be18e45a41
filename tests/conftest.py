"""Fixtures for all tests, which compute with one thread: sums of more than one thread differ in their last bits."""

import os
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

# Read by torch and NumPy when they are imported, which no test has done yet.
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"


def _module(path: Path) -> ModuleType:
    # Under --import-mode=importlib the tests' folder is not on sys.path.
    specification = spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module = module_from_spec(specification)
    sys.modules[path.stem] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic_run() -> Callable[..., Path]:
    """`synthetic_run(path, **plan)` writes a made-up run directory there; see `Plan` in synthetic_run.py."""
    module = _module(Path(__file__).with_name("synthetic_run.py"))

    def write(path: Path, **plan: Any) -> Path:
        written: Path = module.write(path, module.Plan(**plan))
        return written

    return write
