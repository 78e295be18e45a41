"""Conclusion, note 6: strided convolutions in place of pooling work sometimes, and cost parameters and time."""

from collections.abc import Mapping

from analysis.claims import Cost, Share
from studies.fagan import printed as p
from studies.study import Arm, Study
from trainables.registry import Value

# The two rows in two dimensions differ in their heads, too: each has its like here.
CNN_2D_GAP = p.cnn_2d_fc("2-D CNN, global average pooling", head="gap")
ACN_2D_FC = p.acn_2d("2-D CNN without pooling layers, dense", head="fc")
# On the waveform and in two dimensions, the widths of the scale "smoke".
SAMPLE_CNN: Mapping[str, Value] = {
    "crop": 6_561,
    "widths": p.SMALL_SAMPLE_CNN["smoke"]["widths"],
    "pools": "1-3-3-3-3-3-3-3-1",
}
CNN_2D: Mapping[str, Value] = {"widths": p.SMALL_2D["smoke"]["widths"]}


def pair(strided: Arm, pooled: Arm, **reduced: Value) -> tuple[Arm, Arm]:
    """The two sides of a comparison, with the same settings at the scale "laptop".

    Fourteen networks are more than a night in full: there they get an eighth of their widths or a quarter of them, and
    those on the waveform two poolings less.
    """
    return p.on_laptop(strided, **reduced), p.on_laptop(pooled, **reduced)


PAIRS = (
    pair(p.ACN_FC, p.CNN_FC, widths=p.EIGHTH),
    pair(p.ACN_GAP, p.CNN_GAP, widths=p.EIGHTH),
    pair(p.ACN_SAMPLE_CNN_GAP, p.SAMPLE_CNN_GAP, **SAMPLE_CNN),
    pair(p.ACN_RCNN_FC, p.RCNN_FC, **p.QUARTER),
    pair(p.ACN_RCNN_GAP, p.RCNN_GAP, **p.QUARTER),
    pair(p.ACN_2D_GAP, CNN_2D_GAP, **CNN_2D),
    pair(ACN_2D_FC, p.CNN_2D_FC, **CNN_2D),
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
