"""Introduction, RCNN: convolutions go before the LSTM, whose outputs are all used; a GRU would do for less."""

from analysis.claims import Better, Cost, Equal, NoDirection
from studies.fagan import printed
from studies.fagan.printed import FIXED, QUARTER, SHARED, on_laptop
from studies.study import Study, varied

# Nine recurrent networks are more than a night in full: at the scale "laptop" they get a quarter of their widths.
LSTM = on_laptop(printed.LSTM, units="32-32")
LSTM_CNN = on_laptop(printed.LSTM_CNN, widths=QUARTER["widths"], units=QUARTER["units"])
RCNN_FC, RCNN_GAP = on_laptop(printed.RCNN_FC, **QUARTER), on_laptop(printed.RCNN_GAP, **QUARTER)
# A dense layer over all steps has most of a network's parameters, so read-outs and cells are compared without one.
FIRST_FC = varied(RCNN_FC, "recurrent 1-D CNN, dense, LSTM first", recurrent_first=True)
FIRST_GAP = varied(RCNN_GAP, "recurrent 1-D CNN, global average pooling, LSTM first", recurrent_first=True)
LAST = varied(RCNN_GAP, "recurrent 1-D CNN, last output of the LSTM", read_out="last")
GRU = varied(RCNN_GAP, "recurrent 1-D CNN, global average pooling, GRU", cell="gru")
# The row of the LSTM has two layers of it, and those with convolutions have one.
ONE_LAYER = varied(
    LSTM, "LSTM of one layer", units="128", reduced={"smoke": {"units": "32"}, "laptop": {"units": "32"}}
)
LIFTED = {"linear": (LSTM_CNN, 15.6), "dense": (RCNN_FC, 22.4), "global average pooling": (RCNN_GAP, 28.9)}

STUDY = Study(
    **SHARED,
    section="Introduction, RCNN, Results",
    title="LSTMs and convolutions",
    question="Do convolutions improve an LSTM, must they stand before it, and would a GRU be as good?",
    fixed=FIXED,
    arms=(LSTM, ONE_LAYER, *(one for one, _ in LIFTED.values()), FIRST_FC, FIRST_GAP, LAST, GRU),
    claims=(
        Better(finding="S2-F24", better=RCNN_FC.name, worse=FIRST_FC.name),
        NoDirection(finding="S2-F24", part="without dense layers", first=RCNN_GAP.name, second=FIRST_GAP.name),
        NoDirection(finding="S2-F25", first=RCNN_GAP.name, second=LAST.name),
        Equal(finding="S2-F26", part="accuracy", first=GRU.name, second=RCNN_GAP.name, hypothesis=True),
        *(
            Cost(finding="S2-F26", part=part, cheaper=GRU.name, dearer=RCNN_GAP.name, metric=metric, hypothesis=True)
            for part, metric in {"parameters": "parameters", "time": "seconds_per_epoch"}.items()
        ),
        *(
            Better(finding="S2-F37", part=head, better=one.name, worse=LSTM.name, printed=more)
            for head, (one, more) in LIFTED.items()
        ),
        NoDirection(finding="S2-F37", part="one LSTM layer", first=LSTM_CNN.name, second=ONE_LAYER.name),
    ),
)
