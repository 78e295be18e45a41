"""Sections 2, 2.1: a ResNet passes 30 % on a tenth of the data; its adaptation reaches 37 % on all, then overfits."""

from analysis.claims import Equal, Level, NoDirection
from studies.lunger_rho.printed import EPOCHS, FIXED, RESNET_34, RESNET_50, SHARED, SPARSE, resnet_34, resnet_50
from studies.study import Study

# X4: the adapted network may be of 34 layers. X2: the first one was trained on a tenth.
FIRST, FIRST_34 = (
    model(f"{name}, a tenth of the data", data_fraction=0.1)
    for model, name in ((resnet_50, RESNET_50.name), (resnet_34, RESNET_34.name))
)
ADAPTED = RESNET_34

STUDY = Study(
    **SHARED,
    section="2, 2.1",
    title="The first ResNet and its adaptation",
    question="Does a ResNet pass 30 % on a tenth of the data, and its adaptation little more on all, in five epochs?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=(FIRST, FIRST_34, RESNET_50, ADAPTED),
    claims=(
        Level(finding="S0-F3", arm=FIRST.name, printed=30, relation="above"),
        NoDirection(finding="S0-F3", part="34 layers", first=FIRST_34.name, second=30.0),
        # Tested is what is left after all epochs; on the way there are the validation data alone.
        Level(finding="S0-F5", part="after 5 epochs", arm=ADAPTED.name, metric="accuracy_at_5", printed=37),
        NoDirection(finding="S0-F5", part="at the end", first=ADAPTED.name, second=37.0),
        # "Not much better" than more than 30 %: by 7 points at most.
        Equal(
            finding="S0-F5",
            part="little more than before",
            first=ADAPTED.name,
            second=FIRST.name,
            margin=7.0,
            confounded="depth and data change at once",
        ),
        *(
            NoDirection(finding="S0-F5", part=part, first=more.name, second=less.name)
            for part, (more, less) in {
                "data, 34 layers": (ADAPTED, FIRST_34),
                "data, 50 layers": (RESNET_50, FIRST),
                "depth on all": (RESNET_50, ADAPTED),
                "depth on a tenth": (FIRST, FIRST_34),
            }.items()
        ),
        Equal(finding="S0-F6", first=ADAPTED.name, second=5.0, metric="best_epoch", margin=4.0),
    ),
    reduced=SPARSE,
)
