"""Conclusion, note 5: global average pooling improves every model, and always reduces overfitting."""

from analysis.claims import Better, Share
from studies.fagan import printed as p
from studies.study import Study

# SampleCNN with three steps left, and equal hidden layers: as printed its average is over one step.
PAIRS = (
    (p.CNN_GAP, p.CNN_FC, 17.6),
    # This pair differs in dropout, too.
    (p.CNN_GAP, p.CNN_FC_DROPOUT, 10.9),
    (p.ACN_GAP, p.ACN_FC, 7.1),
    (p.SAMPLE_CNN_GAP_3, p.SAMPLE_CNN_FC_3, 8.2),
    (p.RCNN_GAP, p.RCNN_FC, 6.5),
    (p.ACN_RCNN_GAP, p.ACN_RCNN_FC, 9.2),
    (p.RAW_RCNN_GAP, p.RAW_RCNN_FC, 10.0),
)
NAMES = tuple((pooled.name, dense.name) for pooled, dense, _ in PAIRS)

STUDY = Study(
    **p.SHARED,
    section="Conclusion, note 5",
    title="Global average pooling in place of dense layers",
    question="Is every model more accurate with global average pooling, and does it overfit less?",
    fixed=p.FIXED,
    arms=tuple({arm.name: arm for pooled, dense, _ in PAIRS for arm in (pooled, dense)}.values()),
    claims=(
        *(
            Better(finding="S2-F1", part=dense.name, better=pooled.name, worse=dense.name, printed=more)
            for pooled, dense, more in PAIRS
        ),
        Share(
            finding="S2-F1",
            part="every model",
            pairs=NAMES,
            share="each",
            confounded="dense layers add parameters, and one of seven pairs differs in dropout",
        ),
        # The gap is taken in evaluation mode: with dropout on, training accuracy is lower by itself.
        *(
            Better(finding="S2-F2", part=dense, better=pooled, worse=dense, metric="gap", margin=2.0)
            for pooled, dense in NAMES
        ),
    ),
    inflation=(p.CNN_FC.name, p.CNN_GAP.name),
)
