"""The errors that a user can cause."""

import operator
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

BOUNDS = {"above": operator.gt, "at_least": operator.ge, "at_most": operator.le, "below": operator.lt}


class UserError(Exception):
    """One sentence for the user: what is wrong, where, and how to mend it."""


class InvalidSetting(UserError):
    """A value, or a combination of values, that no trial can run with."""


def unknown(
    kind: str, name: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None, otherwise: str = ""
) -> InvalidSetting:
    """Say that `name` is no known `kind`, and name the nearest one, or the one of which it is a synonym.

    Where nothing is near, all are named. The sentence `otherwise` says how there may be another.
    """
    names = sorted(known)
    meant = (synonyms or {}).get(name)
    near = [meant] if meant in names else get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(names) or 'none'}."
    return InvalidSetting(f"Unknown {kind} '{name}': {hint} {otherwise}".strip())


def checked(kind: str, name: str, known: Collection[str]) -> str:
    """`name` if it is known, else InvalidSetting."""
    if name not in known:
        raise unknown(kind, name, known)
    return name


def check_bounds(name: str, value: float, **bounds: float) -> None:
    """Raise InvalidSetting unless a number lies within its bounds (see BOUNDS), which NaN does not."""
    if not all(BOUNDS[kind](value, bound) for kind, bound in bounds.items()):
        words = " and ".join(f"{kind.replace('_', ' ')} {bound}" for kind, bound in bounds.items())
        raise InvalidSetting(f"{name} is {value}: it must be {words}.")
