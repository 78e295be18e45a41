"""Introduction: of stateful and stateless LSTMs, only the stateless one is needed."""

from analysis.claims import Equal
from studies.fagan.printed import FIXED, RCNN_FC, SHARED, rcnn_fc
from studies.study import Study

KEPT = rcnn_fc("recurrent 1-D CNN, dense, state kept over a song", training="stateful")

STUDY = Study(
    **SHARED,
    section="Introduction",
    title="An LSTM that remembers the segment before",
    question="Is an LSTM as accurate without the state in which it ended the segment before?",
    fixed=FIXED,
    arms=(RCNN_FC, KEPT),
    # The published protocol divides segments, and so leaves no song whole through which a state could be kept.
    claims=(
        Equal(
            finding="S2-F53",
            first=RCNN_FC.name,
            second=KEPT.name,
            hypothesis=True,
            protocols=("corrected",),
        ),
    ),
)
