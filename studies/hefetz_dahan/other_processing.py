"""Method: empty and noisy samples were inserted, and samples combined and shifted."""

from analysis.claims import NoDirection
from studies.hefetz_dahan.printed import COARSE, FIXED, MIXED, SEVERAL_LABELS, SHARED, model_2
from studies.study import Study

# By a yes or no for each class an empty sample has no label; a network that names one class would keep a wrong one.
PROCESSED = {
    "empty": model_2("Model 2, several labels, empty samples", loss="bce", augmentation="silence"),
    "noisy": model_2("Model 2, several labels, noisy samples", loss="bce", augmentation="noise"),
    "combined": MIXED,
    "shifted": model_2("Model 2, several labels, shifted samples", loss="bce", augmentation="roll"),
}

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], "a twentieth empty, noise 10 to 30 dB below, shifts of up to .5 s")},
    section="Method",
    title="Empty, noisy, combined and shifted samples",
    question="What do empty, noisy, combined and shifted samples change?",
    fixed=FIXED,
    arms=(SEVERAL_LABELS, *PROCESSED.values()),
    claims=tuple(
        NoDirection(finding="S1-F6", part=part, first=arm.name, second=SEVERAL_LABELS.name)
        for part, arm in PROCESSED.items()
    ),
    reduced=COARSE,
)
