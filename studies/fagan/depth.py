"""Introduction: stacking more convolutional layers gives better accuracy."""

from analysis.claims import Ranking
from studies.fagan.printed import CNN_GAP, FIXED, SHARED, gap
from studies.study import Study

# Always five poolings of 2, whatever convolutions there are: the maps that the head is given are of one length.
DEPTHS = {7: "2-1-2-1-1", 3: "1-0-1-0-1", 2: "1-0-0-0-1"}
SEVEN, THREE, TWO = (gap(f"1-D CNN, {depth} convolutions", convolutions=text) for depth, text in DEPTHS.items())
CHAIN = (SEVEN, CNN_GAP, THREE, TWO)

STUDY = Study(
    **SHARED,
    section="Introduction",
    title="Two, three, five and seven convolutions on mel bands",
    question="Does each convolution more make the 1-D CNN more accurate?",
    fixed=FIXED,
    arms=CHAIN,
    claims=(
        Ranking(
            finding="S2-F52",
            chain=tuple(arm.name for arm in CHAIN),
            hypothesis=True,
            confounded="deeper networks have more parameters and see more of the segment at once",
        ),
    ),
)
