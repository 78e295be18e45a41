"""Dimensions of regularisation: dropout by its places, and batch normalisation."""

from search_spaces.space import Space, choice, interval


def dropout(low: float = 0.0, high: float = 0.5) -> Space:
    """The share of values that dropout sets to zero in front of the output."""
    return interval("dropout", low, high, log=False)


def dropout_level(*choices: float) -> Space:
    """The same, of a few levels; without choices those of S0-S9."""
    return choice("dropout", choices or (0.0, 0.1, 0.25, 0.5, 0.7, 0.9))


def front_dropout(*choices: float) -> Space:
    """Dropout on the input, as noise; without choices the levels of S2-F10."""
    return choice("front_dropout", choices or (0.0, 0.05, 0.1, 0.15, 0.2))


def conv_dropout(low: float = 0.0, high: float = 0.5) -> Space:
    """Dropout after the pooling of convolutional stages (S2-F8, S2-F9)."""
    return interval("conv_dropout", low, high, log=False)


def conv_dropout_stages(*names: str) -> Space:
    """The numbers of the stages that have it, such as "1" or "1-2"; "" for all."""
    return choice("conv_dropout_stages", names or ("", "1"))


def batch_norm(*choices: bool) -> Space:
    """Whether convolutions are followed by batch normalisation (S2-F12)."""
    return choice("batch_norm", choices or (True, False))


def head_batch_norm(*choices: bool) -> Space:
    """Whether hidden layers of the head are (S2-S8)."""
    return choice("head_batch_norm", choices or (False, True))
