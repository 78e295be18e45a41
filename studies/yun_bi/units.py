"""Section 3.4.3: an LSTM of 128 units is more accurate, and takes less time, than one of 64."""

from analysis.claims import Better, Cost
from studies.study import Study
from studies.yun_bi.printed import FIXED, SHARED, lstm

SMALL, LARGE = lstm("64", 64), lstm("128", 64)

STUDY = Study(
    **SHARED,
    section="3.4.3",
    title="128 units against 64 in one LSTM layer",
    question="Is an LSTM of 128 units more accurate than one of 64, and does it get there in less time?",
    fixed=FIXED,
    arms=(SMALL, LARGE),
    claims=(
        Better(finding="S4-F5", better=LARGE.name, worse=SMALL.name),
        Cost(finding="S4-F6", cheaper=LARGE.name, dearer=SMALL.name, metric="seconds_to_share"),
    ),
)
