"""A page per document, in its own order: each study with its findings and the document's figures drawn of its run."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis import findings
from analysis.book.book import Book, BookRun, Declared, File
from analysis.book.leaf import leaf
from analysis.findings.register import Document
from analysis.report.embed import Embedded
from analysis.report.overview import Overview, Row, overview_of
from analysis.report.sections.document import DocumentFigure


@dataclass(frozen=True)
class Chapter:
    """A study of the document: its findings, and of its weightiest run, if there is one, the document's figures.

    `others` are its further runs. Figures that an earlier chapter shows are left out.
    """

    study: Declared
    rows: Sequence[Row]
    run: BookRun | None
    others: Sequence[BookRun]
    figures: Sequence[DocumentFigure]


@dataclass(frozen=True)
class DocumentPage:
    """What the page of a document shows; `rest` are the findings that no study tests."""

    document: Document
    overview: Overview
    chapters: Sequence[Chapter]
    rest: Sequence[Row]


def of_book(book: Book) -> Iterator[File]:
    for document in findings.DOCUMENTS.values():
        shown = document_page(book, document)
        place = f"documents/{document.name}.html"
        yield leaf(place, "document.html", page=shown, overview=shown.overview)


def document_page(book: Book, document: Document) -> DocumentPage:
    rows = [row for row in book.rows if row.finding.document == document.name]
    seen: set[str] = set()
    studies = [study for study in book.studies if study.document == document.name]
    chapters = [
        chapter(book, study, rows, seen) for study in sorted(studies, key=lambda study: first_line(study, rows))
    ]
    return DocumentPage(document, overview_of(rows), chapters, [row for row in rows if not row.study])


def chapter(book: Book, study: Declared, rows: Sequence[Row], seen: set[str]) -> Chapter:
    runs = book.runs_of(study.name)
    run = runs[0] if runs else None
    drawn = run.figures.printed if run and run.figures else ()
    mine = [row for row in rows if row.study == study.name]
    return Chapter(study, mine, run, runs[1:], [figure for figure in drawn if new(figure, seen)])


def new(figure: DocumentFigure, seen: set[str]) -> bool:
    """Whether no earlier chapter shows the same figure of the same numbers; it is remembered."""
    content = "".join(str(part.json) if isinstance(part, Embedded) else repr(part) for part in figure.parts)
    known = f"{figure.declared.id} {content}" in seen
    seen.add(f"{figure.declared.id} {content}")
    return not known


def first_line(study: Declared, rows: Sequence[Row]) -> int:
    """The first line of the document that states one of a study's findings."""
    stated = [row.finding.lines for row in rows if row.finding.id in study.findings]
    return min((int(number) for lines in stated for number in re.findall(r"\d+", lines)[:1]), default=0)
