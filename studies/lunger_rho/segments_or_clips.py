"""Sections 1.3, 2.1, 3.1: on whole clips ResNet-50 overfits from the start; on segments later, and reaches far more."""

from analysis.claims import Better, Equal, Level, NoDirection
from studies.lunger_rho.printed import COARSE, EPOCHS, FIXED, RESNET_50, RESNET_50_CLIPS, SHARED, resnet_50
from studies.study import Study

# As printed, segments are scored one by one, in batches of 512, and clips in batches of 60: three things change.
SCORED = resnet_50("ResNet-50, scored by segment", aggregation="segment")
SMALL = resnet_50("ResNet-50, batches of 60", batch_size=60)
LARGE = resnet_50("ResNet-50 on clips, batches of 512", seconds=3.0)
SEGMENTS, CLIPS = RESNET_50, RESNET_50_CLIPS

STUDY = Study(
    **SHARED,
    section="1.3, 2.1, 3.1",
    title="Segments or whole clips in ResNet-50",
    question="Does ResNet-50 overfit at once on whole clips, and reach 22 points more on segments?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=(SCORED, SEGMENTS, SMALL, CLIPS, LARGE),
    claims=(
        Level(finding="S0-F22", part="level", arm=CLIPS.name, printed=15.67),
        Equal(finding="S0-F22", part="onset", first=CLIPS.name, second=1.0, metric="best_epoch", margin=2.0),
        Level(finding="S0-F23", part="level", arm=SCORED.name, printed=37.65),
        Equal(finding="S0-F23", part="onset", first=SCORED.name, second=10.0, metric="best_epoch", margin=4.0),
        Equal(
            finding="S0-F23",
            part="level after it",
            first=SCORED.name,
            second=0.0,
            metric="validation_loss_slope",
            margin=0.01,
        ),
        Better(
            finding="S0-F24",
            better=SCORED.name,
            worse=CLIPS.name,
            printed=21.98,
            confounded="batches of 512 and of 60, and segments scored one by one",
        ),
        *(
            NoDirection(finding="S0-F24", part=part, first=segments.name, second=clips.name)
            for part, (segments, clips) in {
                "clips scored": (SEGMENTS, CLIPS),
                "clips scored, batches of 60": (SMALL, CLIPS),
                "clips scored, batches of 512": (SEGMENTS, LARGE),
            }.items()
        ),
    ),
    reduced=COARSE,
)
