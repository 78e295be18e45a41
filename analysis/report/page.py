"""The report of one run: a single page that loads nothing from anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.findings.register import Document
from analysis.protocols import judging
from analysis.report.banner import warnings
from analysis.report.embed import embedder
from analysis.report.environment import page, plotly_script, source
from analysis.report.rows import claim_rows, finding_rows
from analysis.report.sections import SECTIONS, Section
from analysis.report.standing import sentence
from analysis.results import Results
from analysis.runs import Run
from analysis.verdicts.verdict import Word, tally


@dataclass(frozen=True)
class Report:
    """What the page shows: the study and the data as study.json has them, what a reader must know first, and sections.

    `elsewhere` is the corpus of a replication, else "", `given` the table of results that were trained elsewhere.
    `warnings` are pairs of a badge and a sentence; `tally` says for each protocol how many findings have each word.
    `standing` is how accurate each arm is, of a study of no document, whose question is often just that; else "".
    """

    study: Mapping[str, Any]
    data: Mapping[str, Any]
    document: Document | None
    elsewhere: str
    given: str
    warnings: Sequence[tuple[str, str]]
    tally: Mapping[str, Sequence[tuple[Word, int]]]
    sections: Sequence[Section]
    standing: str


def render(run: Run) -> str:
    """The report of a run as one HTML page, from the run's files alone; an unfinished run says that it is."""
    return render_results(Results.of(run))


def render_results(results: Results) -> str:
    """The report of what is computed already."""
    scripts = (source("tables.js"), plotly_script(), source("figures.js"), source("export.js"))
    return page("report.html", scripts, report=report(results))


def report(results: Results) -> Report:
    run, embed = results.run, embedder(results.origin)
    rows = finding_rows(run, claim_rows(run, results.judged))
    words = {p.name: [row.words[p.name][0] for row in rows if p.name in row.words] for p in judging()}
    counts = {protocol: tally(found) for protocol, found in words.items()}
    sections = [section for each in SECTIONS if (section := each.of(results, embed))]
    said = "" if results.document or run.given else sentence(results.headline, run.arms)
    about = run.study["study"], run.study["data"], results.document, run.elsewhere, run.given
    return Report(*about, tuple(warnings(run)), counts, sections, said)
