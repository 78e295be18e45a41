"""Experimental Setup, Conclusion: dropout helps dense layers, and global average pooling spares tuning it."""

from analysis.claims import Better, NoDirection, Spread
from studies.fagan.printed import CNN_FC, CNN_FC_DROPOUT, CNN_GAP, FIXED, SHARED, fc, gap
from studies.study import Study

DENSE = (
    CNN_FC,
    fc("1-D CNN, dense, dropout of 0.25", dropout=0.25),
    CNN_FC_DROPOUT,
    fc("1-D CNN, dense, dropout of 0.75", dropout=0.75),
)
POOLED = (
    CNN_GAP,
    *(gap(f"1-D CNN, global average pooling, dropout of {d:g}", dropout=d) for d in (0.25, 0.5, 0.75)),
)

STUDY = Study(
    **SHARED,
    section="Experimental Setup, Conclusion",
    title="Dropout in the head, dense or pooled",
    question="Is the 1-D CNN better with dropout of .5 in its dense layers, and does its rate matter less when pooled?",
    fixed=FIXED,
    arms=(*DENSE, *POOLED),
    claims=(
        Better(finding="S2-F7", better=CNN_FC_DROPOUT.name, worse=CNN_FC.name, printed=6.7),
        # In evaluation mode: with dropout on, training accuracy is lower by itself.
        NoDirection(finding="S2-F7", part="gap", first=CNN_FC_DROPOUT.name, second=CNN_FC.name, metric="gap"),
        # What it takes to tune a rate is how far the accuracies at its values lie apart.
        Spread(
            finding="S2-F42",
            closer=tuple(arm.name for arm in POOLED),
            wider=tuple(arm.name for arm in DENSE),
        ),
    ),
)
