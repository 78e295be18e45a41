"""Introduction: some of the nine spectrograms were the most influential, and three of them were kept."""

from analysis.claims import NoDirection, Unequal
from studies.hefetz_dahan.printed import (
    COARSE_QUARTER,
    FIXED,
    MEL_ALONE,
    MODEL_1,
    ONLY,
    SHARED,
    SPECTROGRAMS,
    as_large,
)
from studies.study import Study

WITHOUT = {spectrogram: as_large(f"without {spectrogram}", without=spectrogram) for spectrogram in SPECTROGRAMS}
FAR_MORE = 5.0

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], "which three spectrograms were kept: mel ones of all windows")},
    section="Introduction",
    title="Which of the nine spectrograms matter",
    question="Do some of the nine spectrograms tell instruments apart far better than others?",
    fixed=FIXED,
    arms=(MODEL_1, MEL_ALONE, *ONLY.values(), *WITHOUT.values()),
    claims=(
        # Alone they are nine independent networks. What is lost without one of nine is small, and shown beside.
        Unequal(finding="S1-F12", among=tuple(arm.name for arm in ONLY.values()), margin=FAR_MORE),
        NoDirection(finding="S1-F12", part="the three that were kept", first=MEL_ALONE.name, second=MODEL_1.name),
        *(
            NoDirection(finding="S1-F12", part=arm.name, first=arm.name, second=MODEL_1.name)
            for arm in WITHOUT.values()
        ),
    ),
    reduced=COARSE_QUARTER,
)
