"""Dimensions of what a network is made of: its depth, width, branches, poolings, activations and head."""

from search_spaces.space import Space, choice


def depth(*choices: int) -> Space:
    """The number of blocks of a path; without choices those of S1-F3."""
    return choice("depth", choices or (2, 4, 6))


def width(*choices: float) -> Space:
    """The channels that all widths of a network are multiples of."""
    return choice("width", choices or (16, 32, 64))


def widths(*names: str) -> Space:
    """The channels of each stage, such as "128-256"; without names the depths of S2-F52."""
    return choice("widths", names or ("128-128", "128-128-256", "128-128-256-256-512", "128-128-128-256-256-256-512"))


def strided_widths(*names: str) -> Space:
    """The channels of convolutions in place of pooling (S2-F14, S2-F15); "" for those of their stage."""
    return choice("strided_widths", names or ("", "128-128-256-256-1024", "256-256-256-256-512"))


def widening(*choices: float) -> Space:
    """How many times wider a network is than printed; without choices the factors of S1-A4."""
    return choice("widening", choices or (1.0, 1.5, 2.0))


def hidden(*choices: int) -> Space:
    """Units of a hidden layer; 0 for none (S0-A1)."""
    return choice("hidden", choices or (0, 256))


def dimensions(*choices: int) -> Space:
    """Convolutions over time alone, or over bands and time (S2-F5)."""
    return choice("dimensions", choices or (1, 2))


def fusion(*names: str) -> Space:
    """A path for each spectrogram, or one for all (S1-F13)."""
    return choice("fusion", names or ("late", "early"))


def stem(*names: str) -> Space:
    """What precedes the blocks of a residual network (S0-A3)."""
    return choice("stem", names or ("standard", "stride_1"))


def pooling(*names: str) -> Space:
    """What shortens the maps; without names maximum, average and strided convolution (S2-F13, S2-F34)."""
    return choice("pooling", names or ("max", "average", "stride"))


def pools(*names: str) -> Space:
    """The windows of pooling; without names those of S2-F54."""
    return choice("pools", names or ("2", "3", "4", "8"))


def strided_padding(*names: str) -> Space:
    """Whether convolutions in place of pooling are padded (S2-F19)."""
    return choice("strided_padding", names or ("same", "valid"))


def order(*names: str) -> Space:
    """The order of the steps of a stage; without names what papers advise, and two others (S2-F43)."""
    advised = "convolution-norm-activation-pool-dropout"
    others = ("convolution-activation-norm-pool-dropout", "dropout-convolution-norm-activation-pool")
    return choice("order", names or (advised, *others))


def activation(*names: str) -> Space:
    """The activation; without names those of S2-F30."""
    return choice("activation", names or ("relu", "leaky_relu", "prelu"))


def head(*names: str) -> Space:
    """Linear layers, global pooling, or one after the other (S2-F1, S2-F32)."""
    return choice("head", names or ("fc", "gap", "gap_fc"))


def head_widths(*names: str) -> Space:
    """The hidden layers of the head, such as "256"; "" for none."""
    return choice("head_widths", names or ("", "128", "256"))


def global_pooling(*names: str) -> Space:
    """What global pooling takes of a map (S2-F33)."""
    return choice("global_pooling", names or ("average", "max"))
