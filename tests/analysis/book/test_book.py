"""The files of a book: which there are, and that every address in them leads to something in the book."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from analysis import findings
from analysis.book import Declared, File, files
from analysis.claims import Better, Equal
from analysis.errors import RunError
from analysis.runs import MISTAKES

ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")
CLAIMS = (
    Equal(finding="S4-F3", first=ARMS[1], second=ARMS[0]),
    Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0]),
)
STUDY = Declared("yun_bi/lenet_or_lstm", "yun_bi", "3.4.6", "The best LeNet", "Which?", ("S4-F3", "S4-F14"))
NOT_RUN = Declared("yun_bi/units", "yun_bi", "3.4.4", "Units", "How many?", ("S4-F7",))
PLAN = {"arms": ARMS, "claims": CLAIMS, "explored": 2, "notes": 2, "epochs": 6, "pictures": False}


CLIP = "mistakes/0.ogg"


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Path:
    """A run, with one clip of its mistakes."""
    path = synthetic_run(tmp_path_factory.mktemp("runs") / "yun_bi.lenet_or_lstm-laptop-0", **PLAN)
    cell = {"protocol": "corrected", "arm": ARMS[0], "label": "banjo", "prediction": "cello", "answers": 2}
    spectrogram = {"hertz": [100, 200], "values": [[0, -20], [-40, -80]]}
    clips = {"a clip": {"file": CLIP, "mel": spectrogram, "kept": 0.5}}
    cells = [{**cell, "clips": [{"clip": "a clip", "times": 2, "sure": 0.9}]}]
    (path / MISTAKES).write_text(json.dumps({"cells": cells, "clips": clips}))
    (path / CLIP).parent.mkdir()
    (path / CLIP).write_bytes(b"sound")
    return path


@pytest.fixture(scope="module")
def book(run: Path) -> dict[str, str]:
    """The text of every page, by its place; of other files ""."""
    return {file.place: text(file) for file in files([run], [STUDY, NOT_RUN])}


def text(file: File) -> str:
    return file.content.decode() if isinstance(file.content, bytes) and file.place.endswith(".html") else ""


def test_there_is_a_page_for_each_finding_document_and_run(book: dict[str, str], run: Path):
    pages = {place for place, page in book.items() if page}
    expected = {"index.html", f"runs/{run.name}/index.html"}
    expected |= {f"documents/{name}.html" for name in findings.DOCUMENTS}
    expected |= {f"findings/{finding.id}.html" for finding in findings.all()}
    assert pages == expected


def test_plotly_lies_beside_the_pages_once(book: dict[str, str]):
    assert [place for place in book if "plotly" in place] == ["assets/plotly.min.js"]
    assert max(map(len, book.values())) < 2_000_000


def test_every_address_leads_into_the_book(book: dict[str, str]):
    for place, page in book.items():
        ids = set(re.findall(r'\bid="([^"]+)"', page))
        for address in map(unescape, re.findall(r'(?:href|src)="([^"]+)"', page)):
            if address.startswith(("https:", "data:")):
                continue
            target, _, fragment = address.partition("#")
            found = place if not target else resolved(place, unquote(target))
            assert found in book, f"{place}: {address}"
            there = ids if not target else set(re.findall(r'\bid="([^"]+)"', book[found]))
            assert not fragment or fragment.partition("?")[0] in there, f"{place}: {address}"


def resolved(place: str, address: str) -> str:
    """Where an address leads from a page, below the folder of the book."""
    parts = place.split("/")[:-1]
    for part in address.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_clips_of_mistakes_lie_beside_the_page_that_plays_them(book: dict[str, str], run: Path):
    assert f"runs/{run.name}/{CLIP}" in book
    assert 'src="mistakes/0.ogg"' in book[f"runs/{run.name}/index.html"]


def test_the_page_of_a_document_has_its_studies_in_its_own_order(book: dict[str, str]):
    page = book["documents/yun_bi.html"]
    assert page.index("The best LeNet</h2>") < page.index("Units</h2>")
    assert "Not run: <code>etude run yun_bi/units</code>" in page
    assert page.count("<h3>S4-G6 · ") == 1


def test_figures_that_an_earlier_run_showed_are_not_shown_again(run: Path):
    twice = Declared("yun_bi/other", "yun_bi", "4", "Other", "Which?", ())
    book = {file.place: text(file) for file in files([run], [STUDY, twice])}
    assert book["documents/yun_bi.html"].count("<h3>S4-G6 · ") == 1


def test_an_unfinished_run_is_refused(synthetic_run, tmp_path: Path):
    unfinished = synthetic_run(tmp_path / "run", **PLAN, confirm=False)
    with pytest.raises(RunError, match="not finished"):
        list(files([unfinished], []))
