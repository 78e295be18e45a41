"""Sections 1.3, 3.1: segments of 300 ms beat those of 500 ms, and those below 150 ms lose accuracy."""

from analysis.claims import Better, NoDirection, Optimum
from studies.lunger_rho import printed as p
from studies.study import Arm, Study, varied

LENGTHS = {seconds: p.lasting(seconds) for seconds in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 3.0)}
NAMES = {seconds: arm.name for seconds, arm in LENGTHS.items()}
SHORT = (0.02, 0.05, 0.1)
AUDIO = 512 * 0.3
"""Seconds of audio in a batch: of shorter segments there are more, and as many more steps in an epoch."""


def as_many_steps(seconds: float) -> Arm:
    """The CNN on segments of another length, in batches of as many seconds."""
    batch = round(AUDIO / seconds)
    return varied(LENGTHS[seconds], f"{NAMES[seconds]}, batches of {batch}", batch_size=batch)


def framed(seconds: float) -> Arm:
    """The CNN in frames of 12 ms, which have room for 64 bands: of 46 ms they are longer than the shortest segments."""
    name = f"{NAMES[seconds]} in frames of 512"
    return varied(LENGTHS[seconds], name, frame=512, hop=128, bands=64, reduced={"smoke": {"hop": 512}})


EQUAL = {seconds: as_many_steps(seconds) for seconds in (0.05, 0.15, 0.5)}
FRAMED = {seconds: framed(seconds) for seconds in (0.02, 0.05, 0.1, 0.15)}

STUDY = Study(
    **{**p.SHARED, "guessed": (*p.GUESSED, p.OF_THE_CNN)},
    section="1.3, 3.1",
    title="Length of the segments",
    question="Are segments of 300 ms better than of 500 ms, and those of 150 ms better than shorter ones?",
    epochs=p.EPOCHS,
    fixed=p.FIXED,
    arms=(*LENGTHS.values(), *EQUAL.values(), *FRAMED.values()),
    claims=(
        Better(finding="S0-F20", better=NAMES[0.3], worse=NAMES[0.5], printed=5),
        NoDirection(finding="S0-F20", part="equal steps", first=NAMES[0.3], second=EQUAL[0.5].name),
        *(
            Better(finding="S0-F21", part=f"{1000 * seconds:.0f} ms", better=NAMES[0.15], worse=NAMES[seconds])
            for seconds in SHORT
        ),
        NoDirection(finding="S0-F21", part="equal steps", first=EQUAL[0.15].name, second=EQUAL[0.05].name),
        *(
            NoDirection(
                finding="S0-F21",
                part=f"{1000 * seconds:.0f} ms in short frames",
                first=FRAMED[0.15].name,
                second=FRAMED[seconds].name,
            )
            for seconds in SHORT
        ),
        Optimum(
            finding="S0-F37",
            levels=tuple(NAMES.values()),
            at=tuple(name for seconds, name in NAMES.items() if 0.02 <= seconds <= 0.5),
        ),
    ),
    reduced=p.COARSE,
)
