"""The files of a book, one after another: the pages of each run while it is read, then those that need all of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.book import pages
from analysis.book.book import Book, BookRun, Declared, File
from analysis.book.leaf import assets
from analysis.report.embed import embedder
from analysis.results import Results
from analysis.runs import Run, understood


def files(runs: Sequence[Path], studies: Sequence[Declared]) -> Iterator[File]:
    """Every file of the book over these finished runs, and over all findings, whether they were run or not.

    One run is held at a time. Raises RunError for a run that is not finished or cannot be read.
    """
    yield from assets()
    found: list[BookRun] = []
    for path in runs:
        with understood(path):
            results = Results.of(Run.load(path, finished=True))
            # Figures of several runs stand on one page, by ids that differ.
            embed = embedder(results.origin, f"run-{len(found) + 1}-figure", f"runs/{path.name}/")
            found.append(BookRun.of(results, embed))
            yield from pages.of_run(results)
    yield from pages.of_book(Book(found, studies))
