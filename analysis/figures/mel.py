"""Slaney's mel scale, to label bands in Hz."""

import numpy as np

LINEAR, BREAK = 200 / 3, 1000.0
STEP = np.log(6.4) / 27


def mel_edges(bands: int, top: float) -> np.ndarray:
    """The `bands` + 2 edges in Hz of a mel filter bank from 0 to `top` Hz; band i spans edges i to i + 2.

    Slaney's scale: linear below 1 kHz, logarithmic above (Auditory Toolbox, 1998).
    """
    return hertz(np.linspace(0, mel(np.array([top]))[0], bands + 2))


def mel(frequency: np.ndarray) -> np.ndarray:
    """Mels of frequencies in Hz."""
    above = BREAK / LINEAR + np.log(np.maximum(frequency, BREAK) / BREAK) / STEP
    return np.where(frequency < BREAK, frequency / LINEAR, above)


def hertz(mels: np.ndarray) -> np.ndarray:
    """Frequencies in Hz of mels."""
    start = BREAK / LINEAR
    return np.where(mels < start, mels * LINEAR, BREAK * np.exp((mels - start) * STEP))
