"""Introduction, Results: on mel bands 2-D CNNs fall behind 1-D CNNs, and take much longer."""

from analysis.claims import Better, Cost, NoDirection
from studies.fagan.printed import ACN_2D_GAP, ACN_GAP, CNN_2D_FC, CNN_FC, CNN_GAP, FIXED, SHARED
from studies.study import Reduced, Study, both, varied

# Both sides of a comparison are reduced alike, to half of their widths and 64 bands.
HALVED: Reduced = {"laptop": {"bands": 64, "widths": "64-64-128-128-256"}, "smoke": {"bands": 64}}
FC, GAP, ACN = (varied(arm, arm.name, reduced=both(arm.reduced, HALVED)) for arm in (CNN_FC, CNN_GAP, ACN_GAP))
# Like with like: dense heads and poolings, and neither dense heads nor poolings.
PAIRS = {"dense": (FC, CNN_2D_FC), "all convolutions": (ACN, ACN_2D_GAP)}

STUDY = Study(
    **SHARED,
    section="Introduction, Results",
    title="One or two dimensions on mel bands",
    question="Is a 1-D CNN on mel bands more accurate than a 2-D CNN, and does it take less time?",
    fixed=FIXED,
    arms=(FC, GAP, ACN, CNN_2D_FC, ACN_2D_GAP),
    claims=(
        *(Better(finding="S2-F5", part=part, better=one.name, worse=two.name) for part, (one, two) in PAIRS.items()),
        # The table's best of either kind differ in their heads, too.
        NoDirection(finding="S2-F5", part="as the table has them", first=GAP.name, second=CNN_2D_FC.name),
        *(Cost(finding="S2-F6", part=part, cheaper=one.name, dearer=two.name) for part, (one, two) in PAIRS.items()),
    ),
)
