"""A dimension that is added."""

from search_spaces.space import Space, choice


def own_rate() -> Space:
    """The learning rate, one of two."""
    return choice("learning_rate", (0.01, 0.03))
