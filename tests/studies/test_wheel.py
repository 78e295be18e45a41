"""A wheel: one package, beside which a user may have files of any name, and the same names in a checkout."""

import ast
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from studies import catalogue

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "studies" / "etude"
FOLDERS = ("analysis", "search_spaces", "studies", "trainables")
BUILD = "import sys, building; print(building.build_wheel(sys.argv[1]))"
TRAP = "raise SystemExit('a file of the user was imported')\n"
LOOK = """
import sys
import etude, etude.claims, etude.analysis.claims, etude.analysis.report.environment as pages
from etude import Study, arm
assert "torch" not in sys.modules and "ray" not in sys.modules
assert etude.claims.Better is etude.analysis.claims.Better
assert not {name for name in sys.modules if name.partition(".")[0] in ("analysis", "studies", "trainables")}
assert pages.environment().get_template("report.html") and pages.source("figures.js")
from etude.studies import catalogue
study = catalogue.load("yun_bi/units")
print(Study.__module__, *(study.printed(arm).trial("digest") for arm in study.arms))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-c", BUILD, str(folder)]
    built = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(FOLDER)}, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return folder / built.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], str]:
    """Runs Python where étude comes from the wheel, beside files of the user's that have the folders' names."""
    site, work = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("work")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    for folder in FOLDERS:
        (work / f"{folder}.py").write_text(TRAP)

    def run(arguments: list[str]) -> str:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=work,
            env={**environment, "PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


def test_wheel_has_one_package_with_all_modules_and_templates(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (top_level,) = (archive.read(name).decode() for name in names if name.endswith("top_level.txt"))
    assert {name.partition("/")[0] for name in names} == {
        "etude",
        next(n for n in names if "dist-info" in n).split("/")[0],
    }
    assert top_level.split() == ["etude"]
    wanted = {
        f"etude/{path.relative_to(ROOT)}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if (path.name.endswith((".py", ".schema.json")) or path.parent.name == "templates")
        and FOLDER not in path.parents
    }
    assert wanted <= set(names)
    assert not [
        name for name in names if name.startswith(("etude/analysis/evidence", "etude/building", "etude/studies/etude"))
    ]


def test_every_import_is_turned_and_no_name_of_a_module_is_a_string(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                assert not outside(archive.read(name).decode()), name


def outside(code: str) -> list[str]:
    """The modules of the folders that a module names otherwise than as parts of `etude`."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            found.append(str(node.module))
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isascii():
            parts = node.value.removesuffix(".").split(".")
            found += [node.value] if all(map(str.isidentifier, parts)) and "." in node.value else []
    return [name for name in found if name.partition(".")[0] in FOLDERS]


@pytest.mark.parametrize("code", ["from studies.a import b", "import analysis", 'import_module(f"studies.{name}")'])
def test_what_is_not_turned_is_found(code: str) -> None:
    assert outside(code)


def test_imports_are_turned_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(FOLDER)
    rewritten = import_module("building").rewritten
    code = (
        "from studies import a",
        "if a:",
        "    import analysis",
        "    import trainables.b as b  # é",
        "'from studies'",
    )
    assert rewritten("\n".join(code)).splitlines() == [
        "from etude.studies import a",
        "if a:",
        "    from etude import analysis",
        "    import etude.trainables.b as b  # é",
        "'from studies'",
    ]
    with pytest.raises(ValueError, match="cannot be rewritten"):
        rewritten("import studies.a")


def test_installed_beside_files_of_these_names_and_with_the_same_ids_of_trials(
    installed: Callable[[list[str]], str],
) -> None:
    study = catalogue.load("yun_bi/units")
    ids = [study.printed(arm).trial("digest") for arm in study.arms]
    assert installed(["-c", LOOK]).split() == ["etude.studies.study", *ids]
    assert installed(["-m", "etude", "--version"]).startswith("étude ")


def test_in_a_checkout_both_names_are_one_module(tmp_path: Path) -> None:
    (tmp_path / "etude").symlink_to(FOLDER)
    code = (
        "import analysis.claims, etude.analysis.claims, etude.studies.study, studies.study\n"
        "assert etude.analysis.claims is analysis.claims and etude.Study is studies.study.Study\n"
        "assert analysis.claims.__spec__.name == 'analysis.claims' == analysis.claims.__name__\n"
        "import etude.claims; assert etude.claims.Better is analysis.claims.Better\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)


def test_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'stduy'"):
        import_module("etude").stduy  # noqa: B018
