"""étude from Python, and the names that a study's own file needs.

This folder is the package `etude`. In a wheel the four folders lie inside it, and their imports are rewritten as it is
built (see `building`), so that nothing meets a user's own `analysis.py` or `studies`; in a checkout the same names are
other names of the folders. Either way a file of one's own imports `etude.analysis.claims`, or `etude.claims` for short.

Importing it imports nothing else: torch and Ray come with what trains.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.loaded import Loaded
    from studies.commands.as_json import StudyPlan
    from studies.study import Arm, Study, arm, varied

OF_STUDIES = ("Arm", "Study", "arm", "varied")
__all__ = ["Arm", "Study", "arm", "load", "plan", "run", "varied"]

if not find_spec(f"{__name__}.studies"):
    from .aliases import Aliases

    sys.meta_path.insert(0, Aliases())


def load(path: Path | str) -> "Loaded":
    """A run as tables of pandas (`trials`, `epochs`, `predictions`), `verdicts`, and `figures` of plotly.

    Needs neither torch nor Ray. Raises `etude.analysis.errors.RunError` where there is no readable run.
    """
    from analysis.loaded import Loaded  # noqa: PLC0415

    return Loaded.of(path)


def run(studies: str | Sequence[str], **options: Any) -> list["Loaded"]:
    """Run studies to their ends, with the options of `etude run`: `run("yun_bi/units", scale="smoke", rendered=True)`.

    The same call goes on where it was stopped. Raises `etude.trainables.errors.UserError` where the command would say a
    sentence and end.
    """
    from studies.commands.home import usual  # noqa: PLC0415
    from studies.commands.run import run as carry_out  # noqa: PLC0415
    from trainables.extensions import load_packages  # noqa: PLC0415

    load_packages()
    return [load(path) for path in carry_out(as_list(studies), **{"home": usual(), **options})]


def plan(studies: str | Sequence[str], **options: Any) -> Sequence["StudyPlan"]:
    """What studies would cost and could detect, with the options of `etude plan`: what its `--json` prints, as objects.

    Prints nothing. Raises `etude.trainables.errors.UserError` where the command would say a sentence and end.
    """
    from studies.commands.home import usual  # noqa: PLC0415
    from studies.commands.plan import plan as planned  # noqa: PLC0415
    from studies.console import CONSOLE  # noqa: PLC0415
    from trainables.extensions import load_packages  # noqa: PLC0415

    load_packages()
    CONSOLE.quiet = True
    try:
        return planned(as_list(studies), **{"home": usual(), **options, "json": True})
    finally:
        CONSOLE.quiet = False


def as_list(studies: str | Sequence[str]) -> list[str]:
    return [studies] if isinstance(studies, str) else list(studies)


def __getattr__(name: str) -> Any:
    """A name of `studies.study`, which takes a second to import."""
    if name not in OF_STUDIES:
        raise AttributeError(f"module 'etude' has no attribute '{name}'")
    from studies import study  # noqa: PLC0415

    return getattr(study, name)
