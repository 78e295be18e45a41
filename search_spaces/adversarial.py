"""Dimensions of a generator and a discriminator against each other, and the remedies of S0-F32.

Dropout of the discriminator is `regularisation.dropout`, the first moment of Adam `optimisation.beta1`.
"""

from search_spaces.space import choices_of, interval_of

discriminator_learning_rate = interval_of("discriminator_learning_rate", 1e-5, 1e-3, log=True)
"""The learning rate of the discriminator, evenly in its logarithm."""

label_smoothing = interval_of("label_smoothing", 0.0, 0.3, log=False)
"""How far below 1 the discriminator's target of recordings lies."""

spectral_norm = choices_of("spectral_norm", False, True)
"""Whether the discriminator's convolutions are divided by their spectral norm."""

discriminator_activation = choices_of("discriminator_activation", "selu", "leaky_relu")
"""The discriminator's activation; without names those of S0-F30."""

latent = choices_of("latent", 50, 100, 200)
"""The number of random inputs of the generator."""
