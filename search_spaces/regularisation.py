"""Dimensions of regularisation: dropout by its places, and batch normalisation."""

from search_spaces.space import choices_of, interval_of

dropout = interval_of("dropout", 0.0, 0.5, log=False)
"""The share of values that dropout sets to zero in front of the output."""

dropout_level = choices_of("dropout", 0.0, 0.1, 0.25, 0.5, 0.7, 0.9)
"""The same, of a few levels; without choices those of S0-S9."""

front_dropout = choices_of("front_dropout", 0.0, 0.05, 0.1, 0.15, 0.2)
"""Dropout on the input, as noise; without choices the levels of S2-F10."""

conv_dropout = interval_of("conv_dropout", 0.0, 0.5, log=False)
"""Dropout after the pooling of convolutional stages (S2-F8, S2-F9)."""

conv_dropout_stages = choices_of("conv_dropout_stages", "", "1")
"""The numbers of the stages that have it, such as "1" or "1-2"; "" for all."""

batch_norm = choices_of("batch_norm", True, False)
"""Whether convolutions are followed by batch normalisation (S2-F12)."""

head_batch_norm = choices_of("head_batch_norm", False, True)
"""Whether hidden layers of the head are (S2-S8)."""
