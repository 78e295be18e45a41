"""Other papers that influenced design: global average pooling alone, with no dense layer behind it, is the best."""

from analysis.claims import Better
from studies.fagan.printed import CNN_GAP, FIXED, SHARED, gap
from studies.study import Study

# Two linear layers behind the pooling have as many parameters as the two 1x1 convolutions in front of it.
THEN_DENSE = gap("1-D CNN, global average pooling, then dense", head="gap_fc")
MAXIMUM = gap("1-D CNN, global maximum pooling", global_pooling="max")

STUDY = Study(
    **SHARED,
    section="Other papers that influenced design",
    title="What stands around global pooling",
    question="Is global average pooling better alone than with dense layers behind it, and better than the maximum?",
    fixed=FIXED,
    arms=(CNN_GAP, THEN_DENSE, MAXIMUM),
    claims=(
        Better(finding="S2-F32", better=CNN_GAP.name, worse=THEN_DENSE.name),
        Better(finding="S2-F33", better=CNN_GAP.name, worse=MAXIMUM.name, hypothesis=True),
    ),
)
