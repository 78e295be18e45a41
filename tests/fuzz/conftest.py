"""Puts the modules beside this file where the tests of this folder can import them; and a small corpus."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from trainables.corpora import CORPORA, orchestra
from trainables.corpora.store import pack


def _module(name: str) -> ModuleType:
    # Under --import-mode=importlib the tests' folder is not on sys.path.
    specification = spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert specification is not None
    assert specification.loader is not None
    module = module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


for _name in ("fuzzing", "damage"):
    _module(_name)

INSTRUMENTS = ("flute", "oboe", "violin")


@pytest.fixture(scope="session")
def small_corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packed corpora, as below a home: three rendered instruments, ten clips of each."""
    root = tmp_path_factory.mktemp("fuzzed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orchestra, "ORCHESTRA", {name: orchestra.ORCHESTRA[name] for name in INSTRUMENTS})
        CORPORA["philharmonia"].render(root / "music", clips_per_class=10)
    pack(CORPORA["philharmonia"], root / "music", root / "corpora")
    return root / "corpora"
