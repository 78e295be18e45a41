"""The report of one run: a single page that loads nothing from anywhere."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.audit import results_card
from analysis.confirmed import Confirmed
from analysis.figures.style import arm_styles
from analysis.protocols import HEADLINE, PROTOCOLS, PUBLISHED, judging
from analysis.references import references
from analysis.report import sections
from analysis.report.data import data_section
from analysis.report.embed import embedder
from analysis.report.environment import page, plotly_script, source
from analysis.report.rows import (
    FindingRow,
    claim_rows,
    document_of,
    finding_rows,
    warnings,
)
from analysis.runs import EPOCHS, PREDICTIONS, TRIALS, Run
from analysis.verdicts import Verdict, inflation, other_cells, verdicts
from analysis.verdicts.verdict import WORDS

TABLES = (TRIALS, EPOCHS, PREDICTIONS)
SHOWN_PROBLEMS = 200


def render(run: Run) -> str:
    """The report of a run as one HTML page, from the run's files alone; an unfinished run says that it is."""
    return rendered(run, verdicts(run), other_cells(run), inflation(run))


def rendered(run: Run, judged: Sequence[Verdict], others: Sequence[Verdict], inflated: pd.DataFrame) -> str:
    """The report of a run with these verdicts, the estimates of the other cells, and the inflation of each arm."""
    scripts = (plotly_script(), source("figures.js"))
    return page("report.html", scripts, **context(run, judged, others, inflated))


def context(run: Run, judged: Sequence[Verdict], others: Sequence[Verdict], inflated: pd.DataFrame) -> dict[str, Any]:
    """Everything that the template shows."""
    embed, styles = embedder(), arm_styles(run.arms)
    confirmed = {protocol: Confirmed(run, protocol) for protocol in PROTOCOLS}
    claims = claim_rows(run, judged)
    rows = finding_rows(claims)
    document = document_of(run)
    return {
        "study": run.study["study"],
        "scale": run.study["scale"],
        "data": run.study["data"],
        "problems": run.study["data"].get("problems", []),
        "shown_problems": SHOWN_PROBLEMS,
        "document": document,
        "warnings": warnings(run),
        "claims": claims,
        "tally": tally(rows),
        "forest": sections.forest(judged, embed),
        "findings": sections.finding_sections(confirmed, rows, embed),
        "curves": sections.learning_curves(confirmed[HEADLINE.name], styles, embed),
        "explored": sections.explored(run, styles, embed),
        "confusions": {p.name: sections.confusions(confirmed[p.name], embed) for p in judging()},
        "protocols": run.study["protocols"],
        "card": sections.protocol_matrix(run.study["protocols"]),
        "design": run.study.get("design", []),
        "results": [vars(check) for check in results_card(run, judged)],
        "leakage": sections.leakage(confirmed, run.arms, embed),
        "inflation": inflated.dropna(how="all", subset=["inflation", "total_change"]).to_dict("records"),
        "others": others,
        "pictures": data_section(run, embed),
        "kernels": sections.kernels(run, embed),
        "architectures": sections.architectures(run),
        "printed_curves": sections.printed_curves(confirmed[PUBLISHED.name], styles, embed),
        "contradictions": document.contradictions if document else (),
        "tested": {row.id for row in rows},
        "references": references(str(run.study["data"].get("corpus", ""))),
        "costs": sections.costs(run, confirmed[HEADLINE.name], styles, embed),
        "provenance": provenance(run.study["provenance"]),
        "tables": TABLES,
    }


def tally(rows: Sequence[FindingRow]) -> dict[str, list[tuple[str, int]]]:
    """For each protocol how many findings have each word, in the order of the words; words of none are left out."""
    counts: dict[str, list[tuple[str, int]]] = {}
    for protocol in judging():
        words = [row.words[protocol.name][0] for row in rows if protocol.name in row.words]
        counts[protocol.name] = [(word, words.count(word)) for word in WORDS if word in words]
    return counts


def provenance(found: dict[str, Any]) -> dict[str, Any]:
    """The origin of a run: simple values, versions, and earlier launches apart."""
    simple = {k: v for k, v in found.items() if not isinstance(v, dict | list)}
    return {"simple": simple, "versions": found.get("versions", {}), "launches": found.get("launches", [])}
