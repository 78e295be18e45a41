"""The errors that a user can cause."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches


class UserError(Exception):
    """One sentence for the user: what is wrong, where, and how to mend it."""


class InvalidSetting(UserError):
    """A value, or a combination of values, that no trial can run with."""


def unknown(kind: str, name: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> InvalidSetting:
    """Say that `name` is no known `kind`, and name the nearest one, or the one of which it is a synonym."""
    names = sorted(known)
    meant = (synonyms or {}).get(name)
    near = [meant] if meant in names else get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(names) or 'none'}."
    return InvalidSetting(f"Unknown {kind} '{name}': {hint}")
