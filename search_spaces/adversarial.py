"""Dimensions of a generator and a discriminator against each other, and the remedies of S0-F32.

Dropout of the discriminator is `regularisation.dropout`, the first moment of Adam `optimisation.beta1`.
"""

from search_spaces.space import Space, choice, interval


def discriminator_learning_rate(low: float = 1e-5, high: float = 1e-3) -> Space:
    """The learning rate of the discriminator, evenly in its logarithm."""
    return interval("discriminator_learning_rate", low, high, log=True)


def label_smoothing(low: float = 0.0, high: float = 0.3) -> Space:
    """How far below 1 the discriminator's target of recordings lies."""
    return interval("label_smoothing", low, high, log=False)


def spectral_norm(*choices: bool) -> Space:
    """Whether the discriminator's convolutions are divided by their spectral norm."""
    return choice("spectral_norm", choices or (False, True))


def discriminator_activation(*names: str) -> Space:
    """The discriminator's activation; without names those of S0-F30."""
    return choice("discriminator_activation", names or ("selu", "leaky_relu"))


def latent(*choices: int) -> Space:
    """The number of random inputs of the generator."""
    return choice("latent", choices or (50, 100, 200))
