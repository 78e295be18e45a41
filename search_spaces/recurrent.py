"""Dimensions of recurrent networks."""

from search_spaces.space import Space, choice


def units(*names: str) -> Space:
    """The widths of the layers, such as "128" or "128-64"."""
    return choice("units", names)
