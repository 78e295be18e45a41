"""Results, Discussion: Model 2 is better than Model 1, in all and in most families."""

from analysis.claims import Better, ClassShare, NoDirection
from studies.raval_mateti.printed import FIXED, M1, M2, M2_AUDIO, SHARED, TESTED, model_2, withheld
from studies.study import Study

DIFFER = "data, features and network differ"
# With the network of Model 2 each is changed by itself.
ON_TRAIN = model_2("Model 2 on the notes of Model 1", trained_on="train")
AUDIO_ON_TRAIN = model_2("Model 2 on the notes of Model 1, audio alone", trained_on="train", withheld=withheld())
ALONE = {
    "data, with features": (M2, ON_TRAIN),
    "data, audio alone": (M2_AUDIO, AUDIO_ON_TRAIN),
    "features, on validation notes": (M2, M2_AUDIO),
    "features, on training notes": (ON_TRAIN, AUDIO_ON_TRAIN),
    "network": (AUDIO_ON_TRAIN, M1),
}

STUDY = Study(
    **SHARED,
    section="Results, Discussion",
    title="Model 2 against Model 1",
    question="Is Model 2 better than Model 1, on how many families, and is it so by its data, features or network?",
    fixed=FIXED,
    arms=(M1, M2, M2_AUDIO, ON_TRAIN, AUDIO_ON_TRAIN),
    claims=(
        # As published Model 2 knows the instruments that it is tested on. Corrected, the two are trained and tested on
        # different notes, and compared on the instruments that both were tested on in a repetition: few.
        Better(finding="S3-F7", better=M2.name, worse=M1.name, printed=35.43, confounded=DIFFER),
        *(
            NoDirection(finding="S3-F7", part=part, first=first.name, second=second.name)
            for part, (first, second) in ALONE.items()
        ),
        ClassShare(finding="S3-F14", better=M2.name, worse=M1.name, classes=TESTED),
    ),
)
