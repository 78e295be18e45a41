"""Section 3: a learning rate of .001 is best in each case."""

from analysis.claims import Optimum
from search_spaces.optimisation import momentum
from studies.lunger_rho import printed as p
from studies.study import Study

PRINTED = 1e-3
CASES = (p.LINEAR, p.CNN, p.CNN_CLIPS, p.RESNET_34, p.RESNET_34_CLIPS)
RATES = {case.name: {rate: p.at_rate(case, rate) for rate in (1e-5, 1e-4, PRINTED, 1e-2, 1e-1)} for case in CASES}

STUDY = Study(
    **{**p.SHARED, "tuned": momentum()},
    section="3",
    title="Learning rates, by network and input",
    question="Is .001 the best learning rate of each network, on segments and on whole clips?",
    # All of them: where few are trained the highest rate is ahead for that alone.
    epochs=p.EPOCHS,
    fixed=p.FIXED,
    arms=tuple(arm for levels in RATES.values() for arm in levels.values()),
    claims=tuple(
        Optimum(finding="S0-F11", part=case, levels=tuple(arm.name for arm in levels.values()), at=levels[PRINTED].name)
        for case, levels in RATES.items()
    ),
    reduced=p.COARSE,
)
