"""Figures to take out: SVG and PNG from the page in a browser, with legend and origin inside."""

import json
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.claims import Better
from analysis.digests import run_digest
from analysis.report import render
from analysis.runs import Run

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'etude[test]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]
ARMS = ("5*5 & <wide>", "3*8")
SVG = "{http://www.w3.org/2000/svg}"
FIGURE = "#curves ~ figure >> nth=0"


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Run:
    claims = (Better(finding="S4-F4", better=ARMS[1], worse=ARMS[0]),)
    plan = {"arms": ARMS, "claims": claims, "repetitions": 8, "epochs": 4, "explored": 1, "notes": 2}
    return Run.load(synthetic_run(tmp_path_factory.mktemp("export") / "a-run", **plan, pictures=False))


@pytest.fixture(scope="module")
def figure(run: Run) -> Iterator["api.Locator"]:
    """The learning curves of all arms, on the page of the run."""
    path = run.path / "report.html"
    path.write_text(render(run), encoding="utf-8")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = started.new_page()
        page.goto(path.as_uri())
        yield page.locator(FIGURE)
        started.close()


def saved(figure: "api.Locator", name: str) -> tuple[str, bytes]:
    with figure.page.expect_download() as waiting:
        figure.locator(".export button", has_text=name).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def chunks(png: bytes) -> list[tuple[str, bytes]]:
    """The chunks of a PNG, each with its checksum compared."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        content = png[place + 4 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length]) == (zlib.crc32(content),)
        found.append((content[:4].decode(), content[4:]))
        place += 12 + length
    return found


def told(text: str, figure: "api.Locator", run: Run) -> None:
    """Check that the text inside a file says where the figure is from and what it shows."""
    found, origin = json.loads(text), run.study["provenance"]
    assert (found["study"], found["run"], found["digest"]) == (run.name, "a-run", run_digest(run.path))
    assert (found["commit"], found["etude"]) == (origin["commit"], origin["etude"])
    assert found["label"] == figure.locator(".canvas").get_attribute("aria-label")


def test_an_svg_is_a_column_wide_with_legend_and_origin(figure, run: Run) -> None:
    name, content = saved(figure, "SVG")
    root = ElementTree.fromstring(content)
    assert name.startswith("a-run-") and name.endswith(".svg") and root.tag == f"{SVG}svg"
    told(root.find(f"{SVG}metadata").text, figure, run)
    assert float(root.get("width")) == 420
    names = ["".join(text.itertext()) for text in root.iter(f"{SVG}text") if text.get("class") == "legendtext"]
    assert names == [button.strip() for button in figure.locator(".legend button").all_inner_texts()]
    sizes = [float(part.split(":")[1].removesuffix("px")) for text in root.iter(f"{SVG}text")
             for part in (text.get("style") or "").split(";") if part.strip().startswith("font-size")]  # fmt: skip
    # In a column of 3.5 inches a pixel is 0.6 points, and none is smaller than 6.
    assert min(sizes) * 3.5 * 72 / 420 >= 6


def test_a_png_is_as_sharp_as_paper_with_its_origin(figure, run: Run) -> None:
    name, content = saved(figure, "PNG")
    found = chunks(content)
    kinds = [kind for kind, _ in found]
    width, _ = struct.unpack(">II", dict(found)["IHDR"][:8])
    dots, _, unit = struct.unpack(">IIB", dict(found)["pHYs"])
    assert name.endswith(".png") and kinds[0] == "IHDR" and kinds[-1] == "IEND" and width == 1680
    assert (unit, width / dots / 0.0254) == (1, pytest.approx(3.5, abs=0.01))
    keyword, _, rest = dict(found)["iTXt"].partition(b"\0")
    assert keyword == b"etude"
    told(rest[4:].decode(), figure, run)


def test_a_series_that_is_hidden_is_not_taken_out(figure) -> None:
    figure.locator(".legend button").first.click()
    _, content = saved(figure, "SVG")
    names = [each for each in ElementTree.fromstring(content).iter(f"{SVG}text") if each.get("class") == "legendtext"]
    assert len(names) == figure.locator(".legend button").count() - 1
    figure.locator(".legend button").first.click()
