"""Section 3: dropout raises the accuracy of the CNN."""

from analysis.claims import Better
from studies.lunger_rho.printed import COARSE, DROPOUT_EPOCHS, FIXED, SHARED, with_dropout
from studies.study import Study

NONE, HALF = with_dropout("cnn", 0.0), with_dropout("cnn", 0.5)

STUDY = Study(
    **SHARED,
    section="3",
    title="The CNN with and without dropout",
    question="Is the CNN more accurate with dropout?",
    epochs=DROPOUT_EPOCHS,
    fixed=FIXED,
    arms=(NONE, HALF),
    claims=(Better(finding="S0-F13", better=HALF.name, worse=NONE.name),),
    reduced=COARSE,
)
