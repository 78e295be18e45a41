"""Section 3.4.4: two LSTM layers are better than one of 128 units, whatever the second one's size."""

from analysis.claims import Better, NoDirection
from studies.study import Study
from studies.yun_bi.printed import FIXED, SHARED, lstm

SMALL, ONE = lstm("64", 64), lstm("128", 64)
EQUAL, UNEQUAL = lstm("128-128", 64), lstm("128-64", 64)
THREE = lstm("128-128-128", 64)

STUDY = Study(
    **SHARED,
    section="3.4.4, 4",
    title="One, two and three LSTM layers",
    question="Does a second LSTM layer improve the accuracy, and a third one again?",
    fixed=FIXED,
    arms=(SMALL, ONE, EQUAL, UNEQUAL, THREE),
    claims=(
        Better(finding="S4-F7", part="128+128", better=EQUAL.name, worse=ONE.name),
        Better(finding="S4-F7", part="128+64", better=UNEQUAL.name, worse=ONE.name),
        NoDirection(finding="S4-F15", first=EQUAL.name, second=SMALL.name, confounded="units and layers both change"),
        Better(finding="S4-F18", part="one to two", better=EQUAL.name, worse=ONE.name),
        Better(finding="S4-F18", part="two to three", better=THREE.name, worse=EQUAL.name),
    ),
)
