"""Experimental Setup: log-softmax gives better results than softmax, and is faster and more stable."""

from analysis.claims import Better, Cost, Equal, Runs
from studies.fagan.printed import ACN_GAP, FIXED, SHARED, acn
from studies.study import Reduced, Study

# The logarithm of the softmax is the log-softmax but for rounding; taken twice, the softmax is another loss.
SOFTMAX = acn("1-D CNN without pooling layers, logarithm of the softmax", loss="softmax_nll")
TWICE = acn("1-D CNN without pooling layers, softmax twice", loss="double_softmax")
# With fewer digits more losses may be infinite. Without instructions for bfloat16 a processor takes five times as long.
SMALL: Reduced = {"laptop": {"widths": "32-32-64-64-128"}}
HALF, HALF_SOFTMAX = (
    acn(f"{one.name}, bfloat16", loss=loss, precision="bfloat16", reduced=SMALL)
    for one, loss in ((ACN_GAP, "log_softmax_nll"), (SOFTMAX, "softmax_nll"))
)

STUDY = Study(
    **SHARED,
    section="Experimental Setup",
    title="Softmax and log-softmax",
    question="Is log-softmax better than softmax, or the same, is it faster, and do fewer of its runs break down?",
    fixed=FIXED,
    arms=(ACN_GAP, SOFTMAX, TWICE, HALF, HALF_SOFTMAX),
    claims=(
        Equal(finding="S2-F29", part="in exact arithmetic the same", first=ACN_GAP.name, second=SOFTMAX.name),
        Better(finding="S2-F29", part="softmax twice", better=ACN_GAP.name, worse=TWICE.name),
        Cost(finding="S2-F29", part="time", cheaper=ACN_GAP.name, dearer=SOFTMAX.name),
        # A run whose loss is no number is finished nowhere, and missing from all comparisons above: it counts here.
        Runs(
            finding="S2-F29",
            part="log-softmax breaks down seldom",
            of=(ACN_GAP.name, HALF.name),
            failed=True,
            relation="below",
            printed=0.5,
        ),
        # In bfloat16 alone: in float32 its finished runs are compared above. To refute it would take 60 runs.
        Runs(
            finding="S2-F29",
            part="softmax breaks down",
            of=(HALF_SOFTMAX.name,),
            failed=True,
            relation="above",
            printed=0.05,
        ),
    ),
)
