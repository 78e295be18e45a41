"""Experimental Setup: cutting each song into ten parts, ten times the data, improves results."""

from analysis.claims import Better, NoDirection
from studies.fagan.printed import CNN_GAP, CUT, FIXED, SHARED, gap
from studies.study import Reduced, Study

# At the scale at which a segment is cut, a song keeps ten times as much.
CUT_SONG: Reduced = {"smoke": {"frames": 1 + 10 * CUT // 512}}
SONGS = gap("1-D CNN, whole songs", count=1, reduced=CUT_SONG)
LONGER = gap("1-D CNN, whole songs, as many steps", count=1, times=10, reduced=CUT_SONG)

STUDY = Study(
    **SHARED,
    section="Experimental Setup",
    title="Whole songs or ten segments of each",
    question="Is the 1-D CNN better at songs if it learns from ten segments of each?",
    fixed=FIXED,
    arms=(SONGS, CNN_GAP, LONGER),
    # Songs are divided and scored under the corrected protocol alone: the published one tests segments, of which a
    # whole song has none.
    claims=(
        Better(finding="S2-F22", better=CNN_GAP.name, worse=SONGS.name, protocols=("corrected",)),
        # Ten segments are also ten times the steps of an epoch, which may be all that helps.
        NoDirection(
            finding="S2-F22",
            part="equal steps",
            first=CNN_GAP.name,
            second=LONGER.name,
            protocols=("corrected",),
        ),
    ),
)
