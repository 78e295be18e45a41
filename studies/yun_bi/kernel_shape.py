"""Section 3.4.2: LeNet with 3x8 kernels learns faster at first and ends where LeNet with 5x5 kernels ends."""

from analysis.claims import Better, Equal
from studies.study import Study
from studies.yun_bi.printed import FIXED, SHARED, lenet

SQUARE, WIDE = lenet("5x5", 64), lenet("3x8", 64)

STUDY = Study(
    **SHARED,
    section="3.4.2, 4",
    title="3x8 kernels against 5x5 kernels in LeNet",
    question="Do 3x8 kernels learn faster in the first epoch, and is LeNet better with them in the end, or the same?",
    fixed=FIXED,
    arms=(SQUARE, WIDE),
    claims=(
        Equal(finding="S4-F3", first=WIDE.name, second=SQUARE.name),
        Better(finding="S4-F4", better=WIDE.name, worse=SQUARE.name, metric="accuracy_at_1"),
        Better(finding="S4-F14", better=WIDE.name, worse=SQUARE.name, confounded="3x8 has 11 % fewer parameters"),
    ),
    inflation=(SQUARE.name,),
)
