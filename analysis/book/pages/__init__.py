"""The kinds of pages of a book, a module each, which are found by themselves.

A module has `of_run`, which makes files of the results of one run while they are at hand, or `of_book`, which makes
them of what is kept of all runs, or both.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from analysis.book.book import Book, File
from analysis.results import Results

KINDS = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]


def of_run(results: Results) -> Iterator[File]:
    for kind in KINDS:
        if hasattr(kind, "of_run"):
            yield from kind.of_run(results)


def of_book(book: Book) -> Iterator[File]:
    for kind in KINDS:
        if hasattr(kind, "of_book"):
            yield from kind.of_book(book)
