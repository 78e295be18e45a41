"""The book: a folder of pages about all findings, documents and runs, which opens from a file."""

from analysis.book.book import Book, BookRun, Declared, File
from analysis.book.write import files

__all__ = ["Book", "BookRun", "Declared", "File", "files"]
