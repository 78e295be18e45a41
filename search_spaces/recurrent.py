"""Dimensions of recurrent networks."""

from search_spaces.space import Space, choice


def units(*names: str) -> Space:
    """The widths of the layers, such as "128" or "128-64"; without names those of S4."""
    return choice("units", names or ("64", "128", "128-64", "128-128"))


def cell(*names: str) -> Space:
    """LSTM or GRU (S2-F26)."""
    return choice("cell", names or ("lstm", "gru"))


def read_out(*names: str) -> Space:
    """Whether all outputs are used or the last alone (S2-F25)."""
    return choice("read_out", names or ("all", "last"))


def recurrent_first(*choices: bool) -> Space:
    """Whether recurrent layers come before the convolutions (S2-F24)."""
    return choice("recurrent_first", choices or (False, True))


def training(*names: str) -> Space:
    """Whether states end with their segment or go on into the next one of the same clip (S2-F53)."""
    return choice("training", names or ("classification", "stateful"))
