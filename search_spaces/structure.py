"""Dimensions of what a network is made of: its depth, width, branches, poolings, activations and head."""

from search_spaces.space import Choice, choices_of

depth = choices_of("depth", 2, 4, 6)
"""The number of blocks of a path; without choices those of S1-F3."""

width: Choice[float] = choices_of("width", 16, 32, 64)
"""The channels that all widths of a network are multiples of."""

widths = choices_of("widths", "128-128", "128-128-256", "128-128-256-256-512", "128-128-128-256-256-256-512")
"""The channels of each stage, such as "128-256"; without names the depths of S2-F52."""

strided_widths = choices_of("strided_widths", "", "128-128-256-256-1024", "256-256-256-256-512")
"""The channels of convolutions in place of pooling (S2-F14, S2-F15); "" for those of their stage."""

widening = choices_of("widening", 1.0, 1.5, 2.0)
"""How many times wider a network is than printed; without choices the factors of S1-A4."""

hidden = choices_of("hidden", 0, 256)
"""Units of a hidden layer; 0 for none (S0-A1)."""

dimensions = choices_of("dimensions", 1, 2)
"""Convolutions over time alone, or over bands and time (S2-F5)."""

fusion = choices_of("fusion", "late", "early")
"""A path for each spectrogram, or one for all (S1-F13)."""

stem = choices_of("stem", "standard", "stride_1")
"""What precedes the blocks of a residual network (S0-A3)."""

pooling = choices_of("pooling", "max", "average", "stride")
"""What shortens the maps; without names maximum, average and strided convolution (S2-F13, S2-F34)."""

pools = choices_of("pools", "2", "3", "4", "8")
"""The windows of pooling; without names those of S2-F54."""

strided_padding = choices_of("strided_padding", "same", "valid")
"""Whether convolutions in place of pooling are padded (S2-F19)."""

order = choices_of(
    "order",
    "convolution-norm-activation-pool-dropout",
    "convolution-activation-norm-pool-dropout",
    "dropout-convolution-norm-activation-pool",
)
"""The order of the steps of a stage; without names what papers advise, and two others (S2-F43)."""

activation = choices_of("activation", "relu", "leaky_relu", "prelu")
"""The activation; without names those of S2-F30."""

head = choices_of("head", "fc", "gap", "gap_fc")
"""Linear layers, global pooling, or one after the other (S2-F1, S2-F32)."""

head_widths = choices_of("head_widths", "", "128", "256")
"""The hidden layers of the head, such as "256"; "" for none."""

global_pooling = choices_of("global_pooling", "average", "max")
"""What global pooling takes of a map (S2-F33)."""
