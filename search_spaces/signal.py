"""Dimensions of segments and front ends."""

from search_spaces.space import Space, choice, choices_of, joined, parts_of, where

SECONDS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 3.0)
"""The segment lengths of S0-S4."""
HOP_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
"""The hops of S2-F21, as shares of the frame."""

seconds = choices_of("seconds", *SECONDS)
"""The length of a segment, in seconds; without choices those of S0-S4."""


def segment_length(*choices: float) -> Space:
    """Windows of one of these lengths, in seconds, or the whole clip; without choices those of S0-S4."""
    lengths = choices or SECONDS[:-1]
    return joined(choice("segmentation", ("windows", "whole")), where(seconds(*lengths), segmentation="windows"))


segment_hop = choices_of("segment_hop", 0.0, 0.15)
"""The step from window to window, in seconds; 0 for windows one after another."""

count = choices_of("count", 1, 10)
"""The number of equal parts that a clip is cut into; without choices those of S2-F22."""

frame = choices_of("frame", 256, 512, 1024, 2048, 4096)
"""The frame of the short-time Fourier transform, in samples; without choices those of S2-F20."""

hop = choices_of("hop", *parts_of(1024, HOP_SHARES))
"""The step from frame to frame, in samples; without choices the hops of S2-F21 at a frame of 1,024."""


def frame_and_hop(frames: tuple[int, ...] = (256, 512, 1024), shares: tuple[float, ...] = HOP_SHARES) -> Space:
    """Frames, and hops that are one of these shares of their frame; without arguments those of S2-F21.

    With one share, frames are compared at the same overlap.
    """
    hops = {length for each in frames for length in parts_of(each, shares)}
    space = joined(frame(*frames), choice("hop", sorted(hops)))
    return Space(space.dimensions, shares={"hop": ("frame", shares)})


bands = choices_of("bands", 64, 128)
"""The number of mel bands; without choices those of S4-S3."""

coefficients = choices_of("coefficients", 13, 20, 30, 40, 64, 128)
"""The number of mel-frequency cepstral coefficients; without choices those of S0-S3."""

target_rate = choices_of("target_rate", 2000, 4000, 8000, 16_000)
"""The sampling rate, in Hz, that segments are resampled to (0: none); without choices those of S3-F12."""

amplitude = choices_of("amplitude", "decibels", "magnitude", "power")
"""What a spectrogram's values are; without names logarithmic and not (S2-S3)."""

normalise = choices_of("normalise", "clip", "frame", "none")
"""The part of a spectrogram that is normalised by itself: clip, frame or none (S4-S3)."""

windows = choices_of("windows", "512", "2048", "8192", "512-2048-8192")
"""The windows of several spectrograms, such as "512-2048"; without names each of S1-A1 and all of them."""

scales = choices_of("scales", "linear", "mel", "log", "linear-mel-log")
"""Their frequency scales, such as "mel" or "linear-mel"; without names each of S1-A1 and all of them."""
