"""A watchdog that ends a process which hangs."""

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """End this process if the body takes longer, wherever it hangs; a worker that ends is replaced."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
