"""Experimental Setup: as noise at the input, dropout of .1 is the best of .1 to .2."""

from analysis.claims import Optimum
from studies.fagan.printed import ACN_GAP, FIXED, SHARED, acn
from studies.study import Study

NAME = "1-D CNN without pooling layers, global average pooling, dropout of {} on the input"
RATES = {0.0: ACN_GAP} | {rate: acn(NAME.format(rate), front_dropout=rate) for rate in (0.05, 0.1, 0.15, 0.2)}

STUDY = Study(
    **SHARED,
    section="Experimental Setup",
    title="Dropout on the input",
    question="Of rates from none to .2, is dropout of .1 on the mel bands the best?",
    fixed=FIXED,
    arms=tuple(RATES.values()),
    claims=(Optimum(finding="S2-F10", levels=tuple(arm.name for arm in RATES.values()), at=RATES[0.1].name),),
)
