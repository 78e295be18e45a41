"""How a waveform is cut into frames, and which mel bands they are to have: checked settings."""

from dataclasses import dataclass

import numpy as np

from trainables.errors import InvalidSetting, check_bounds
from trainables.frontends.filterbank import band_edges


@dataclass(frozen=True)
class Framing:
    """How a waveform of `samples` at `rate` becomes frames, and mel bands from `low` to `high` Hz (0: half the rate).

    `frame` and `hop` count samples; `frames` is how many frames are kept from the start (0: all).
    Raises InvalidSetting for values that no spectrogram can have.
    """

    rate: int
    samples: int
    frame: int
    hop: int
    bands: int
    frames: int
    low: float
    high: float

    def __post_init__(self) -> None:
        self._check_counts()
        if not 0 <= self.low < self.top <= self.rate / 2:
            raise InvalidSetting(
                f"low is {self.low} Hz and high is {self.top} Hz: they must rise and lie between 0 and half the rate, "
                f"{self.rate / 2} Hz."
            )

    def _check_counts(self) -> None:
        for name, least in (("rate", 1), ("samples", 1), ("frame", 2), ("hop", 1), ("bands", 1), ("frames", 0)):
            check_bounds(name, getattr(self, name), at_least=least)
        if self.hop > self.frame:
            raise InvalidSetting(
                f"hop is {self.hop}: it must not exceed the frame of {self.frame}, or samples are lost."
            )
        if self.frames > self.available:
            raise InvalidSetting(
                f"frames is {self.frames}: {self.samples} samples at a hop of {self.hop} give {self.available}; "
                "set fewer frames, a shorter hop or longer segments."
            )

    @property
    def top(self) -> float:
        """The upper end of the highest band, in Hz."""
        return self.high or self.rate / 2

    @property
    def available(self) -> int:
        """How many centred frames the waveform has."""
        return 1 + (self.samples + 2 * (self.frame // 2) - self.frame) // self.hop

    @property
    def kept(self) -> int:
        return self.frames or self.available

    @property
    def step(self) -> float:
        """The time from one frame to the next, in seconds."""
        return self.hop / self.rate

    @property
    def centres(self) -> np.ndarray:
        """The centre frequencies of the mel bands, in Hz, (bands,)."""
        return band_edges(self.bands, self.low, self.top)[1:-1]
