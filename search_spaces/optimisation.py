"""Dimensions of the optimiser."""

from search_spaces.space import Space, choice, interval


def learning_rate(low: float = 1e-4, high: float = 1e-2) -> Space:
    """The learning rate, evenly in its logarithm."""
    return interval("learning_rate", low, high, log=True)


def batch_size(*choices: int) -> Space:
    """Segments per step."""
    return choice("batch_size", choices)


def weight_decay(low: float = 1e-6, high: float = 1e-2) -> Space:
    """The weight decay, evenly in its logarithm."""
    return interval("weight_decay", low, high, log=True)


def optimiser(*names: str) -> Space:
    """The optimiser, such as "adam" or "sgd"."""
    return choice("optimiser", names)


def momentum(*choices: float) -> Space:
    """The momentum of SGD."""
    return choice("momentum", choices)
