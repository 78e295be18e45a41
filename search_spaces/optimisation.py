"""Dimensions of the recipe."""

from search_spaces.space import Space, choice, interval


def learning_rate(low: float = 1e-4, high: float = 1e-2) -> Space:
    """The learning rate, evenly in its logarithm."""
    return interval("learning_rate", low, high, log=True)


def second_learning_rate(low: float = 5e-5, high: float = 1e-3) -> Space:
    """The learning rate after the frozen epochs, evenly in its logarithm (S1-F9)."""
    return interval("second_learning_rate", low, high, log=True)


def frozen_epochs(*choices: int) -> Space:
    """Epochs with a frozen backbone; without choices those of S1-F9."""
    return choice("frozen_epochs", choices or (0, 1, 2, 4, 8))


def batch_size(*choices: int) -> Space:
    return choice("batch_size", choices or (16, 32, 64))


def optimiser(*names: str) -> Space:
    """The optimiser; without names Adam and SGD (S2-F27)."""
    return choice("optimiser", names or ("adam", "sgd"))


def momentum(*choices: float) -> Space:
    """The momentum of SGD, which no other optimiser has; without choices the misprint and what was meant (X1)."""
    return choice("momentum", choices or (0.09, 0.9))


def beta1(*choices: float) -> Space:
    """Adam's decay of the mean gradient; without choices that of the DCGAN (S0-S11) and the usual one."""
    return choice("beta1", choices or (0.5, 0.9))


def weight_decay(low: float = 1e-6, high: float = 1e-2) -> Space:
    """The weight decay, evenly in its logarithm."""
    return interval("weight_decay", low, high, log=True)


def schedule(*names: str) -> Space:
    """The schedule of the learning rate."""
    return choice("schedule", names or ("constant", "step", "cosine"))


def decay_epochs(*choices: int) -> Space:
    """Epochs until the learning rate falls, for the schedules "step" and "plateau"."""
    return choice("decay_epochs", choices or (3, 10, 30))


def decay_factor(low: float = 0.1, high: float = 0.5) -> Space:
    """The factor by which the learning rate falls, for the schedules "step" and "plateau"."""
    return interval("decay_factor", low, high, log=False)


def loss(*names: str) -> Space:
    """The loss; without names those of S2-F29."""
    return choice("loss", names or ("log_softmax_nll", "softmax_nll", "double_softmax"))


def class_weights(*names: str) -> Space:
    """Whether classes weigh the same in the loss (B11)."""
    return choice("class_weights", names or ("none", "balanced"))


def initialisation(*names: str) -> Space:
    """The distribution of initial weights; without names those of S2-F31."""
    return choice("initialisation", names or ("xavier", "zero"))
