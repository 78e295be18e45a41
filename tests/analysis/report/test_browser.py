"""The pages in a real browser: what loads, what is drawn, what fits, what prints."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from browsing import Visit, api, needs_chromium

from analysis.claims import Better, Equal
from analysis.report import matrix, render, render_overview
from analysis.runs import SOUNDS, Run
from analysis.verdicts import finding_verdicts

pytestmark = needs_chromium
ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80", "LSTM_128+128_64*80")
# Figures of the data: classes and groups of three splits, a clip and its features for three inputs, and two more.
SHOWN = 3 + 3 + 2 * 3 + 1 + 1
HOSTILE = "<script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Run:
    claims = (
        Equal(finding="S4-F3", first=ARMS[1], second=ARMS[0]),
        Better(finding="S4-F20", part="accuracy", better=ARMS[1], worse=ARMS[2], printed=4.0),
    )
    plan = {"arms": ARMS, "claims": claims, "labels": ("banjo", "cor anglais", HOSTILE), "notes": 4}
    path = tmp_path_factory.mktemp("browser") / "run"
    return Run.load(synthetic_run(path, repetitions=8, epochs=12, explored=4, rendered=True, **plan))


@pytest.fixture(scope="module")
def report(run: Run) -> Path:
    path = run.path / "report.html"
    path.write_text(render(run), encoding="utf-8")
    return path


@pytest.fixture(params=[390, 1440])
def visit(request, tab, report: Path) -> Iterator[Visit]:
    visit = Visit(tab, report, request.param)
    yield visit
    visit.end()


def test_report_draws_as_it_is_scrolled_and_fits(visit: Visit, report: Path):
    before, all_figures = visit.drawn()
    assert before < all_figures
    visit.scroll_through()
    assert visit.drawn()[0] >= all_figures
    assert visit.overflow() <= 0
    assert visit.complaints == []
    assert visit.requests == [report.as_uri()]
    assert "owned" not in visit.page.title()
    assert visit.page.locator("section[aria-labelledby=data] .canvas .main-svg:first-child").count() >= SHOWN
    assert visit.page.locator("section[aria-labelledby=data] .blocks").first.is_visible()
    assert "\n".join(visit.page.evaluate(CLIPPED)) == ""


# Words of a figure that stick out of it; half a pixel is rounding.
CLIPPED = """() => [...document.querySelectorAll(".canvas")].flatMap((canvas) => {
  const box = canvas.getBoundingClientRect();
  return [...canvas.querySelectorAll(".xtitle, .ytitle, .xtick text, .ytick text, .annotation-text")].filter((text) => {
    const t = text.getBoundingClientRect();
    return t.width && (t.left < box.left - 1 || t.right > box.right + 1 || t.bottom > box.bottom + 1);
  }).map((text) => `${canvas.getAttribute("aria-label")}: ${text.textContent}`);
})"""


def test_legend_hides_and_shows_a_series(tab, report: Path):
    visit = Visit(tab, report, 1440)
    figure = visit.page.locator("#curves ~ figure").first
    figure.scroll_into_view_if_needed()
    figure.locator(".main-svg").first.wait_for()
    button = figure.locator(".legend button").first
    lines = figure.locator(".scatterlayer .trace")
    shown = lines.count()
    button.click()
    api.expect(lines).not_to_have_count(shown)
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    api.expect(lines).to_have_count(shown)
    assert visit.complaints == []
    visit.end()


KEYS = """() => [...document.querySelectorAll(".legend line, .legend path")].map((key) => {
  const look = getComputedStyle(key);
  return (look.stroke == "none" ? look.fill : look.stroke).match(/[0-9.]+/g).slice(0, 3).map(Number);
})"""


def test_in_the_dark_no_key_of_a_legend_is_as_dark_as_the_page(tab, report: Path):
    visit = Visit(tab, report, 1440)
    visit.page.emulate_media(color_scheme="dark")
    keys = visit.page.evaluate(KEYS)
    visit.page.emulate_media(color_scheme="light")
    assert len(keys) > 10
    assert [(red, green, blue) for red, green, blue in keys if 0.3 * red + 0.6 * green + 0.1 * blue < 60] == []
    visit.end()


def test_a_table_is_sorted_by_the_head_that_is_clicked(visit: Visit):
    # Others stand in what is folded up.
    table = visit.page.locator("table.measured.sortable", has=visit.page.get_by_role("button", name="Network")).first
    names = table.locator("tbody th")
    first = names.all_inner_texts()
    button = table.locator("thead button").first
    button.click()
    assert names.all_inner_texts() == sorted(first) != first
    assert table.locator("th[aria-sort=ascending]").inner_text() == "Network"
    button.click()
    assert names.all_inner_texts() == sorted(first, reverse=True)


def test_printing_draws_every_figure_first(tab, report: Path):
    visit = Visit(tab, report, 1440)
    paper = visit.page.pdf(format="A4")
    before, all_figures = visit.drawn()
    assert paper.startswith(b"%PDF")
    assert before >= all_figures
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") > 3
    assert visit.complaints == []
    visit.end()


PLAY = """async () => {
  const found = [];
  for (const player of document.querySelectorAll("audio")) {
    player.muted = true;
    await player.play();
    found.push(player.duration);
  }
  return found;
}"""


def sound(kind: str) -> dict[str, object]:
    """What is known of half a second of some kind that the first arm made."""
    spectrogram = {"hertz": [100, 200], "values": [[0, -20], [-40, -80]]}
    file, lasts = f"trials/{kind}-0.wav", {"seconds": 0.5, "flatness": 0.5}
    return {"arm": "DCGAN", "kind": kind, "file": file, **lasts, "mel": spectrogram, "linear": spectrogram}


def test_sounds_beside_a_page_that_is_opened_as_a_file_are_played(tab, synthetic_run, tmp_path: Path):
    plan = {"arms": ("DCGAN", "other"), "claims": (), "repetitions": 2, "epochs": 3, "explored": 1, "notes": 1}
    run = Run.load(synthetic_run(tmp_path / "run", **plan))
    kept = [sound("recorded"), sound("generated")]
    (run.path / SOUNDS).write_text(json.dumps(kept))
    for each in kept:
        (run.path / each["file"]).parent.mkdir(exist_ok=True)
        soundfile.write(run.path / each["file"], np.sin(np.arange(4000) / 5), 8000, subtype="PCM_16")
    study = {**run.study, "study": {**run.study["study"], "document": "lunger_rho"}}
    path = run.path / "report.html"
    path.write_text(render(replace(run, study=study)), encoding="utf-8")
    visit = Visit(tab, path, 390)
    visit.scroll_through()
    assert visit.page.evaluate(PLAY) == [0.5] * 4
    assert {name.rpartition("/")[2] for name in visit.requests} == {"report.html", "recorded-0.wav", "generated-0.wav"}
    assert visit.overflow() <= 0
    assert visit.complaints == []
    visit.end()


@pytest.mark.parametrize("width", [390, 1440])
def test_overview_filters_and_fits(tab, run: Run, tmp_path: Path, width: int):
    path = tmp_path / "findings.html"
    found = finding_verdicts(run)
    others = [replace(verdict, n=3, origin=replace(verdict.origin, run="an earlier run")) for verdict in found]
    path.write_text(render_overview(matrix([*found, *others])))
    visit = Visit(tab, path, width)
    rows = visit.page.locator("#findings tbody tr:visible")
    everything = rows.count()
    visit.page.fill("[data-tool=search]", "3x8 and with 5x5")
    assert rows.count() == 1
    visit.page.fill("[data-tool=search]", "")
    visit.page.select_option("[data-tool=corrected]", "not run")
    assert 0 < rows.count() < everything
    assert visit.page.inner_text(".tools output") == f"{rows.count()} of {everything} shown"
    assert visit.overflow() <= 0
    assert visit.complaints == []
    assert visit.requests == [path.as_uri()]
    visit.end()
