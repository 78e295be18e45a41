""".requirements.lock pins everything that an installation needs, at versions that pyproject.toml allows."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LINES = [line for line in (ROOT / ".requirements.lock").read_text().splitlines() if not line.startswith("#")]


def pins() -> dict[str, str]:
    """Version of each package; a package may be pinned once only."""
    found = {}
    for line in LINES:
        requirement = Requirement(line)
        (pin,) = requirement.specifier
        assert pin.operator == "==", line
        name = canonicalize_name(requirement.name)
        assert name not in found, line
        found[name] = pin.version
    return found


def asked() -> list[Requirement]:
    """All that pyproject.toml asks for, extras too."""
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [requirement for texts in lists for requirement in map(Requirement, texts) if requirement.name != "etude"]


def needed(requirement: Requirement, seen: set[tuple[str, str]]) -> set[str]:
    """A requirement's name and those of all it needs here in turn, as the installed packages say."""
    found = {canonicalize_name(requirement.name)}
    for extra in ["", *requirement.extras]:
        if (requirement.name, extra) in seen:
            continue
        seen.add((requirement.name, extra))
        for text in distribution(requirement.name).requires or []:
            child = Requirement(text)
            if child.marker is None or child.marker.evaluate({"extra": extra}):
                found |= needed(child, seen)
    return found


@pytest.mark.parametrize("requirement", asked(), ids=lambda requirement: requirement.name)
def test_every_dependency_is_pinned_at_a_version_that_is_allowed(requirement):
    version = pins()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version, prereleases=True)


def test_what_dependencies_need_is_pinned_too():
    seen: set[tuple[str, str]] = set()
    try:
        names = set().union(*(needed(requirement, seen) for requirement in asked()))
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing} is not installed here: `make test` installs it")
    assert len(names) > len(asked())
    # Part of every environment, like Python itself; no environment is made to change them.
    assert names - pins().keys() <= {"pip", "setuptools"}


def test_nothing_but_pins():
    """No address, no path, no option: a lock says which versions, not where from."""
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[^ ]+( ; .+)?", line) for line in LINES)
