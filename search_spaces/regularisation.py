"""Dimensions of regularisation."""

from search_spaces.space import Space, interval


def dropout(low: float = 0.0, high: float = 0.5) -> Space:
    """The share of values that dropout sets to zero."""
    return interval("dropout", low, high, log=False)
