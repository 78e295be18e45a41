"""The pages of a book in a browser: what loads, what fits, what a reader without eyes or mouse gets, what tables do."""

import csv
import io
import json
import random
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import pytest
from browsing import Visit, api, needs_chromium

from analysis.book import Declared, files
from analysis.claims import Better, Equal
from analysis.text import MINUS

pytestmark = needs_chromium
ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")
CLAIMS = (
    Equal(finding="S4-F3", first=ARMS[1], second=ARMS[0]),
    Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0]),
    Better(finding="S4-F20", part="accuracy", better=ARMS[1], worse=ARMS[0], printed=4.0),
)
STUDY = Declared("yun_bi/lenet_or_lstm", "yun_bi", "3.4.6", "The best LeNet", "Which?", ("S4-F3", "S4-F14", "S4-F20"))
PLAN = {"arms": ARMS, "claims": CLAIMS, "explored": 30, "notes": 2, "epochs": 6, "labels": ("banjo", "cello", "flute")}
PAPER = 718
"""Pixels between the margins of A4: 190 mm at 96 to the inch."""
RUN = "yun_bi.lenet_or_lstm-laptop-0"
PAGES = {
    "index": "index.html",
    "document": "documents/yun_bi.html",
    "finding": "findings/S4-F3.html",
    "run": f"runs/{RUN}/index.html",
}


@pytest.fixture(scope="module")
def book(synthetic_run, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    run = synthetic_run(folder / "runs" / RUN, **PLAN)
    for file in files([run], [STUDY]):
        path = folder / "book" / file.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content if isinstance(file.content, bytes) else file.content.read_bytes())
    return folder / "book"


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light"), (2560, "light")])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_loads_from_its_folder_alone_fits_and_is_accessible(tab, book: Path, kind: str, width: int, scheme: str):
    tab.emulate_media(color_scheme=scheme)
    visit = Visit(tab, book / PAGES[kind], width)
    if kind in ("run", "document"):
        visit.page.locator(".canvas").first.scroll_into_view_if_needed()
        visit.page.locator(".canvas .main-svg").first.wait_for()
    assert visit.page.locator("table.sortable").count() >= 1
    assert visit.overflow() <= 0
    assert visit.complaints == []
    assert all(request.startswith(book.as_uri()) for request in visit.requests)
    assert serious(visit) == []
    visit.end()
    tab.emulate_media(color_scheme=None)


def serious(visit: Visit) -> list[str]:
    """What axe-core finds serious on a page, with the first place of each."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
    # Rows are alike, and each is looked at for half a minute in a hundred of them.
    looked_at = {"include": ["html"], "exclude": ["#findings tbody tr:nth-child(n + 12)"]}
    found = axe.Axe().run(visit.page, looked_at, {"resultTypes": ["violations"]}).response["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    return [f"{each['id']}: {len(each['nodes'])} of {each['nodes'][0]['html'][:160]}" for each in grave]


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_prints_with_all_its_figures_and_fits_the_paper(tab, book: Path, kind: str):
    visit = Visit(tab, book / PAGES[kind], 1440)
    # Plotly is read as soon as the page has been shown.
    visit.page.wait_for_function("() => window.Plotly || !document.querySelector('.canvas')")
    assert visit.page.pdf(format="A4").startswith(b"%PDF")
    drawn, all_figures = visit.drawn()
    assert drawn >= all_figures
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": PAPER, "height": 1000})
    # Figures get their width of paper when printing begins.
    visit.page.add_style_tag(content=".canvas { display: none }")
    assert visit.overflow() <= 0
    assert visit.page.locator(".tools:visible, details.menu:visible").count() == 0
    assert visit.complaints == []
    visit.end()
    tab.emulate_media(media="screen")


def rows(visit: Visit, table: str = "findings") -> list[str]:
    return visit.page.locator(f"#{table} tbody tr:visible > :first-child").all_inner_texts()


def test_a_table_is_filtered_sorted_and_linked_with_its_state(tab, book: Path):
    visit = Visit(tab, book / "index.html", 1440)
    everything = rows(visit)
    visit.page.select_option("[data-tool=document]", "Yun and Bi")
    visit.page.locator("[data-tool=search]").first.fill("kernel")
    some = rows(visit)
    assert 0 < len(some) < len(everything) and all(each.startswith("S4") for each in some)
    head = visit.page.locator("#findings th[data-name=finding]")
    head.locator("button").focus()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert rows(visit) == sorted(some, key=number, reverse=True)
    address = visit.page.url
    assert address.partition("#")[2] == "findings?sort=-finding&q=kernel&document=Yun+and+Bi"
    visit.end()
    again = Visit(tab, book / "index.html", 1440, f"#{address.partition('#')[2]}")
    assert rows(again) == sorted(some, key=number, reverse=True)
    assert again.page.locator("[data-tool=search]").first.input_value() == "kernel"
    assert again.complaints == []
    again.end()


def number(finding: str) -> int:
    return int(finding.partition("F")[2])


def test_columns_are_hidden_and_shown(tab, book: Path):
    visit = Visit(tab, book / "index.html", 1440)
    menu = visit.page.locator("details.menu", has_text="Columns").first
    menu.locator("summary").click()
    menu.get_by_label("Type").check()
    menu.get_by_label("Claim").uncheck()
    heads = visit.page.locator("#findings thead th:visible").all_inner_texts()
    assert "Type" in "".join(heads) and "Claim" not in "".join(heads)
    assert "columns=finding%2Ctype%2C" in visit.page.url
    visit.end()


def taken(visit: Visit, name: str) -> str:
    """What a table of the page gives as a file of this kind."""
    menu = visit.page.locator("details.menu", has_text="Export").first
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    with visit.page.expect_download() as download:
        menu.get_by_role("button", name=name).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_what_is_shown_is_taken_out_unrounded(tab, book: Path, tmp_path: Path):
    visit = Visit(tab, book / "index.html", 1440, "#findings?q=3x8 kernels than with 5x5")
    assert rows(visit) == ["S4-F14"]
    heads, line = csv.reader(io.StringIO(taken(visit, "CSV")))
    found = dict(zip(heads, line, strict=True))
    shown = visit.page.inner_text("#S4-F14-corrected .effect")
    effect = float(found["Corrected: effect"])
    assert f"{effect:+.1f}".replace("-", MINUS) in shown and len(found["Corrected: effect"]) > 6
    assert found["n"] == found["Corrected: n"] == "8"
    assert float(found["CPU time"]) > 0 and "Type" not in found
    table = taken(visit, "Markdown").splitlines()
    assert len(table) == 3 and {line.count("|") for line in table} == {len(table[0].split(" | ")) + 1}
    compiled(taken(visit, "LaTeX"), tmp_path)
    visit.end()


def compiled(table: str, folder: Path) -> None:
    assert table.count("\\toprule") == table.count("\\midrule") == table.count("\\bottomrule") == 1
    if shutil.which("pdflatex") is None:
        pytest.skip(
            "the table was not compiled: no pdflatex on this machine, apt-get install texlive-latex-recommended"
        )
    text = f"\\documentclass{{article}}\\usepackage{{booktabs}}\\begin{{document}}\n{table}\\end{{document}}\n"
    (folder / "table.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "table.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_trials_are_sorted_without_a_row_for_each(tab, book: Path):
    visit = Visit(tab, book / PAGES["run"], 1440, "#trials?phase=explore&sort=-validation_accuracy")
    shares = visit.page.locator("#trials tbody tr:not(.room)")
    assert 10 < shares.count() < 60
    assert visit.page.get_attribute("#trials", "aria-rowcount") == "61"
    column = visit.page.locator("#trials thead th:visible").all_inner_texts().index("Validation accuracy")
    shown = [float(each.rstrip(" %")) for each in shares.locator(f"td:nth-child({column + 1})").all_inner_texts()]
    assert shown == sorted(shown, reverse=True) and len(set(shown)) > 5
    assert visit.complaints == []
    visit.end()


def test_a_figure_has_the_colours_of_the_page_also_when_they_change(tab, book: Path):
    tab.emulate_media(color_scheme="dark")
    visit = Visit(tab, book / PAGES["run"], 1440)
    canvas = visit.page.locator(".canvas").first
    canvas.scroll_into_view_if_needed()
    canvas.locator(".main-svg").first.wait_for()
    paper = canvas.locator(".main-svg").first
    dark = paper.evaluate("(svg) => svg.style.background")
    tab.emulate_media(color_scheme="light")
    api.expect(paper).to_have_attribute("style", re.compile(r"background: rgb\(255, 255, 255\)"))
    assert dark == "rgb(20, 24, 31)"
    visit.end()
    tab.emulate_media(color_scheme=None)


NUMBERS = """(row) => [...row.querySelectorAll("td:not([hidden])")].slice(1).flatMap((cell) => {
  const found = [];
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const inside = walk.currentNode.parentElement;
    if (/\\d/.test(walk.currentNode.data) && !inside.closest(".badge")) {
      found.push([walk.currentNode.data.trim(), inside.closest("a")?.getAttribute("href") ?? null]);
    }
  }
  return found;
})"""


def test_every_number_of_the_index_leads_to_a_row_of_a_table(tab, book: Path):
    visit = Visit(tab, book / "index.html", 1440)
    judged = {"S4-F3", "S4-F14", "S4-F20"}
    others = sorted(set(rows(visit)) - judged)
    walked = 0
    for finding in [*sorted(judged), *random.Random(0).sample(others, 47)]:
        numbers = visit.page.locator(f"#{finding}").evaluate(NUMBERS)
        walked += len(numbers)
        assert [text for text, address in numbers if address is None] == [], finding
        for _, address in numbers:
            assert leads_to_a_row(book, "index.html", address), f"{finding}: {address}"
    assert walked > 30
    for address in visit.page.eval_on_selector_all(".tally a", "(links) => links.map((a) => a.getAttribute('href'))"):
        tab.goto((book / "index.html").as_uri() + address)
        assert rows(visit)
    visit.end()


def leads_to_a_row(book: Path, page: str, address: str) -> bool:
    """Whether an address is that of a row, a cell, a whole page, or a view of a table that has rows."""
    path, _, fragment = address.partition("#")
    text = ((book / page).parent / unquote(path)).read_text() if path else (book / page).read_text()
    place, _, view = fragment.partition("?")
    if view:
        data = re.search(rf'id="{place}-data">(.*?)</script>', text, flags=re.S)
        return bool(data) and selects(json.loads(unescape(data[1])), dict(parse_qsl(view)))
    return not place or re.search(rf'<(?:tr|td)\b[^>]* id="{re.escape(place)}"', text) is not None


def selects(data: dict, wanted: dict[str, str]) -> bool:
    """Whether a table of columns has rows with all these texts."""
    kept = set(range(data["rows"]))
    for column in data["columns"]:
        if column["name"] in wanted:
            words = column["words"]
            kept &= {row for row, code in enumerate(column["codes"]) if words[code] == wanted[column["name"]]}
    return bool(kept)
