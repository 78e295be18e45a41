"""Model, Discussion: trained on all of the training data and for more epochs, Model 1 would be better."""

from analysis.claims import Better, NeverHurts, NoDirection
from studies.raval_mateti.printed import FIXED, M1, SHARED, model_1
from studies.study import Arm, Reduced, Study


def notes(name: str, most: int, smoke: int, laptop: int, times: int = 1) -> Arm:
    """Model 1 on so many notes of each family and source (0: all), and on so many where it is reduced."""
    # An eighth of the widths at both scales: the most notes take eight times the fewest.
    small = {"widths": "8-8", "head_widths": "12"}
    reduced: Reduced = {"smoke": {**small, "per_key": smoke}, "laptop": {**small, "per_key": laptop}}
    return model_1(name, times=times, reduced=reduced, per_key=most)


SUBSET = notes(M1.name, 3000, 3, 75)
LEVELS = (SUBSET, notes("6,000 a key", 6000, 6, 150), notes("12,000 a key", 12_000, 12, 300), notes("all", 0, 24, 600))
LONGER = notes("Model 1, twice the epochs", 3000, 3, 75, times=2)
ALL = LEVELS[-1]
BOTH = notes("all, twice the epochs", 0, 24, 600, times=2)

STUDY = Study(
    **SHARED,
    section="Model, Discussion",
    title="More training notes and more epochs for Model 1",
    question="Is Model 1 better if it is trained on all training notes and for more epochs?",
    fixed=FIXED,
    arms=(*LEVELS, LONGER, BOTH),
    claims=(
        Better(finding="S3-F4", part="both", better=BOTH.name, worse=SUBSET.name, hypothesis=True),
        NeverHurts(finding="S3-F4", part="notes", levels=tuple(arm.name for arm in LEVELS), hypothesis=True),
        NoDirection(finding="S3-F4", part="notes alone", first=ALL.name, second=SUBSET.name),
        NoDirection(finding="S3-F4", part="epochs alone", first=LONGER.name, second=SUBSET.name),
    ),
)
