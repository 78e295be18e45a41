"""Introduction, Experimental Setup: frames of 1024 are best for the 1-D CNN, and a hop of half a frame always."""

from analysis.claims import Better, NoDirection, Optimum
from studies.fagan.printed import CNN_GAP, EIGHTH, FIXED, QUARTER, RCNN_GAP, SHARED, cut, gap, on_laptop, rcnn_gap
from studies.study import Arm, Study

SIZES = (256, 512, 1024, 2048, 4096)
HOPS = (0.125, 0.25, 0.5, 0.75, 1.0)
BANDS = 64
"""Frames of 256 have no 128 bands that hold a bin each, so that all sizes are compared on 64."""


def framed(frame: int, share: float, bands: int = BANDS) -> Arm:
    """The 1-D CNN on frames that begin a share of their length after each other.

    Its head averages over time, and so has the same size however many frames there are.
    """
    hop = round(share * frame)
    name = f"1-D CNN, frames of {frame} every {hop}, {bands} bands"
    one = gap(name, frame=frame, hop=hop, bands=bands, reduced={"smoke": cut(hop)})
    return on_laptop(one, widths=EIGHTH)


# As printed: 1024 are said of the 1-D CNN alone, and recurrent networks were given 512 as others had done (X10).
LONG = rcnn_gap("recurrent 1-D CNN, frames of 1024 every 512", frame=1024, hop=512, reduced={"smoke": cut(512)})
PRINTED = {
    "1-D CNN": (on_laptop(CNN_GAP, widths=EIGHTH), framed(512, 0.5, bands=128)),
    "recurrent 1-D CNN": (on_laptop(LONG, **QUARTER), on_laptop(RCNN_GAP, **QUARTER)),
}
GRID = {(frame, share): framed(frame, share) for frame in SIZES[:3] for share in HOPS}
GRID |= {(frame, 0.5): framed(frame, 0.5) for frame in SIZES[3:]}
NAMES = {place: one.name for place, one in GRID.items()}

STUDY = Study(
    **SHARED,
    section="Introduction, Experimental Setup",
    title="Frames and hops of the mel spectrogram",
    question="Which frames are best for the 1-D CNN, and is a hop of half a frame best whatever their size?",
    fixed=FIXED,
    arms=(*(arm for pair in PRINTED.values() for arm in pair), *GRID.values()),
    claims=(
        Optimum(finding="S2-F20", levels=tuple(NAMES[frame, 0.5] for frame in SIZES), at=NAMES[1024, 0.5]),
        *(
            NoDirection(finding="S2-F20", part=f"{network}, 128 bands", first=long.name, second=short.name)
            for network, (long, short) in PRINTED.items()
        ),
        *(
            Optimum(
                finding="S2-F21",
                part=str(frame),
                levels=tuple(NAMES[frame, share] for share in HOPS),
                at=NAMES[frame, 0.5],
                hypothesis=True,
            )
            for frame in SIZES[:3]
        ),
        *(
            Better(finding="S2-F48", part=str(frame), better=NAMES[frame, 0.5], worse=NAMES[frame, 1.0])
            for frame in SIZES[:3]
        ),
    ),
)
