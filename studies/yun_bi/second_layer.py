"""Section 3.4.5: whether the second LSTM layer has 128 or 64 units makes little difference."""

from analysis.claims import Equal
from studies.study import Study
from studies.yun_bi.printed import FIXED, SHARED, lstm

LARGE, SMALL = lstm("128-128", 64), lstm("128-64", 64)

STUDY = Study(
    **SHARED,
    section="3.4.5",
    title="128 or 64 units in the second LSTM layer",
    question="Does the number of units of the second LSTM layer make a difference?",
    fixed=FIXED,
    arms=(LARGE, SMALL),
    claims=(Equal(finding="S4-F8", first=LARGE.name, second=SMALL.name),),
)
