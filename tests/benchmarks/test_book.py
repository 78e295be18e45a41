"""The book: how soon its pages open, and what a run of 10,000 trials takes. Times are CPU seconds, or a browser's."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.book import Declared, files
from analysis.claims import Better, Claim
from studies import catalogue

TRIALS, EPOCHS, MANY = 10_000, 100, 50_000
PAGE_SECONDS, PAGE_BYTES, SORT_MILLISECONDS = 30, 2e9, 200
TABLE_SECONDS, FIGURE_SECONDS = 1.5, 3.0
RENDER = """
import resource, sys, time
from pathlib import Path
from analysis.report import render
from analysis.runs import Run
page = render(Run.load(sys.argv[1]))
Path(sys.argv[2]).write_text(page, encoding="utf-8")
print(time.process_time(), 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(page))
"""
# Milliseconds that a click on each head of the table of trials takes, both ways.
SORT = """() => [...document.querySelectorAll("#trials thead button")].flatMap((button) => [0, 1].map(() => {
  const begun = performance.now();
  button.click();
  document.querySelector("#trials").getBoundingClientRect();
  return performance.now() - begun;
}))"""


@pytest.fixture(scope="module")
def tab() -> Iterator[Any]:
    yield from import_module("browsing").opened()


def grown(path: Path, trials: int) -> None:
    """Give a made run so many trials, with their epochs: explored ones again, under other names and rates."""
    table, epochs = pd.read_parquet(path / "trials.parquet"), pd.read_parquet(path / "epochs.parquet")
    whole = table[(table["phase"] == "explore") & (table["state"] == "complete")]
    more = pd.concat([whole] * -(-(trials - len(table)) // len(whole)), ignore_index=True).iloc[: trials - len(table)]
    random = np.random.default_rng(0)
    settings = [
        json.dumps({"learning_rate": float(10 ** random.uniform(-4, -2)), "batch_size": 32}) for _ in range(len(more))
    ]
    names = [f"grown{number:06d}" for number in range(len(more))]
    curves = pd.concat([epochs[epochs["trial"] == trial] for trial in whole["trial"]], ignore_index=True)
    copied = pd.concat([curves] * -(-len(more) // len(whole)), ignore_index=True)
    copied = copied.iloc[: len(more) * (len(curves) // len(whole))]
    copied = copied.assign(trial=np.repeat(names, len(curves) // len(whole)))
    more = more.assign(trial=names, repetition=np.arange(len(more)) + 100, settings=settings)
    pd.concat([table, more], ignore_index=True).to_parquet(path / "trials.parquet", index=False)
    pd.concat([epochs, copied], ignore_index=True).to_parquet(path / "epochs.parquet", index=False)


@pytest.mark.benchmark
def test_a_run_of_ten_thousand_trials(tab, synthetic_run, tmp_path: Path) -> None:
    run = synthetic_run(tmp_path / "run", explored=3, epochs=EPOCHS)
    grown(run, TRIALS)
    rows = len(pd.read_parquet(run / "epochs.parquet", columns=["trial"]))
    command = [sys.executable, "-c", RENDER, str(run), str(tmp_path / "page.html")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    seconds, memory, size = map(float, said)
    tab.goto((tmp_path / "page.html").as_uri())
    took = tab.evaluate(SORT)
    print(f"\n{TRIALS} trials, {rows} epochs: {seconds:.1f} s, {memory / 1e9:.2f} GB, page of {size / 1e6:.1f} MB")
    print(f"a sort takes {median(took):.0f} ms, at most {max(took):.0f} ms")
    assert rows > 990_000
    assert seconds < PAGE_SECONDS
    assert memory < PAGE_BYTES
    assert median(took) < SORT_MILLISECONDS


@pytest.mark.benchmark
def test_a_table_of_fifty_thousand_trials_is_sorted(tab, synthetic_run, tmp_path: Path) -> None:
    run = synthetic_run(tmp_path / "run", explored=3, epochs=2)
    grown(run, MANY)
    subprocess.run([sys.executable, "-c", RENDER, str(run), str(tmp_path / "page.html")], check=True)
    tab.goto((tmp_path / "page.html").as_uri())
    took = tab.evaluate(SORT)
    print(f"\n{MANY} trials: a sort takes {median(took):.0f} ms, at most {max(took):.0f} ms")
    assert tab.get_attribute("#trials", "aria-rowcount") == str(MANY + 1)
    assert median(took) < SORT_MILLISECONDS


def made(synthetic_run: Any, folder: Path, name: str) -> Path:
    """A made run of a study at scale smoke, in which every finding of it is claimed of its first arms."""
    study = catalogue.declared(name)
    arms = [arm.name for arm in study.arms][:3]
    arms += ["another", "a third"][: max(0, 2 - len(arms))]
    claims: tuple[Claim, ...] = tuple(Better(finding=each, better=arms[1], worse=arms[0]) for each in study.tested)
    plan = {"arms": arms, "claims": claims, "explored": 2, "notes": 1, "epochs": 3, "repetitions": 2}
    run = synthetic_run(folder / f"{name.replace('/', '.')}-smoke", **plan, rendered=True, decides=False)
    found = json.loads((run / "study.json").read_text())
    found["study"] |= {"name": name, "document": study.document, "title": study.title, "question": study.question}
    (run / "study.json").write_text(json.dumps(found))
    return run


@pytest.mark.benchmark
def test_the_book_over_all_studies_opens(tab, synthetic_run, tmp_path: Path) -> None:
    studies = [(name, catalogue.declared(name)) for name in catalogue.names()]
    declared = [Declared(name, s.document, s.section, s.title, s.question, tuple(s.tested)) for name, s in studies]
    runs = [made(synthetic_run, tmp_path / "runs", name) for name, _ in studies]
    for file in files(runs, declared):
        path = tmp_path / "book" / file.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content if isinstance(file.content, bytes) else file.content.read_bytes())
    pages = [tmp_path / "book" / place for place in ("index.html", f"runs/{runs[0].name}/index.html")]
    pages += [tmp_path / "book/documents/fagan.html", tmp_path / "book/findings/S4-F3.html"]
    for page in pages:
        for width, scheme in ((390, "light"), (1440, "light"), (390, "dark"), (1440, "dark")):
            table, figure = opening(tab, page, width, scheme)
            print(f"{page.relative_to(tmp_path)} {width} {scheme}: table {table:.2f} s, figure {figure or 0:.2f} s")
            assert table < TABLE_SECONDS
            assert figure is None or figure < FIGURE_SECONDS


def opening(tab: Any, page: Path, width: int, scheme: str) -> tuple[float, float | None]:
    """Seconds from the address to the first table that can be used, and to the first figure that is asked for."""
    tab.goto("about:blank")
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)
    tab.goto(page.as_uri(), wait_until="commit")
    tab.locator("table.sortable").first.wait_for(state="attached")
    table = tab.evaluate("performance.now()") / 1000
    if not tab.locator(".canvas").count():
        return table, None
    tab.locator(".canvas").first.scroll_into_view_if_needed()
    tab.locator(".canvas .main-svg").first.wait_for(state="attached")
    return table, tab.evaluate("performance.now()") / 1000
