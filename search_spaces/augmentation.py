"""Dimensions of augmentation."""

from collections.abc import Callable

from search_spaces.space import Space, choices_of, interval_of, joined, where

CHAINS = ("", "time_stretch", "pitch_shift", "noise", "volume")
"""What S1-F10 compares."""

augmentation = choices_of("augmentation", *CHAINS)
"""What training clips undergo, such as "noise+volume", or "" for nothing; without chains those of S1-F10."""


def augmented(*chains: str) -> Space:
    """The same with the strength of each augmentation, drawn where a chain has it."""
    chains = chains or CHAINS
    having = {name: tuple(chain for chain in chains if name in chain.split("+")) for name in STRENGTHS}
    strengths = [where(STRENGTHS[name](), augmentation=with_it) for name, with_it in having.items() if with_it]
    return joined(augmentation(*chains), *strengths)


snr_low = interval_of("snr_low", 0.0, 30.0, log=False)
"""The least signal-to-noise ratio, in dB."""

gain_db = interval_of("gain_db", 1.0, 12.0, log=False)
"""The largest change of level either way, in dB."""

stretch_high = interval_of("stretch_high", 1.05, 1.5, log=False)
"""How many times as fast a clip is played at most."""

semitones = interval_of("semitones", 0.5, 4.0, log=False)
"""The largest change of pitch either way, in semitones."""

roll_seconds = interval_of("roll_seconds", 0.05, 0.5, log=False)
"""The largest shift either way, in seconds."""

silence_share = interval_of("silence_share", 0.01, 0.2, log=False)
"""The chance that a clip is emptied."""

most_mixed = choices_of("most_mixed", 2, 3)
"""The largest number of clips that are mixed (S1-S6)."""


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
