"""What is added from outside: executed anew it replaces itself, and its code is part of a trial's id."""

import importlib
import sys
from pathlib import Path

import pytest

from trainables import extensions
from trainables.architectures import ARCHITECTURES
from trainables.errors import UserError
from trainables.extensions import Extension, executed, load_packages
from trainables.resolving import registers, resolve

FILE = '''
"""Nobody reads this."""
from torch import nn
from trainables.architectures import ARCHITECTURES

STUDY = {study}

@ARCHITECTURES()
def from_a_file(shape, classes, *, own_units: int = 3):
    # {comment}
    return nn.Sequential(nn.Flatten(), nn.Linear({inputs}, classes))
'''


def written(path: str = "/somewhere/mine.py", study: int = 1, comment: str = "", inputs: str = "shape[0]") -> Extension:
    return Extension(path, FILE.format(study=study, comment=comment, inputs=inputs))


def trial_of(extension: Extension) -> str:
    executed(extension)
    return resolve({"architecture": "from_a_file"}).trial("digest")


def test_a_trial_is_another_if_the_code_is_and_the_same_for_another_study_or_comment():
    first = trial_of(written())
    assert trial_of(written(study=2, comment="changed")) == first
    assert trial_of(written(inputs="shape[1]")) != first
    assert trial_of(written()) == first
    assert ARCHITECTURES["lenet"].code == "" and resolve({}).code == ()


def test_a_trial_is_another_if_any_module_of_the_package_is(tmp_path, monkeypatch):
    """A network may be built by another module than the one that registers it."""
    folder = tmp_path / "own_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    source = FILE.format(study=1, comment="", inputs="shape[0]").replace("from_a_file", "from_a_folder")
    (folder / "networks.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)

    def trial(blocks: str) -> str:
        (folder / "blocks.py").write_text(blocks)
        for name in [name for name in sys.modules if name.partition(".")[0] == "own_package"]:
            monkeypatch.delitem(sys.modules, name)
        importlib.import_module("own_package.networks")
        return resolve({"architecture": "from_a_folder"}).trial("digest")

    first = trial("WIDTH = 3")
    assert trial("WIDTH = 3  # as before") == first
    assert trial("WIDTH = 4") != first
    assert trial("no code at all") != first


def test_another_file_cannot_take_the_name():
    module = executed(written())
    assert registers(module.__name__) and not registers("file_other")
    with pytest.raises(ValueError, match="architecture 'from_a_file' is registered twice"):
        executed(written(path="/elsewhere/mine.py"))
    twice = written()
    with pytest.raises(ValueError, match="registered twice"):
        executed(Extension(twice.path, twice.text + twice.text.partition("STUDY = 1")[2]))


PACKAGE = {
    "entry_points.txt": "[etude]\nnetworks = {module}\n",
    "METADATA": "Metadata-Version: 2.1\nName: {module}\nVersion: 1\n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`package(module, source)` installs a package of one module with an entry point."""

    def install(module: str, source: str) -> None:
        (tmp_path / f"{module}.py").write_text(source)
        (tmp_path / f"{module}-1.dist-info").mkdir()
        for name, text in PACKAGE.items():
            (tmp_path / f"{module}-1.dist-info" / name).write_text(text.format(module=module))
        monkeypatch.syspath_prepend(tmp_path)
        extensions.load_packages.cache_clear()

    yield install
    extensions.load_packages.cache_clear()
    for name in ("own_networks", "own_broken"):
        sys.modules.pop(name, None)


def test_an_installed_package_is_found_by_its_entry_point(package):
    source = FILE.format(study=1, comment="", inputs="shape[0]").replace("from_a_file", "from_a_package")
    package("own_networks", source)
    load_packages()
    assert registers("own_networks")
    assert resolve({"architecture": "from_a_package"}).code == (ARCHITECTURES["from_a_package"].code,) != ("",)


def test_a_package_that_cannot_be_imported_is_named(package):
    package("own_broken", "1 / 0")
    with pytest.raises(UserError, match="Package 'own_broken' extends etude by own_broken, which cannot be imported"):
        load_packages()


DESIGN = '''
from dataclasses import dataclass
from torch import nn
from trainables.architectures import ARCHITECTURES
from trainables.architectures.variants import variant

@dataclass(frozen=True)
class Flat:
    own_units: int = 3

    def build(self, shape, classes):
        return nn.Sequential(nn.Flatten(), nn.LazyLinear(self.own_units), nn.Linear(self.own_units, classes))

@ARCHITECTURES()
@variant(Flat, own_units=4)
def flat_with_four() -> None:
    """Four units."""
'''


def test_a_variant_of_a_design_is_of_the_file_that_names_it():
    for _ in range(2):
        module = executed(Extension("/somewhere/design.py", DESIGN))
    assert registers(module.__name__)
    found = resolve({"architecture": "flat_with_four"})
    assert found["own_units"] == 4 and found.code == (ARCHITECTURES["flat_with_four"].code,) != ("",)
