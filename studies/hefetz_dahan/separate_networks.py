"""Conclusions, note 2: segregating features into different networks perhaps hindered the model."""

from analysis.claims import Better, NoDirection
from studies.hefetz_dahan.printed import COARSE_QUARTER, FIXED, SHARED, as_large, branches
from studies.study import Study

APART, DEEP_APART = branches(9, 4), branches(3, 6)
TOGETHER = as_large("9 spectrograms in one branch, 4 blocks", fusion="early", depth=4)
DEEP_TOGETHER = as_large("3 spectrograms in one branch, 6 blocks", fusion="early", depth=6, scales="mel")

STUDY = Study(
    **SHARED,
    section="Conclusions",
    title="A branch for each spectrogram, or one for all",
    question="Of two networks of one size, is one path over all spectrograms better than a path for each?",
    fixed=FIXED,
    arms=(APART, TOGETHER, DEEP_APART, DEEP_TOGETHER),
    claims=(
        Better(finding="S1-F13", better=TOGETHER.name, worse=APART.name, hypothesis=True),
        NoDirection(finding="S1-F13", part="three", first=DEEP_TOGETHER.name, second=DEEP_APART.name),
    ),
    reduced=COARSE_QUARTER,
)
