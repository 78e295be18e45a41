"""Section 1: the wider network is more accurate."""

from analysis.claims.own import Far
from search_spaces.own import own_rate
from studies.own.printed import RECIPE

from analysis.claims import Better
from studies.study import Study, arm

NARROW, WIDE = arm("narrow", own_units=4), arm("wide", own_units=8)

STUDY = Study(
    document="own",
    section="1",
    title="The width",
    question="Is the wider network more accurate?",
    corpus="own_tones",
    epochs=3,
    fixed={
        **{name: value for name, value in RECIPE.settings.items() if name != "epochs"},
        "segmentation": "whole",
        "front_end": "own_bands",
        "architecture": "own_network",
        "training": "own_training",
        "augmentation": "own_gain",
        "own_patience": 4,
    },
    tuned=own_rate(),
    arms=(NARROW, WIDE),
    claims=(
        Better(finding="S9-F1", better=WIDE.name, worse=NARROW.name),
        Better(finding="S9-F1", part="errors", better=WIDE.name, worse=NARROW.name, metric="own_errors", margin=1.0),
        Far(finding="S9-F2", here=WIDE.name, there=NARROW.name),
    ),
)
