"""Model 1, Model 2, Conclusions, note 1: nine branches were too large and too shallow; a minimal depth is required."""

from analysis.claims import Better, Interaction, Saturates
from studies.hefetz_dahan.printed import COARSE_QUARTER, FIXED, SHARED, branches
from studies.study import Study

F3 = "S1-F3"
NUMBERS, DEPTHS = (1, 3, 9), (2, 4, 6)
GRID = {(number, depth): branches(number, depth) for number in NUMBERS for depth in DEPTHS}
NAMES = {place: arm.name for place, arm in GRID.items()}
FEW, MANY = NUMBERS[0], NUMBERS[-1]
SHALLOW, MIDDLE, DEEP = DEPTHS
# All have as many parameters: what is wide is shallow. They are not equally dear.
WIDER = "of equal networks the one of two blocks computes more, and sees less of a spectrogram at once"
OTHERS = "of more branches some have other spectrograms"

STUDY = Study(
    **SHARED,
    section="Model 1, Model 2, Conclusions",
    title="Numbers of blocks and of branches at equal size",
    question="Of networks of one size, are deeper ones better, and those of fewer branches, and is four blocks enough?",
    fixed=FIXED,
    arms=tuple(GRID.values()),
    claims=(
        *(
            Better(
                finding=F3,
                part=f"depth of {number}",
                better=NAMES[number, DEEP],
                worse=NAMES[number, SHALLOW],
                confounded=WIDER,
            )
            for number in NUMBERS
        ),
        *(
            Better(
                finding=F3,
                part=f"branches of {depth} blocks",
                better=NAMES[FEW, depth],
                worse=NAMES[MANY, depth],
                confounded=OTHERS,
            )
            for depth in DEPTHS
        ),
        *(
            Saturates(
                finding=F3,
                part=f"minimum for {number}",
                levels=tuple(NAMES[number, depth] for depth in DEPTHS),
                at=NAMES[number, MIDDLE],
            )
            for number in NUMBERS
        ),
        Interaction(
            finding=F3,
            part="more with nine branches",
            plus=(NAMES[MANY, DEEP], NAMES[MANY, SHALLOW]),
            minus=(NAMES[FEW, DEEP], NAMES[FEW, SHALLOW]),
        ),
    ),
    reduced=COARSE_QUARTER,
)
