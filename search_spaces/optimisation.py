"""Dimensions of the recipe."""

from search_spaces.space import choices_of, interval_of

learning_rate = interval_of("learning_rate", 1e-4, 1e-2, log=True)
"""The learning rate, evenly in its logarithm."""

second_learning_rate = interval_of("second_learning_rate", 5e-5, 1e-3, log=True)
"""The learning rate after the frozen epochs, evenly in its logarithm (S1-F9)."""

frozen_epochs = choices_of("frozen_epochs", 0, 1, 2, 4, 8)
"""Epochs with a frozen backbone; without choices those of S1-F9."""

batch_size = choices_of("batch_size", 16, 32, 64)

optimiser = choices_of("optimiser", "adam", "sgd")
"""The optimiser; without names Adam and SGD (S2-F27)."""

momentum = choices_of("momentum", 0.09, 0.9)
"""The momentum of SGD, which no other optimiser has; without choices the misprint and what was meant (X1)."""

beta1 = choices_of("beta1", 0.5, 0.9)
"""Adam's decay of the mean gradient; without choices that of the DCGAN (S0-S11) and the usual one."""

weight_decay = interval_of("weight_decay", 1e-6, 1e-2, log=True)
"""The weight decay, evenly in its logarithm."""

schedule = choices_of("schedule", "constant", "step", "cosine")
"""The schedule of the learning rate."""

decay_epochs = choices_of("decay_epochs", 3, 10, 30)
"""Epochs until the learning rate falls, for the schedules "step" and "plateau"."""

decay_factor = interval_of("decay_factor", 0.1, 0.5, log=False)
"""The factor by which the learning rate falls, for the schedules "step" and "plateau"."""

loss = choices_of("loss", "log_softmax_nll", "softmax_nll", "double_softmax")
"""The loss; without names those of S2-F29."""

class_weights = choices_of("class_weights", "none", "balanced")
"""Whether classes weigh the same in the loss (B11)."""

initialisation = choices_of("initialisation", "xavier", "zero")
"""The distribution of initial weights; without names those of S2-F31."""
