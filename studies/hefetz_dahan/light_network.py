"""Model 3: a Morlet transform and six blocks make a light network."""

from analysis.claims import Cost, Level
from studies.hefetz_dahan.printed import FIXED
from studies.hefetz_dahan.transfer import CNN14
from studies.hefetz_dahan.wavelets import MODEL_3, OF_MODEL_3
from studies.study import Study

STUDY = Study(
    **OF_MODEL_3,
    section="Model 3",
    title="The parameters of Model 3",
    question="Has Model 3 at most two million parameters, fewer than PANN?",
    fixed=FIXED,
    arms=(MODEL_3, CNN14),
    # Counted, not trained: no layers are printed, and the network was designed to that figure. Cnn14 is that of PANN,
    # whose weights are no more or fewer for being published.
    claims=(
        Level(
            finding="S1-F15",
            part="at most",
            arm=MODEL_3.name,
            printed=2_000_000,
            relation="below",
            metric="parameters",
        ),
        Cost(finding="S1-F15", part="light", cheaper=MODEL_3.name, dearer=CNN14.name, metric="parameters"),
    ),
)
