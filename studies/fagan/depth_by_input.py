"""CNN: five convolutional layers do for mel bands, and raw waveforms need more."""

from analysis.claims import Interaction, NoDirection
from studies.fagan.printed import CNN_GAP, FIXED, SAMPLE_CNN_GAP, SHARED, beside_waveforms, gap, raw
from studies.study import Study

# On either input the poolings stay, and with them the length of what the head is given: 5 or 11 convolutions between.
WIDTHS = "32-32-64-64-128"
FIVE = beside_waveforms(CNN_GAP, widths=WIDTHS)
ELEVEN = beside_waveforms(gap("1-D CNN, 11 convolutions", convolutions="3-2-2-2-2"), widths=WIDTHS)
RAW_FIVE = raw("SampleCNN, global average pooling, 5 convolutions", convolutions="1-0-1-0-1-0-1-0-0-0-1")
MORE, MORE_RAW = (ELEVEN.name, FIVE.name), (SAMPLE_CNN_GAP.name, RAW_FIVE.name)

STUDY = Study(
    **SHARED,
    section="CNN",
    title="Five and eleven convolutions, on mel bands and on waveforms",
    question="Do more than five convolutions help on raw waveforms, and not on mel bands?",
    fixed=FIXED,
    arms=(FIVE, ELEVEN, RAW_FIVE, SAMPLE_CNN_GAP),
    claims=(
        Interaction(finding="S2-F35", plus=MORE_RAW, minus=MORE, hypothesis=True),
        NoDirection(finding="S2-F35", part="on mel bands", first=MORE[0], second=MORE[1]),
        NoDirection(finding="S2-F35", part="on waveforms", first=MORE_RAW[0], second=MORE_RAW[1]),
    ),
)
