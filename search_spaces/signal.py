"""Dimensions of segments and front ends."""

from search_spaces.space import Space, choice


def seconds(*choices: float) -> Space:
    """The length of a segment, in seconds."""
    return choice("seconds", choices)


def frame(*choices: int) -> Space:
    """The frame of the short-time Fourier transform, in samples."""
    return choice("frame", choices)


def hop(*choices: int) -> Space:
    """The step from frame to frame, in samples."""
    return choice("hop", choices)


def bands(*choices: int) -> Space:
    """The number of mel bands."""
    return choice("bands", choices)


def coefficients(*choices: int) -> Space:
    """The number of mel-frequency cepstral coefficients."""
    return choice("coefficients", choices)
