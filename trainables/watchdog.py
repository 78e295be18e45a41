"""A watchdog that ends a process which hangs."""

import faulthandler
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median

SLOWER = 20
"""So many times the median of a trial's finished epochs is no slow epoch any more."""
AT_LEAST = 300.0
"""In seconds: what a busy machine may make of any epoch."""


def patience(finished: Sequence[float], most: float) -> float:
    """The seconds after which an epoch is taken to hang, at most `most`, given those of its trial's finished ones."""
    return min(most, max(AT_LEAST, SLOWER * median(finished))) if finished else most


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """End this process if the body takes longer, wherever it hangs; a worker that ends is replaced."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
