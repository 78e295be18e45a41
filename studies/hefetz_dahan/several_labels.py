"""Multilabel training data, Switch to single label: mixed clips gave no results, and the data too little for labels."""

from analysis.claims import Better, NoDirection
from studies.hefetz_dahan.printed import COARSE, FIXED, MIXED, MODEL_2, SEVERAL_LABELS, SHARED
from studies.study import Study

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], "sums of two or three clips, with the labels of all")},
    section="Multilabel training data, Switch to single label classifying",
    title="One label or several, and mixed clips",
    question="Is a network better that names one instrument, and does one that names several learn from mixed clips?",
    fixed=FIXED,
    arms=(MODEL_2, SEVERAL_LABELS, MIXED),
    claims=(
        # Clips with the labels of several need a yes or no for each: beside them stands what is trained so, unmixed.
        Better(finding="S1-F5", better=SEVERAL_LABELS.name, worse=MIXED.name),
        NoDirection(
            finding="S1-F5",
            part="on excerpts of several labels",
            first=SEVERAL_LABELS.name,
            second=MIXED.name,
            metric="micro_f1",
        ),
        Better(finding="S1-F7", part="the best class", better=MODEL_2.name, worse=SEVERAL_LABELS.name),
        Better(
            finding="S1-F7",
            part="on excerpts of several labels",
            better=MODEL_2.name,
            worse=SEVERAL_LABELS.name,
            metric="micro_f1",
        ),
    ),
    reduced=COARSE,
)
