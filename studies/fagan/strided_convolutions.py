"""Conclusion, note 6: strided convolutions in place of pooling work sometimes, and cost parameters and time."""

from analysis.claims import Cost, Share
from studies.fagan import printed as p
from studies.study import Study

# The two rows in two dimensions differ in their heads, too: each has its like here.
CNN_2D_GAP = p.cnn_2d_fc("2-D CNN, global average pooling", head="gap")
ACN_2D_FC = p.acn_2d("2-D CNN without pooling layers, dense", head="fc")
PAIRS = (
    (p.ACN_FC, p.CNN_FC),
    (p.ACN_GAP, p.CNN_GAP),
    (p.ACN_SAMPLE_CNN_GAP, p.SAMPLE_CNN_GAP),
    (p.ACN_RCNN_FC, p.RCNN_FC),
    (p.ACN_RCNN_GAP, p.RCNN_GAP),
    (p.ACN_2D_GAP, CNN_2D_GAP),
    (ACN_2D_FC, p.CNN_2D_FC),
)

STUDY = Study(
    **p.SHARED,
    section="Conclusion, note 6",
    title="Strided convolutions in place of pooling",
    question="Are some models better with strided convolutions and others with pooling, and what do they cost?",
    fixed=p.FIXED,
    arms=tuple(arm for pair in PAIRS for arm in pair),
    claims=(
        Share(
            finding="S2-F13",
            pairs=tuple((strided.name, pooled.name) for strided, pooled in PAIRS),
            share="sometimes",
            confounded="strided convolutions add parameters",
        ),
        *(
            Cost(finding="S2-F40", part=f"{pooled.name}, {part}", cheaper=pooled.name, dearer=strided.name, metric=each)
            for strided, pooled in PAIRS[:2]
            for part, each in {"parameters": "parameters", "time": "seconds_per_epoch"}.items()
        ),
    ),
)
