"""Results: the table of 21 models, level by level and as a ranking."""

from itertools import groupby

from analysis.claims import Level, Ranking
from analysis.findings.fagan import TABLE
from studies.fagan.printed import ACN_GAP, CNN_GAP, FIXED, ROWS, SHARED
from studies.study import Study

PRINTED = {arm.name: round(100 * row.test, 1) for arm, row in zip(ROWS, TABLE, strict=True)}
BEST_FIRST = sorted(PRINTED, key=lambda name: -PRINTED[name])
PLACES = [tuple(equal) for _, equal in groupby(BEST_FIRST, key=lambda name: PRINTED[name])]

STUDY = Study(
    **SHARED,
    section="Results",
    title="The table of 21 models",
    question="Does every model reach the test accuracy that is printed of it, and are they in the printed order?",
    fixed=FIXED,
    arms=ROWS,
    # Every claim of a file counts in the correction of its p values: what the text says of the best and the worst model
    # is judged beside these levels by a file of its own, `best_model`, over the same trials.
    claims=(
        *(Level(finding=f"S2-R{n}", arm=arm.name, printed=PRINTED[arm.name]) for n, arm in enumerate(ROWS, 1)),
        Ranking(finding="S2-F46", ranking=tuple(names if len(names) > 1 else names[0] for names in PLACES)),
    ),
    inflation=(CNN_GAP.name, ACN_GAP.name),
)
