"""Section 3: the best rate of dropout is .5."""

from analysis.claims import Optimum
from studies.lunger_rho.printed import COARSE, DROPOUT_EPOCHS, FIXED, SHARED, with_dropout
from studies.study import Study

RATES = {rate: with_dropout("cnn", rate) for rate in (0.0, 0.1, 0.25, 0.5, 0.7, 0.9)}

STUDY = Study(
    **SHARED,
    section="3",
    title="The rate of dropout in the CNN",
    question="Is .5 the best rate of dropout?",
    epochs=DROPOUT_EPOCHS,
    fixed=FIXED,
    arms=tuple(RATES.values()),
    claims=(Optimum(finding="S0-F15", levels=tuple(arm.name for arm in RATES.values()), at=RATES[0.5].name),),
    reduced=COARSE,
)
