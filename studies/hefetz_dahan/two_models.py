"""Model 1, Model 2: nine spectrograms reach about 15 %, and three with a deeper network about 30 %."""

from analysis.claims import Better, Level, Runs
from studies.hefetz_dahan.printed import FIXED, MODEL_1, MODEL_2, SHARED, SMALL
from studies.study import Study

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], "sizes: Model 1 is called too big, and is smaller here than Model 2")},
    section="Model 1, Model 2",
    title="Model 1 and Model 2",
    question="Does a network on nine spectrograms reach 15 %, and a deeper one on three of them 30 %?",
    fixed=FIXED,
    arms=(MODEL_1, MODEL_2),
    claims=(
        Level(finding="S1-F1", arm=MODEL_1.name, printed=15),
        Better(
            finding="S1-F2",
            part="gain",
            better=MODEL_2.name,
            worse=MODEL_1.name,
            printed=15,
            confounded="Model 2 is deeper, has three of the nine spectrograms and 26 % more parameters",
        ),
        Level(finding="S1-F2", part="level", arm=MODEL_2.name, printed=30),
        # X29: most runs at 15 to 20 %, and chapters at 15, 30, 45 and 51 %. These are the document's first networks.
        Runs(finding="S1-F4", of=(MODEL_1.name, MODEL_2.name), low=15, high=20, protocols=("as_published",)),
    ),
    reduced=SMALL,
)
