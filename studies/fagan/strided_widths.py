"""Conclusion, notes 4 and 6: strided convolutions need padding, gain from 256 channels and lose from 1024."""

from analysis.claims import Better
from studies.fagan.printed import ACN_GAP, FIXED, SHARED
from studies.study import Arm, Study, varied

NAME = "1-D CNN without pooling layers, global average pooling, strided convolutions {}"


def strided(name: str, *widths: int) -> Arm:
    """The network with other channels of its strided convolutions, as many parts of them as of all where reduced."""
    full, quarter, eighth = ("-".join(str(width // part) for width in widths) for part in (1, 4, 8))
    reduced = {"laptop": {"strided_widths": quarter}, "smoke": {"strided_widths": eighth}}
    return varied(ACN_GAP, NAME.format(name), strided_widths=full, reduced=reduced)


LAST_WIDER = strided("of 1024 in place of 512", 128, 128, 256, 256, 1024)
# X12: the document prints 254.
FIRST_WIDER = strided("of 256 in place of 128", 256, 256, 256, 256, 512)
# Five unpadded convolutions of step 2 need 65 frames, to leave one.
UNPADDED = varied(ACN_GAP, NAME.format("without padding"), strided_padding="valid", reduced={"smoke": {"frames": 65}})

STUDY = Study(
    **SHARED,
    section="Conclusion, notes 4 and 6",
    title="Width and padding of strided convolutions",
    question="Do wider strided convolutions help in the first stages and harm in the last, and is padding needed?",
    fixed=FIXED,
    # In full the four take 35 processor hours: at the scale "laptop" they get a quarter of their widths.
    reduced={"laptop": {"widths": "32-32-64-64-128"}},
    arms=(ACN_GAP, LAST_WIDER, FIRST_WIDER, UNPADDED),
    claims=(
        Better(finding="S2-F14", part="accuracy", better=ACN_GAP.name, worse=LAST_WIDER.name),
        # Overfitting by the accuracy on the training part in evaluation mode less that on the test part.
        Better(finding="S2-F14", part="gap", better=ACN_GAP.name, worse=LAST_WIDER.name, metric="gap"),
        Better(finding="S2-F15", better=FIRST_WIDER.name, worse=ACN_GAP.name),
        Better(finding="S2-F19", better=ACN_GAP.name, worse=UNPADDED.name),
    ),
)
