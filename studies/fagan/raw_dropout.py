"""Other papers that influenced design: dropout of convolutions works in deeper networks, on raw waveforms."""

from analysis.claims import Interaction, NoDirection
from studies.fagan.printed import (
    CNN_GAP,
    CNN_GAP_DROPOUT,
    FIXED,
    SAMPLE_CNN_GAP,
    SHARED,
    beside_waveforms,
    three_steps,
)
from studies.study import Study

# SampleCNN has dropout of its own, behind one stage and in its head: here there is none, or the same as on mel bands.
RAW, RAW_DROPOUT = (
    three_steps(
        SAMPLE_CNN_GAP,
        f"SampleCNN of three steps, global average pooling, {name}",
        conv_dropout=rate,
        conv_dropout_stages="",
        dropout=0.0,
    )
    for name, rate in {"no dropout": 0.0, "dropout of .1 after pooling": 0.1}.items()
)
MEL, MEL_DROPOUT = (beside_waveforms(arm, widths="32-32-64-64-128") for arm in (CNN_GAP, CNN_GAP_DROPOUT))

STUDY = Study(
    **SHARED,
    section="Other papers that influenced design",
    title="Dropout of .1 among convolutions, on mel bands and on waveforms",
    question="Does dropout after pooling do more for a deep network on waveforms than for one on mel bands?",
    fixed=FIXED,
    arms=(MEL, MEL_DROPOUT, RAW, RAW_DROPOUT),
    claims=(
        Interaction(finding="S2-F11", plus=(RAW_DROPOUT.name, RAW.name), minus=(MEL_DROPOUT.name, MEL.name)),
        NoDirection(finding="S2-F11", part="on waveforms", first=RAW_DROPOUT.name, second=RAW.name),
    ),
)
