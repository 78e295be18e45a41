"""Discussion: that features were added is one reason for the better result. The training part is not used."""

from analysis.claims import Better, NoDirection
from studies.raval_mateti.printed import FEATURES, FIXED, M2, M2_AUDIO, SHARED, model_2, withheld
from studies.study import Arm, Study
from trainables.corpora.nsynth_names import SIDE_FEATURES


def given(name: str, *features: str) -> Arm:
    """Model 2 with a branch of its own for all values, which is given those of some features, and zeros for others."""
    return model_2(f"{name}, in a branch", side_branch=len(SIDE_FEATURES), withheld=withheld(*features))


AUDIO, ALL = given("audio alone"), given("all features", *FEATURES)
GIVEN = {**{feature: given(feature, feature) for feature in FEATURES}, "all": ALL}

STUDY = Study(
    **SHARED,
    section="Discussion",
    title="Features of the notes beside their audio",
    question="Is Model 2 better with the source, pitch, velocity and qualities of a note?",
    fixed=FIXED,
    arms=(AUDIO, *GIVEN.values(), M2, M2_AUDIO),
    claims=(
        # Not as samples at the end, where unpadded convolutions and two poolings leave out what comes last: a single
        # value there is never seen. Qualities are labels that people and rules gave: audio alone is the headline.
        *(Better(finding="S3-F8", part=feature, better=arm.name, worse=AUDIO.name) for feature, arm in GIVEN.items()),
        NoDirection(finding="S3-F8", part="all, as samples", first=M2.name, second=M2_AUDIO.name),
    ),
)
