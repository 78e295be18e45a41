"""Rules of the code that no linter knows: short functions, no circle of imports, no architecture that is a copy."""

import ast
import tomllib
from collections.abc import Iterator
from difflib import SequenceMatcher
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from pathlib import Path

import pytest

from analysis.findings import DOCUMENTS

ROOT = Path(__file__).parents[1]
PACKAGES = ("studies", "search_spaces", "trainables", "analysis")
MOST_LINES = 60
MOST_MODULES = 12
FEWEST_STATEMENTS = 2

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(folder: Path) -> Iterator[tuple[str, Function]]:
    """Every function of the modules in a folder, named with its file and line."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def lines(function: Function) -> int:
    """How many lines a function has, with its decorators and its docstring."""
    first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    return (function.end_lineno or first) - first + 1


def body(function: Function) -> list[str]:
    """The lines of a function's statements without docstring, comments and layout, its own names numbered."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    code = ast.unparse(ast.Module(body=statements, type_ignores=[]))
    own = [each.arg for each in ast.walk(function) if isinstance(each, ast.arg)]
    own += [each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]
    numbers = {name: f"name{number}" for number, name in enumerate(dict.fromkeys(own))}
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = numbers.get(node.id, node.id)
    return ast.unparse(tree).splitlines()


def differing(one: list[str], other: list[str]) -> int:
    """How many lines of the longer body the other does not have in the same order."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return max(len(one), len(other)) - sum(block.size for block in blocks)


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_are_short(package: str) -> None:
    counts = {name: lines(function) for name, function in functions(ROOT / package)}
    assert counts
    assert not {name: count for name, count in counts.items() if count > MOST_LINES}


def test_no_two_architectures_differ_by_one_line() -> None:
    """Networks of one design differ in its parameters; only where a body is two statements long is one line much."""
    bodies = {name: body(function) for name, function in functions(ROOT / "trainables" / "architectures")}
    whole = {name: code for name, code in bodies.items() if len(code) >= FEWEST_STATEMENTS}
    assert len(whole) > 50
    pairs = combinations(whole, 2)
    copies = [pair for pair in pairs if differing(*(whole[name] for name in pair)) < min(2, len(whole[pair[0]]) - 1)]
    assert not copies


@pytest.mark.parametrize(("other", "expected"), [("a = 1\n    return a + x", 0), ("b = 1\n    return b * y", 1)])
def test_copies_are_found_under_other_names(other: str, expected: int) -> None:
    codes = (
        'def f(x):\n    """Doc."""\n    b = 1  # one\n    return b + x',
        f"def g(y):\n    {other.replace('x', 'y')}",
    )
    one, another = (body(ast.parse(code).body[0]) for code in codes)  # type: ignore[arg-type]
    assert differing(one, another) == expected


def modules(root: Path) -> dict[str, Path]:
    """The modules of the packages below `root` by their names."""
    paths = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    names = (".".join(path.relative_to(root).with_suffix("").parts) for path in paths)
    return {name.removesuffix(".__init__"): path for name, path in zip(names, paths, strict=True)}


def imports(root: Path) -> dict[str, set[str]]:
    """What each module imports of the others, wherever in it: also in functions and for types alone."""
    known = modules(root)
    found: dict[str, set[str]] = {name: set() for name in known}
    for name, path in known.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found[name] |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom):
                whole = {f"{node.module}.{each.name}" for each in node.names}
                found[name] |= {each if each in known else str(node.module) for each in whole}
    return {name: each & known.keys() for name, each in found.items()}


def test_imports_form_no_circle() -> None:
    graph = imports(ROOT)
    assert "trainables.configuration" in graph["studies.study"]
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("package", ["studies", "trainables"])
def test_few_modules_lie_beside_the_folders_of_a_package(package: str) -> None:
    assert len(list((ROOT / package).glob("*.py"))) <= MOST_MODULES


def layers_of_studies() -> list[str]:
    """The layers of `studies` from top to bottom, those that stand beside each other apart."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each.get("containers") == ["studies"])
    return [name for layer in layers for name in layer.split(" | ")]


def test_studies_holds_its_layers_and_documents_and_nothing_else() -> None:
    found = {name.split(".")[1] for name in modules(ROOT) if name.startswith("studies.")}
    assert found - DOCUMENTS.keys() == set(layers_of_studies())


def test_documents_lie_between_the_recipes_and_what_runs_them() -> None:
    layers, graph = layers_of_studies(), imports(ROOT)
    below = layers[layers.index("recipes") :]
    for name, imported in graph.items():
        package, _, rest = name.partition(".")
        folder = rest.partition(".")[0]
        named = {each.split(".")[1] for each in imported if each.startswith("studies.")} - {folder}
        assert not named & DOCUMENTS.keys(), name
        assert package != "studies" or folder not in DOCUMENTS or named <= set(below), name


@pytest.mark.parametrize(
    "text",
    ["import studies.a", "def f():\n    from studies import a", "if TYPE_CHECKING:\n    from studies.a import A"],
)
def test_circle_is_found_wherever_the_import_is(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "studies"
    folder.mkdir()
    (folder / "a.py").write_text("from studies.b import B")
    (folder / "b.py").write_text(text)
    with pytest.raises(CycleError):
        TopologicalSorter(imports(tmp_path)).prepare()
