"""The errors of reading and judging a run, each one sentence for the user."""

from collections.abc import Iterable
from difflib import get_close_matches


class RunError(Exception):
    """One sentence for the user: what is wrong with a run, a claim or a name, and how to mend it."""


class NotRun(Exception):
    """The run holds nothing to judge a claim by: the sentence says what is missing."""


class Untestable(Exception):
    """The claim cannot be judged from what is at hand: the sentence says why."""


def unknown(kind: str, name: str, known: Iterable[str]) -> RunError:
    """Say that `name` is no known `kind`, and name the nearest one."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(names) or 'none'}."
    return RunError(f"Unknown {kind} '{name}': {hint}")
