"""Experimental Setup: a learning rate of .005 seems to be the advised one to start from."""

from analysis.claims import Optimum
from search_spaces.optimisation import batch_size
from studies.fagan.printed import ACN_GAP, FIXED, SHARED, acn
from studies.study import Study

PRINTED = 0.005
RATES = {
    rate: ACN_GAP if rate == PRINTED else acn(f"1-D CNN without pooling layers, rate {rate:g}", learning_rate=rate)
    for rate in (1e-4, 5e-4, 1e-3, PRINTED, 1e-2, 5e-2)
}

STUDY = Study(
    **{**SHARED, "tuned": batch_size(32, 64, 128)},
    section="Experimental Setup",
    title="Learning rates of Adam",
    question="Is .005 the best learning rate?",
    fixed=FIXED,
    arms=tuple(RATES.values()),
    claims=(
        Optimum(
            finding="S2-F28",
            levels=tuple(arm.name for arm in RATES.values()),
            at=RATES[PRINTED].name,
            hypothesis=True,
        ),
    ),
)
