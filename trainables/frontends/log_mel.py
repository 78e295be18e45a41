"""Log-mel spectrograms."""

from trainables.frontends import FRONT_ENDS
from trainables.frontends.describing import BELOW_PEAK, FIRST_FRAMES, FOURIER, MEL, NORMALISATION, Axes
from trainables.frontends.framing import Framing
from trainables.frontends.scaling import ScaledPower
from trainables.frontends.spectrum import MelPower


@FRONT_ENDS("S4-S3", "S4-S4", steps=(FOURIER, MEL, BELOW_PEAK, FIRST_FRAMES, NORMALISATION))
def log_mel(
    rate: int,
    samples: int,
    *,
    frame: int = 1024,
    hop: int = 512,
    bands: int = 64,
    frames: int = 80,
    low: float = 0.0,
    high: float = 0.0,
    top_db: float = 80.0,
    normalise: str = "clip",
) -> ScaledPower:
    """Log-mel spectrogram in dB relative to the peak of the clip; shape (1, bands, frames).

    `frame` and `hop` in samples, `low` and `high` in Hz (`high` 0: half the rate). Values lie at most `top_db` below
    the peak of the whole segment (0: no floor); then the first `frames` centred frames are kept (0: all) and
    normalised: "clip" to mean 0 and deviation 1 per clip, "frame" per frame, "none" not at all. A frame may be longer
    than the segment, which zeros then surround, as they do 20 ms in 2,048 samples (S0-S4).
    Raises InvalidSetting where bands would be empty or frames are too few.
    """
    framing = Framing(rate, samples, frame, hop, bands, frames, low, high)
    axes = Axes(framing.step, "dB relative to the peak", framing.centres[None])
    return ScaledPower(MelPower(framing), samples, framing.kept, axes, top_db, normalise)
