"""All findings of all documents with their verdicts: the matrix behind the terminal's table, as a page, as Markdown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from analysis import findings
from analysis.findings.register import Document, Finding
from analysis.protocols import judging, protocol_name
from analysis.report.environment import page, source
from analysis.text import DASH, MARKS, measured, slug
from analysis.verdicts.precedence import IN_WORDS
from analysis.verdicts.table import FindingVerdict
from analysis.verdicts.verdict import WORDS, Word, tally

NOT_RUN: Word = "not run"
ELSEWHERE = "on other audio"
"""The column of replications, which are never the verdict of a finding."""


@dataclass(frozen=True)
class Cell:
    """A finding under one protocol: the verdict that counts (`precedence`), and those of other runs, weightiest first.

    Without a verdict where no run has tested the finding under the protocol.
    """

    verdict: FindingVerdict | None = None
    others: tuple[FindingVerdict, ...] = ()

    @property
    def word(self) -> Word:
        """The word of the verdict that counts."""
        return self.verdict.word if self.verdict else NOT_RUN

    @property
    def place(self) -> int:
        """The place of its word among all, by which a table is sorted."""
        return WORDS.index(self.word)

    @property
    def text(self) -> str:
        """The verdict on one line, as a table is taken out of a page."""
        verdict = self.verdict
        label = f" ({verdict.label})" if verdict and verdict.label else ""
        return "; ".join(text for text in (f"{self.word}{label}", measured(verdict) if verdict else "") if text)

    @property
    def parts(self) -> list[str | float | None]:
        """Word, label, effect, limits, unit, n and run, each apart and unrounded; only the word without a verdict."""
        v = self.verdict
        rest = (
            [v.label, v.effect, v.low, v.high, v.unit, v.n, v.origin.run] if v else ["", None, None, None, "", None, ""]
        )
        return [self.word, *rest]


@dataclass(frozen=True)
class Row:
    """One finding, its verdict under each protocol, and those of replications, by corpus and protocol.

    `study` is the name of the study that tests it, "" where none does or that is not known.
    """

    finding: Finding
    document: str
    cells: Mapping[str, Cell]
    elsewhere: Mapping[tuple[str, str], Cell]
    study: str = ""

    @property
    def place(self) -> str:
        """Its id in a page, and the name of its own page: studies of no document may have findings of one id."""
        return slug(self.finding.id if self.finding.document else f"{self.study} {self.finding.id}")

    @property
    def judged(self) -> bool:
        """Whether a run on the document's own corpus has tested the finding."""
        return bool(self.counted)

    @property
    def counted(self) -> list[FindingVerdict]:
        """The verdicts that count on the document's own corpus, the headline first."""
        return [cell.verdict for cell in self.cells.values() if cell.verdict]

    @property
    def runs(self) -> list[str]:
        """The runs that these are of."""
        return list(dict.fromkeys(verdict.origin.run for verdict in self.counted))

    @property
    def corpora(self) -> list[str]:
        """The document's corpus, and those of replications."""
        document = findings.DOCUMENTS.get(self.finding.document)
        return list(dict.fromkeys([*([document.corpus] if document else []), *(on for on, _ in self.elsewhere)]))

    @property
    def badge_kinds(self) -> list[str]:
        """What kinds of badges its verdicts have, without the figures in them."""
        found = [*self.cells.values(), *self.elsewhere.values()]
        return sorted({badge_kind(badge) for cell in found if cell.verdict for badge in cell.verdict.badges})


@dataclass(frozen=True)
class Overview:
    """What a table of findings shows: the rows, how many have each word by protocol, their documents, and the `rule`.

    The rule says which of several runs counts.
    """

    rows: Sequence[Row]
    counts: Mapping[str, Sequence[tuple[Word, int]]]
    documents: Sequence[Document]
    rule: str

    ELSEWHERE: ClassVar[str] = ELSEWHERE

    @property
    def own(self) -> int:
        """How many findings are of no document."""
        return sum(not row.finding.document for row in self.rows)

    @property
    def with_studies(self) -> bool:
        """Whether it is known which findings have a study."""
        return any(row.study for row in self.rows)

    @property
    def elsewhere(self) -> bool:
        """Whether a finding has been replicated on other audio."""
        return any(row.elsewhere for row in self.rows)


def matrix(
    verdicts: Iterable[FindingVerdict], document: str = "", studies: Mapping[str, str] | None = None
) -> list[Row]:
    """One row per finding of the register, or of one document, in its order, from the verdicts of several runs.

    Without a document, findings of studies of no document follow, those that a run has tested.

    `studies` name the study that tests a finding, by its id.
    """
    found: dict[tuple[str, str], dict[tuple[str, str], list[FindingVerdict]]] = {}
    for verdict in sorted(verdicts, key=lambda verdict: verdict.rank, reverse=True):
        cells = found.setdefault((verdict.origin.study, verdict.finding), {})
        cells.setdefault((verdict.origin.elsewhere, verdict.protocol), []).append(verdict)
    wanted = [finding for finding in findings.all() if document in ("", finding.document)]
    rows = [row(each, found.get(("", each.id), {}), (studies or {}).get(each.id, "")) for each in wanted]
    own = [key for key in sorted(found) if key[0] and not document]
    return rows + [row(own_finding(found[key]), found[key], key[0]) for key in own]


def own_finding(found: Mapping[tuple[str, str], Sequence[FindingVerdict]]) -> Finding:
    """The finding of a study of no document, as the run whose verdict counts most has it."""
    first = next(iter(found.values()))[0]
    return Finding(first.finding, "", "", first.kinds, first.statement)


def row(finding: Finding, found: Mapping[tuple[str, str], Sequence[FindingVerdict]], study: str = "") -> Row:
    """The row of a finding from its ranked verdicts by corpus, "" for the document's own, and protocol."""
    places = sorted({place for place, _ in found} - {""})
    return Row(
        finding,
        findings.DOCUMENTS[finding.document].authors if finding.document else "of one's own",
        {p.name: cell(found.get(("", p.name), [])) for p in judging()},
        {key: cell(found[key]) for place in places for p in judging() if (key := (place, p.name)) in found},
        study,
    )


def cell(ranked: Sequence[FindingVerdict]) -> Cell:
    return Cell(ranked[0], tuple(ranked[1:])) if ranked else Cell()


def badge_kind(badge: str) -> str:
    """What a badge says without its figures: those of seeds that collapsed, for instance, are of one kind."""
    return "seeds collapsed" if badge.endswith(" collapsed") else badge.partition(":")[0]


def overview_of(rows: Sequence[Row]) -> Overview:
    """The rows that were run come first; each of the two parts keeps its order."""
    counts = {p.title: tally([row.cells[p.name].word for row in rows]) for p in judging()}
    documents = [d for d in findings.DOCUMENTS.values() if any(r.finding.document == d.name for r in rows)]
    shown = sorted(rows, key=lambda row: not (row.judged or row.elsewhere))
    return Overview(shown, counts, documents, IN_WORDS)


def render_overview(rows: Sequence[Row]) -> str:
    return page("overview.html", (source("tables.js"),), overview=overview_of(rows))


def verdict_markdown(rows: Iterable[Row]) -> str:
    """The rows of a matrix as a small Markdown table, one line per finding, with its study where studies are known."""
    rows = list(rows)
    named_studies, moved = (any(getattr(row, name) for row in rows) for name in ("study", "elsewhere"))
    heads = ["finding", *(["study"] if named_studies else []), "claim", *(protocol.title for protocol in judging())]
    heads += ["n", "run", *([ELSEWHERE] if moved else [])]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        cells = list(row.cells.values())
        counted = [cell.verdict for cell in cells if cell.verdict]
        ns = dict.fromkeys(str(verdict.n) for verdict in counted if verdict.n)
        runs = dict.fromkeys(verdict.origin.run for verdict in counted)
        texts = [row.finding.id, *([row.study] if named_studies else []), row.finding.statement]
        texts += [*map(in_words, cells), ", ".join(ns), ", ".join(runs), *([replicated(row)] if moved else [])]
        lines.append(f"| {' | '.join(escaped(text) or DASH for text in texts)} |")
    return "\n".join(lines) + "\n"


def replication_markdown(rows: Iterable[Row]) -> str:
    """The replications in a matrix as a small Markdown table, one line per finding and corpus."""
    heads = ["finding", "claim", "on", *(protocol.title for protocol in judging()), "n", "run"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        for place in dict.fromkeys(place for place, _ in row.elsewhere):
            cells = [row.elsewhere.get((place, protocol.name), Cell()) for protocol in judging()]
            counted = [cell.verdict for cell in cells if cell.verdict]
            ns, runs = (", ".join(dict.fromkeys(each)) for each in zip(*map(named, counted), strict=True))
            texts = [row.finding.id, row.finding.statement, place, *map(in_words, cells), ns, runs]
            lines.append(f"| {' | '.join(escaped(text) or DASH for text in texts)} |")
    return "\n".join(lines) + "\n"


def named(verdict: FindingVerdict) -> tuple[str, str]:
    """How many repetitions a verdict has, and its run."""
    return str(verdict.n), verdict.origin.run


def replicated(row: Row, protocol: str = "") -> str:
    """The verdicts of replications of a finding, under one protocol or all, with the corpus of each on one line."""
    shown = {key: cell for key, cell in row.elsewhere.items() if protocol in ("", key[1])}
    return "; ".join(
        f"on {place}{'' if protocol else f', {protocol_name(name)}'}: {in_words(cell)}; {origin(cell)}"
        for (place, name), cell in shown.items()
    )


def origin(cell: Cell) -> str:
    """How many repetitions the verdict of a cell has, and its run."""
    return f"n = {cell.verdict.n}, {cell.verdict.origin.run}" if cell.verdict else ""


def in_words(cell: Cell) -> str:
    """A verdict with its mark, label, effect and badges on one line."""
    verdict = cell.verdict
    if verdict is None:
        return f"{MARKS[NOT_RUN]} {NOT_RUN}"
    word = f"{MARKS[verdict.word]} {verdict.word}" + (f" ({verdict.label})" if verdict.label else "")
    return "; ".join(text for text in (word, measured(verdict), *verdict.badges) if text)


def escaped(value: str) -> str:
    """A text that cannot break a Markdown table."""
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
