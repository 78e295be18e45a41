"""What the READMEs say is so: links, commands, plans of folders, words, and every figure of real runs."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from studies.commands import readmes
from studies.commands.cli import app
from studies.driver.evidence import written

ROOT = Path(__file__).parents[1]
PAGES = readmes.pages()
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
MOST_BYTES = 5_000_000
FOLDERS = ("studies", "search_spaces", "trainables", "trainables/corpora", "analysis")

pages = pytest.mark.parametrize("page", PAGES, ids=NAMES)


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each `etude` command in the code of a page; its upper-case placeholders stay as they are."""
    for block in re.findall(r"```\n(.*?)```", page.read_text(), flags=re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["etude"]:
                yield words[1:]
            yield from (shlex.split(word)[1:] for word in words[1:] if word.startswith("etude "))


def test_every_room_has_a_page() -> None:
    assert {f"{folder}/README.md" for folder in FOLDERS} | {"README.md", "studies/cluster.md"} <= set(NAMES)


@pages
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if not target.startswith(("http://", "https://")):
            place, _, anchor = target.partition("#")
            assert (page.parent / place).exists(), target
            assert not anchor or anchor in anchors((page.parent / place) if place else page), target


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pages
def test_commands_are_understood(page: Path) -> None:
    """Each command of a page exists and takes the options that it is given there; none is executed."""
    root = typer.main.get_command(app)
    for words in commands(page):
        command = root.commands[words[0]]  # type: ignore[attr-defined]
        command.make_context(words[0], words[1:])


@pages
def test_targets_of_make_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`(?:[A-Z_]+=\d+ )?make ([a-z]+)", page.read_text())) <= targets


@pages
def test_named_files_exist(page: Path) -> None:
    """A file of the project that is named in code font is there."""
    for name in re.findall(r"`((?:studies|search_spaces|trainables|analysis|tests)/[\w/]+\.\w+)`", page.read_text()):
        assert (ROOT / name).exists(), name


@pages
def test_blocks_are_what_make_readme_writes(page: Path) -> None:
    assert readmes.filled(page.read_text(), readmes.blocks_of(page)) == page.read_text(), "run `make readme`"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_plan_names_every_module_once(folder: str) -> None:
    named = re.findall(r"^ *- \[`([\w/]+\.py)`\]", (ROOT / folder / "README.md").read_text(), flags=re.MULTILINE)
    inner = [ROOT / other for other in FOLDERS if other.startswith(f"{folder}/")]
    there = [
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py"
        and path.parent.name != "templates"
        and not any(folder in path.parents for folder in inner)
    ]
    assert sorted(named) == sorted(there)


def test_evidence_is_of_real_audio_and_small() -> None:
    """Smoke scale and rendered audio decide nothing, and a repository is no place for large files."""
    runs = readmes.evidence()
    assert runs
    assert all(run.decides and not run.rendered for run in runs)
    assert all(sum(path.stat().st_size for path in written(run.path)) < MOST_BYTES for run in runs)


def test_the_picture_is_of_the_evidence() -> None:
    assert readmes.source_of(readmes.PICTURE) == readmes.digest(readmes.pictured())
