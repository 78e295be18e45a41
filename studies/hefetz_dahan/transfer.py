"""Transfer learning: with the weights of "PANN" accuracy reaches about 45 %."""

from analysis.claims import Better, Level, NoDirection
from studies.hefetz_dahan.printed import CNN14_IN_PHASES, FIXED, MODEL_2, MODEL_2_ON_MEL, PANN, SHARED, SMALL, cnn14
from studies.study import Study

CNN14 = cnn14("Cnn14, random weights")

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], "architecture: that PANN is Cnn14, with a new last layer")},
    section="Transfer learning",
    title="Published weights, and the network that they are for",
    question="Is PANN with its published weights better than Model 2, and are its weights the reason?",
    fixed=FIXED,
    # From Model 2 to PANN one thing changes after another: input, network, schedule, weights. For Model 2 there are no
    # published weights. Cnn14 is whole at the scale "laptop", too: a narrower one has no published weights.
    arms=(MODEL_2, MODEL_2_ON_MEL, CNN14, CNN14_IN_PHASES, PANN),
    claims=(
        Better(
            finding="S1-F8",
            part="gain",
            better=PANN.name,
            worse=MODEL_2.name,
            printed=15,
            confounded="input, network, schedule and weights differ, which other parts take apart",
        ),
        Better(finding="S1-F8", part="weights", better=PANN.name, worse=CNN14_IN_PHASES.name, printed=15),
        NoDirection(finding="S1-F8", part="schedule", first=CNN14_IN_PHASES.name, second=CNN14.name),
        NoDirection(finding="S1-F8", part="network", first=CNN14.name, second=MODEL_2_ON_MEL.name),
        NoDirection(finding="S1-F8", part="input", first=MODEL_2_ON_MEL.name, second=MODEL_2.name),
        Level(finding="S1-F8", part="level", arm=PANN.name, printed=45),
    ),
    reduced=SMALL,
)
