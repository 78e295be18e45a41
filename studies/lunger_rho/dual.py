"""Section 2.1, 3.1: a second ResNet on the stacked outputs of the segments beats the first, and overfits."""

from analysis.claims import Better, Level, NoDirection
from studies.lunger_rho.printed import COARSE, EPOCHS, FIXED, RESNET_34, SHARED, resnet_34, resnet_50
from studies.study import Study

# Half of the epochs are the first network's: what it does alone is measured in these very trainings. On what the second
# was trained is not printed: on outputs for what the first had learned (B13), or on those of networks without it.
DUAL = resnet_34("two ResNets", training="dual")
DUAL_50 = resnet_50("two ResNets, the first of 50 layers", training="dual")
FOLDS = resnet_34("two ResNets, out of fold", training="dual", stacking="out_of_fold")
LOGISTIC = resnet_34("logistic, out of fold", training="dual", stacking="out_of_fold", stack_network="logistic")
SUM = resnet_34("sum of the first ResNet", training="dual", stack_network="sum")
STACKED = {"in sample": DUAL, "out of fold": FOLDS}

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], "architecture of the second ResNet, and what it was trained on")},
    section="2.1, 3.1",
    title="A second ResNet on the outputs of the first",
    question="Does a second ResNet name clips better than the first, and than the sum of its outputs?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=(DUAL, DUAL_50, FOLDS, LOGISTIC, SUM, RESNET_34),
    claims=(
        # As printed, clips are compared with segments, which are harder: the sum is the fair rival.
        Better(finding="S0-F7", part="gain", better=DUAL.name, worse=0.0, metric="gain_over_segments", printed=9.51),
        Level(finding="S0-F7", part="segments", arm=DUAL.name, metric="segment_accuracy", printed=37.65),
        Level(finding="S0-F7", part="clips", arm=DUAL.name, printed=47.16),
        *(
            NoDirection(finding="S0-F7", part=f"gain {part}", first=model.name, second=0.0, metric="gain_over_segments")
            for part, model in {"out of fold": FOLDS, "of 50 layers": DUAL_50}.items()
        ),
        *(
            Better(finding="S0-F8", part=part, better=model.name, worse=0.0, metric="gain_over_sum", hypothesis=True)
            for part, model in STACKED.items()
        ),
        *(
            NoDirection(
                finding="S0-F8", part=f"{rule}, {part}", first=model.name, second=0.0, metric=f"gain_over_{rule}"
            )
            for rule in ("product", "vote")
            for part, model in STACKED.items()
        ),
        NoDirection(finding="S0-F8", part="logistic", first=FOLDS.name, second=LOGISTIC.name),
        NoDirection(finding="S0-F8", part="a sum of all epochs", first=FOLDS.name, second=RESNET_34.name),
        *(
            Better(finding="S0-F9", part=part, better=SUM.name, worse=DUAL.name, metric=metric)
            for part, metric in {"classes": "recall_spread", "overfitting": "gap"}.items()
        ),
        NoDirection(finding="S0-F9", part="worst class", first=SUM.name, second=DUAL.name, metric="minimum_recall"),
    ),
    reduced=COARSE,
)
