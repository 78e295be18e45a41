"""Other papers that influenced design: convolution, normalisation, ReLU, dropout is the order advised."""

from analysis.claims import Better, NoDirection
from studies.fagan.printed import CNN_GAP_DROPOUT, FIXED, SHARED, gap
from studies.study import Study

NAME = "1-D CNN, global average pooling, {}"
OTHERS = {
    order: gap(NAME.format(order), order=order, conv_dropout=0.1)
    for order in (
        "convolution-activation-norm-pool-dropout",
        "convolution-dropout-norm-activation-pool",
        "convolution-norm-dropout-activation-pool",
    )
}
# The advice has no pooling in it: dropout may as well stand in front of it.
BEFORE_POOLING = gap(
    NAME.format("dropout of .1 before pooling"), order="convolution-norm-activation-dropout-pool", conv_dropout=0.1
)

STUDY = Study(
    **SHARED,
    section="Other papers that influenced design",
    title="The order of convolution, normalisation, activation and dropout",
    question="Is the advised order better than others?",
    fixed=FIXED,
    arms=(CNN_GAP_DROPOUT, *OTHERS.values(), BEFORE_POOLING),
    claims=(
        *(
            Better(finding="S2-F43", part=order, better=CNN_GAP_DROPOUT.name, worse=other.name, hypothesis=True)
            for order, other in OTHERS.items()
        ),
        NoDirection(finding="S2-F43", part="before pooling", first=CNN_GAP_DROPOUT.name, second=BEFORE_POOLING.name),
    ),
)
