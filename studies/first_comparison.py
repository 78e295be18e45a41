"""A study for a corpus that nobody has studied: which of a few small networks tells its classes apart best."""

from math import log2

from analysis.claims import NoDirection
from search_spaces import Space
from search_spaces.space import choice
from studies.study import Arm, Study, arm

FINDING = "best"
FRAME_SECONDS, FRAMES, LEAST_HOP = 0.046, 32, 64
"""About how long a frame is, how many a window has at least, and how far apart, in samples, they are at least."""
BANDS, COEFFICIENTS = 40, 20
LEARNING_RATES = (3e-4, 1e-3, 3e-3)


def first_comparison(
    corpus: str,
    *,
    rate: int,
    seconds: float,
    segment_hop: float,
    epochs: int,
    data_fraction: float = 1.0,
    tuned: bool = True,
    without: tuple[str, ...] = (),
) -> Study:
    """The study on a corpus at `rate` Hz, cut into windows of `seconds`, one every `segment_hop` seconds.

    Where it is `tuned`, every arm chooses its learning rate for itself. Arms `without` which it shall do are those that
    cannot be built.
    Nothing is claimed beforehand: each arm is compared with the mean of all others.
    """
    arms = tuple(each for each in arms_at(rate, round(seconds * rate)) if each.name not in without)
    names = [each.name for each in arms]
    return Study(
        title=f"Which small network does best on {corpus}?",
        question="Which of a few front ends and small networks tells the classes of this corpus apart best?",
        corpus=corpus,
        epochs=epochs,
        findings={FINDING: "One of these front ends and networks tells the classes apart better than the others do."},
        fixed={
            "segmentation": "windows",
            "seconds": seconds,
            "segment_hop": segment_hop,
            "class_weights": "balanced",
            "data_fraction": data_fraction,
        },
        tuned=choice("learning_rate", LEARNING_RATES) if tuned else Space(),
        arms=arms,
        claims=tuple(
            NoDirection(finding=FINDING, part=f"{name} against the others", first=name, second=others(name, names))
            for name in names
        ),
    )


def others(name: str, names: list[str]) -> str | tuple[str, ...]:
    """All arms but one."""
    found = tuple(each for each in names if each != name)
    return found if len(found) > 1 else found[0]


def arms_at(rate: int, samples: int) -> tuple[Arm, ...]:
    """The arms for windows of so many samples: MFCCs or log-mel spectrograms, each for some networks.

    Frames are of the power of two that is nearest to `FRAME_SECONDS`, by half of it apart or less.
    """
    frame = 2 ** round(log2(rate * FRAME_SECONDS))
    framing = {"frame": frame, "hop": max(LEAST_HOP, min(frame // 2, samples // FRAMES)), "bands": BANDS}
    mfcc = {"front_end": "mfcc", "coefficients": COEFFICIENTS, **framing}
    mel = {"front_end": "log_mel", "frames": 0, **framing}
    return (
        arm("linear on MFCC", architecture="linear", **mfcc),
        arm("CNN on MFCC", architecture="cnn", **mfcc),
        arm("CNN on log-mel", architecture="cnn", **mel),
        arm("LeNet on log-mel", architecture="lenet", **mel),
        arm("LSTM on log-mel", architecture="lstm", units="64", **mel),
    )
