"""Other papers that influenced design, Experimental Setup: dropout harms convolutions, and normalised ones the more."""

from analysis.claims import Better, Cost, Interaction, NoDirection
from studies.fagan.printed import ACN_GAP, CNN_GAP, CNN_GAP_DROPOUT, FIXED, SHARED, acn, gap
from studies.study import Study

# Dropout behind poolings needs a network that has them; everywhere it was tried in the one without.
EVERYWHERE = acn(
    "1-D CNN without pooling layers, global average pooling, dropout of .1 everywhere",
    front_dropout=0.1,
    conv_dropout=0.1,
    dropout=0.1,
)
PLAIN = gap("1-D CNN, global average pooling, not normalised", batch_norm=False)
PLAIN_DROPOUT = gap(
    "1-D CNN, global average pooling, not normalised, dropout of .1 after pooling", batch_norm=False, conv_dropout=0.1
)

STUDY = Study(
    **SHARED,
    section="Other papers that influenced design, Experimental Setup",
    title="Dropout of .1 among convolutions",
    question="Does dropout after pooling or at every layer lower accuracy, and help less with batch normalisation?",
    fixed=FIXED,
    arms=(CNN_GAP, CNN_GAP_DROPOUT, ACN_GAP, EVERYWHERE, PLAIN, PLAIN_DROPOUT),
    claims=(
        Better(finding="S2-F8", better=CNN_GAP.name, worse=CNN_GAP_DROPOUT.name),
        # A log's training accuracy is taken with dropout on, which lowers it by itself: it decides nothing.
        *(
            Better(finding="S2-F9", part=part, better=ACN_GAP.name, worse=EVERYWHERE.name, metric=metric)
            for part, metric in {"training": "train_accuracy_evaluated", "validation": "validation_accuracy"}.items()
        ),
        NoDirection(
            finding="S2-F9", part="as logged", first=ACN_GAP.name, second=EVERYWHERE.name, metric="train_accuracy"
        ),
        Interaction(
            finding="S2-F12",
            part="normalisation",
            plus=(PLAIN_DROPOUT.name, PLAIN.name),
            minus=(CNN_GAP_DROPOUT.name, CNN_GAP.name),
        ),
        *(
            Cost(finding="S2-F12", part=part, cheaper=CNN_GAP.name, dearer=CNN_GAP_DROPOUT.name, metric=metric)
            for part, metric in {"epochs": "epochs_to_share", "time": "seconds_to_share"}.items()
        ),
    ),
)
