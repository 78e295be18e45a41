"""The log of a run, log.txt in its directory: what was printed, warnings, and the tracebacks of errors."""

import logging
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

LOG = logging.getLogger("etude")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False
LOG.setLevel(logging.INFO)
FILE = "log.txt"
FORM = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
FORM.converter = time.gmtime


@contextmanager
def logged(directories: Iterable[Path], opening: str) -> Iterator[None]:
    """Keep a log in each directory, with a line that opens it, beside what earlier launches have written there."""
    handlers = [handler(directory) for directory in directories]
    shown = warnings.showwarning

    def kept(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        LOG.warning(warnings.formatwarning(message, category, filename, lineno, line).strip())
        shown(message, category, filename, lineno, file, line)

    try:
        warnings.showwarning = kept
        LOG.info(opening)
        yield
    except BaseException:
        LOG.exception("Stopped.")
        raise
    finally:
        warnings.showwarning = shown
        for each in handlers:
            LOG.removeHandler(each)
            each.close()


def handler(directory: Path) -> logging.Handler:
    """A handler of this logger that appends to the log in a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    made = logging.FileHandler(directory / FILE, encoding="utf-8")
    made.setFormatter(FORM)
    LOG.addHandler(made)
    return made
