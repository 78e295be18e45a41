"""The first page: all findings, the documents, and the runs that the verdicts rest on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis import findings
from analysis.book.book import Book, BookRun, File
from analysis.book.leaf import leaf
from analysis.findings.register import Document
from analysis.report.overview import Overview, Row, overview_of
from analysis.verdicts.verdict import Word, tally


@dataclass(frozen=True)
class Standing:
    """A document with how many findings it has, and how many have which word under the headline protocol."""

    document: Document
    findings: int
    words: Sequence[tuple[Word, int]]
    runs: int


@dataclass(frozen=True)
class Index:
    """What the first page shows."""

    overview: Overview
    documents: Sequence[Standing]
    runs: Sequence[BookRun]


def of_book(book: Book) -> Iterator[File]:
    documents = [standing(book, document) for document in findings.DOCUMENTS.values()]
    shown = Index(overview_of(book.rows), documents, book.runs)
    yield leaf("index.html", "index.html", index=shown, overview=shown.overview)


def standing(book: Book, document: Document) -> Standing:
    rows = [row for row in book.rows if row.finding.document == document.name]
    runs = [run for run in book.runs if run.study["study"].get("document") == document.name]
    return Standing(document, len(rows), tally([headline(row) for row in rows]), len(runs))


def headline(row: Row) -> Word:
    return next(iter(row.cells.values())).word
