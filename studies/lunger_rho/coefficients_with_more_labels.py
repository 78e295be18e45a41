"""Section 3: how many coefficients are needed may change with larger data sets of more labels."""

from analysis.claims import NeverHurts, Saturates
from studies.lunger_rho import printed as p
from studies.study import Study

LEVELS = tuple(p.of(p.CNN, count) for count in p.COEFFICIENTS)
NAMES = tuple(arm.name for arm in LEVELS)

STUDY = Study(
    **{**p.SHARED, "corpus": "nsynth", "guessed": (*p.GUESSED, p.OF_THE_CNN, "which larger data set")},
    section="3",
    title="Number of MFCC coefficients on NSynth",
    question="On more data with more labels, do more coefficients never hurt, and is little gained beyond thirty?",
    epochs=p.EPOCHS,
    # 953 instruments of the training part as labels, pitches apart: families would be as few as those of IRMAS.
    fixed={**p.FIXED, "labelled_by": "instrument", "within": "train"},
    arms=LEVELS,
    claims=(
        NeverHurts(finding="S0-F18", part="never hurts", levels=NAMES, hypothesis=True),
        Saturates(finding="S0-F18", part="up to 30", levels=NAMES, at=p.CNN.name, hypothesis=True),
    ),
    # 53 instruments, and still twice as many notes as IRMAS has clips.
    reduced={"smoke": {**p.COARSE["smoke"], "within": "valid"}, "laptop": {"within": "valid"}},
)
