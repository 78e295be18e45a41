"""A page per finding: what the document says, and what each run that tested it found."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis import findings
from analysis.book.book import Book, Declared, File
from analysis.book.leaf import leaf
from analysis.findings.register import Document
from analysis.report.overview import Row


@dataclass(frozen=True)
class FindingPage:
    """What the page shows; document and study are None where there is none, and for a study that is not registered."""

    row: Row
    document: Document | None
    study: Declared | None


def of_book(book: Book) -> Iterator[File]:
    studies = {study.name: study for study in book.studies}
    for row in book.rows:
        document = findings.DOCUMENTS.get(row.finding.document)
        shown = FindingPage(row, document, studies.get(row.study))
        yield leaf(f"findings/{row.place}.html", "finding.html", page=shown)
