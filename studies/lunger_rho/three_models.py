"""Section 2: the linear network learns nothing, and the CNN overfits less than the ResNet and is less accurate."""

from analysis.claims import Better, Equal, NoDirection
from studies.lunger_rho.printed import CNN, EPOCHS, FIXED, GUESSED, LINEAR, OF_THE_CNN, RESNET_50, SHARED, SPARSE
from studies.study import Study, varied

CHANCE = 100 / 11
# X2: a quarter of the data, of which each repetition draws another.
LINE, SMALL, DEEP = (
    varied(model, f"{model.name}, a quarter of the data", data_fraction=0.25) for model in (LINEAR, CNN, RESNET_50)
)
HIDDEN = varied(LINE, "linear network with a hidden layer, a quarter of the data", hidden=256)
UNLIKE = "two networks that differ in depth, size and normalisation"

STUDY = Study(
    **{**SHARED, "guessed": (*GUESSED, OF_THE_CNN, "architecture of the linear network")},
    section="2",
    title="A linear network, a CNN and a ResNet",
    question="Does the linear network learn nothing, and is the ResNet more accurate than the CNN and overfits more?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=(LINE, HIDDEN, SMALL, DEEP),
    claims=(
        # Of its own test part: classes are not equally large.
        Equal(finding="S0-F1", first=LINE.name, second=0.0, metric="accuracy_over_majority"),
        NoDirection(finding="S0-F1", part="chance", first=LINE.name, second=CHANCE, metric="balanced_accuracy"),
        NoDirection(
            finding="S0-F1", part="hidden layer", first=HIDDEN.name, second=0.0, metric="accuracy_over_majority"
        ),
        Better(
            finding="S0-F2",
            part="loss",
            better=SMALL.name,
            worse=DEEP.name,
            metric="validation_loss",
            margin=0.05,
            confounded=UNLIKE,
        ),
        Better(finding="S0-F2", part="accuracy", better=DEEP.name, worse=SMALL.name, confounded=UNLIKE),
        Better(
            finding="S0-F4",
            better=SMALL.name,
            worse=DEEP.name,
            metric="validation_loss_rise",
            margin=0.05,
            confounded=UNLIKE,
        ),
        NoDirection(
            finding="S0-F4",
            part="slope",
            first=SMALL.name,
            second=DEEP.name,
            metric="validation_loss_slope",
            margin=0.01,
        ),
    ),
    inflation=(SMALL.name, DEEP.name),
    reduced=SPARSE,
)
