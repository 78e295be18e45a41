"""Section 3: dropout stops the ResNet overfitting only where there is so much of it that accuracy falls."""

from analysis.claims import Better, Equal
from studies.lunger_rho.printed import COARSE, DROPOUT_EPOCHS, FIXED, NARROW, SHARED, with_dropout
from studies.study import Study, both

NONE, HALF, MOST = (with_dropout("resnet", rate) for rate in (0.0, 0.5, 0.9))

STUDY = Study(
    **SHARED,
    section="3",
    title="The ResNet with no, half and nearly all dropout",
    question="Does dropout stop the ResNet overfitting, and does it cost accuracy where it does?",
    epochs=DROPOUT_EPOCHS,
    fixed={**FIXED, "depth": 50},
    arms=(NONE, HALF, MOST),
    claims=(
        Equal(finding="S0-F14", part="gap at .5", first=HALF.name, second=NONE.name, metric="gap"),
        Better(finding="S0-F14", part="gap at .9", better=MOST.name, worse=NONE.name, metric="gap"),
        Better(finding="S0-F14", part="accuracy at .9", better=NONE.name, worse=MOST.name),
    ),
    # Six minutes of one core an epoch in full.
    reduced=both(COARSE, NARROW),
)
