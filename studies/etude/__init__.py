"""étude from Python, and the names that a study's own file needs.

This folder is the package `etude`. In a wheel the four folders lie inside it, and their imports are rewritten as it is
built (see `building`), so that nothing meets a user's own `analysis.py` or `studies`; in a checkout the same names are
other names of the folders. Either way a file of one's own imports `etude.analysis.claims`, or `etude.claims` for short.

Importing it imports nothing else: torch and Ray come with what trains.
"""

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studies.study import Arm, Study, arm, varied

__all__ = ["Arm", "Study", "arm", "varied"]

if not find_spec(f"{__name__}.studies"):
    from .rooms import Rooms

    sys.meta_path.insert(0, Rooms())


def __getattr__(name: str) -> Any:
    """A name of `studies.study`, which takes a second to import."""
    if name not in __all__:
        raise AttributeError(f"module 'etude' has no attribute '{name}'")
    from studies import study  # noqa: PLC0415

    return getattr(study, name)
