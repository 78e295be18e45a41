"""Dimensions of augmentation."""

from collections.abc import Callable

from search_spaces.space import Space, choice, interval, joined, where

CHAINS = ("", "time_stretch", "pitch_shift", "noise", "volume")
"""What S1-F10 compares."""


def augmentation(*chains: str) -> Space:
    """What training clips undergo, such as "noise+volume", or "" for nothing; without chains those of S1-F10."""
    return choice("augmentation", chains or CHAINS)


def augmented(*chains: str) -> Space:
    """The same with the strength of each augmentation, drawn where a chain has it."""
    chains = chains or CHAINS
    having = {name: tuple(chain for chain in chains if name in chain.split("+")) for name in STRENGTHS}
    strengths = [where(STRENGTHS[name](), augmentation=with_it) for name, with_it in having.items() if with_it]
    return joined(augmentation(*chains), *strengths)


def snr_low(low: float = 0.0, high: float = 30.0) -> Space:
    """The least signal-to-noise ratio, in dB."""
    return interval("snr_low", low, high, log=False)


def gain_db(low: float = 1.0, high: float = 12.0) -> Space:
    """The largest change of level either way, in dB."""
    return interval("gain_db", low, high, log=False)


def stretch_high(low: float = 1.05, high: float = 1.5) -> Space:
    """How many times as fast a clip is played at most."""
    return interval("stretch_high", low, high, log=False)


def semitones(low: float = 0.5, high: float = 4.0) -> Space:
    """The largest change of pitch either way, in semitones."""
    return interval("semitones", low, high, log=False)


def roll_seconds(low: float = 0.05, high: float = 0.5) -> Space:
    """The largest shift either way, in seconds."""
    return interval("roll_seconds", low, high, log=False)


def silence_share(low: float = 0.01, high: float = 0.2) -> Space:
    """The chance that a clip is emptied."""
    return interval("silence_share", low, high, log=False)


def most_mixed(*choices: int) -> Space:
    """The largest number of clips that are mixed (S1-S6)."""
    return choice("most_mixed", choices or (2, 3))


STRENGTHS: dict[str, Callable[[], Space]] = {
    "noise": snr_low,
    "volume": gain_db,
    "time_stretch": stretch_high,
    "pitch_shift": semitones,
    "roll": roll_seconds,
    "silence": silence_share,
    "mixing": most_mixed,
}
"""The dimension of the strength of each augmentation."""
