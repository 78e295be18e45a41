"""How a wheel is built (PEP 517): the four folders become parts of one package, `etude`, and import each other there.

A copy of the project is laid out as it shall be installed and given to setuptools; the checkout is left alone. An
editable installation and a source distribution are setuptools' own, over the checkout as it is.
"""

import ast
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGE = "etude"
FOLDERS = ("analysis", "search_spaces", "studies", "trainables")
FILES = ("pyproject.toml", "README.md", "LICENSE")
WHERE = 'where = [".", "studies"]'
"""Where pyproject.toml looks for packages in a checkout; in the copy all are in one place."""

Settings = Mapping[str, Any] | None


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    """Build the wheel into a folder; gives its name."""
    wheel, metadata = Path(wheel_directory).absolute(), metadata_directory and Path(metadata_directory).absolute()
    with laid_out():
        return str(build_meta.build_wheel(str(wheel), config_settings, metadata and str(metadata)))


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    """Write the metadata of the wheel into a folder; gives the name of theirs in it."""
    metadata = Path(metadata_directory).absolute()
    with laid_out():
        return str(build_meta.prepare_metadata_for_build_wheel(str(metadata), config_settings))


@contextmanager
def laid_out() -> Iterator[None]:
    """Work within a copy of the project that is laid out as it is to be installed."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder))
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def lay_out(folder: Path) -> None:
    """Write the copy into a folder."""
    ignored = shutil.ignore_patterns("__pycache__", "*.md", "evidence", PACKAGE)
    shutil.copytree(HERE, folder / PACKAGE, ignore=shutil.ignore_patterns("__pycache__", *unneeded()))
    for folder_name in FOLDERS:
        shutil.copytree(ROOT / folder_name, folder / PACKAGE / folder_name, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    replaced(folder / "pyproject.toml", WHERE, 'where = ["."]')
    replaced(folder / PACKAGE / "studies" / "version.py", 'COMMIT = ""', f'COMMIT = "{commit()}"')
    for path in (folder / PACKAGE).rglob("*.py"):
        path.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8")


def unneeded() -> tuple[str, ...]:
    """The modules of this folder that a wheel needs not."""
    return Path(__file__).name, "aliases.py"


def replaced(path: Path, text: str, new: str) -> None:
    """Replace what stands in a file exactly once."""
    content = path.read_text(encoding="utf-8")
    if content.count(text) != 1:
        raise ValueError(f"{path.name} has '{text}' {content.count(text)} times instead of once: mend it in building.")
    path.write_text(content.replace(text, new), encoding="utf-8")


def commit() -> str:
    """The commit of the checkout; "" where there is none, as in a source distribution."""
    spec = spec_from_file_location("version", ROOT / "studies" / "version.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.commit())


def rewritten(code: str) -> str:
    """The code of a module with its imports of the folders turned to those inside the package.

    Raises ValueError for `import studies.scale` without a name of its own, which would bind another one.
    """
    lines = code.splitlines(keepends=True)
    for node in ast.walk(ast.parse(code)):
        # A position counts the bytes of a line; before an import there is nothing but ASCII.
        if isinstance(node, ast.ImportFrom) and not node.level and is_ours(str(node.module)):
            turn(lines, node, r"from\s+", rf"\g<0>{PACKAGE}.")
        elif isinstance(node, ast.Import) and any(is_ours(each.name) for each in node.names):
            whole = len(node.names) == 1 and node.names[0].name in FOLDERS
            if not whole and not (len(node.names) == 1 and node.names[0].asname):
                raise ValueError(f"line {node.lineno}, '{ast.unparse(node)}', cannot be rewritten: import from it.")
            turn(lines, node, r"import\s+", f"from {PACKAGE} import " if whole else rf"\g<0>{PACKAGE}.")
    return "".join(lines)


def is_ours(module: str) -> bool:
    """Whether a module is one of the folders or in one."""
    return module.partition(".")[0] in FOLDERS


def turn(lines: list[str], node: ast.stmt, words: str, new: str) -> None:
    """Replace the words with which an import begins."""
    line = lines[node.lineno - 1]
    lines[node.lineno - 1] = line[: node.col_offset] + re.sub(words, new, line[node.col_offset :], count=1)
