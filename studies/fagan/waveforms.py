"""Introduction, Results: mel spectrograms beat raw waveforms and are cheaper, and an LSTM is poor on waveforms."""

from analysis.claims import Better, Cost
from studies.fagan import printed as p
from studies.study import Study

# Models on mel bands are reduced as those on the waveform are: to the same part of a segment, and in their widths.
FC, GAP = (p.beside_waveforms(arm, widths="32-32-64-64-128") for arm in (p.CNN_FC, p.CNN_GAP))
RCNN_FC, RCNN_GAP = (p.beside_waveforms(arm, widths="32-32-64") for arm in (p.RCNN_FC, p.RCNN_GAP))
LSTM = p.beside_waveforms(p.LSTM)
UNLIKE = "networks differ in depth and size with their inputs"
PAIRS = {
    "dense": (FC, p.SAMPLE_CNN_FC, 8.1),
    "global average pooling": (GAP, p.SAMPLE_CNN_GAP, 17.5),
    "recurrent, dense": (RCNN_FC, p.RAW_RCNN_FC, 36.8),
    "recurrent, global average pooling": (RCNN_GAP, p.RAW_RCNN_GAP, 33.3),
}

STUDY = Study(
    **p.SHARED,
    section="Introduction, Results, Conclusion",
    title="Mel spectrograms or raw waveforms",
    question="Are models on mel spectrograms more accurate than on raw waveforms, cheaper, and quicker to train?",
    fixed=p.FIXED,
    arms=(LSTM, *(arm for mel, raw, _ in PAIRS.values() for arm in (mel, raw))),
    claims=(
        *(
            Better(finding="S2-F23", part=part, better=mel.name, worse=raw.name, printed=more, confounded=UNLIKE)
            for part, (mel, raw, more) in PAIRS.items()
        ),
        *(
            Better(finding="S2-F38", part=part, better=LSTM.name, worse=raw.name, confounded=UNLIKE)
            for part, raw in {"dense": p.RAW_RCNN_FC, "global average pooling": p.RAW_RCNN_GAP}.items()
        ),
        *(
            Cost(finding="S2-F51", part=part, cheaper=GAP.name, dearer=p.SAMPLE_CNN_GAP.name, metric=metric)
            for part, metric in {
                "input": "input_bytes",
                "an epoch": "seconds_per_epoch",
                "to the same accuracy": "seconds_to_share",
            }.items()
        ),
    ),
)
