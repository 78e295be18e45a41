"""Model, Discussion: Model 2, its log of training, and which notes it is good at. The training part is not used."""

from collections.abc import Mapping
from typing import Any

from analysis.claims import Level, Slope
from analysis.findings.raval_mateti import LOG, TESTED
from studies.raval_mateti.printed import EPOCHS, FIXED, M2, SHARED
from studies.study import Study

TRAIN_LOSS, TRAIN_ACCURACY, VALIDATION_LOSS, VALIDATION_ACCURACY = LOG[EPOCHS]
LOGGED = {
    "training accuracy": ("train_accuracy", 100 * TRAIN_ACCURACY, 5.0),
    "training loss": ("train_loss", TRAIN_LOSS, 0.02),
    "validation accuracy": ("validation_accuracy", 100 * VALIDATION_ACCURACY, 5.0),
    "validation loss": ("last_validation_loss", VALIDATION_LOSS, 5.0),
    "test loss": ("test_loss", TESTED[0], 3.0),
}
"""The log of the last epoch, and how near is as printed: about as near as the last but one, or a quarter."""
EPOCH_SECONDS: Mapping[str, Any] = {
    "metric": "seconds_per_epoch",
    "printed": 80,
    "upper": 83,
    "relation": "between",
    "margin": 8.0,
}

STUDY = Study(
    **SHARED,
    section="Model, Discussion",
    title="Model 2",
    question="What does Model 2 reach, does its training run as its log says, and is it better on notes of small area?",
    fixed=FIXED,
    arms=(M2,),
    claims=(
        # The last third of the notes validates, in the order of their names, and may hold families that are in no other
        # third: 70.9 % may be all that a network without these can reach (X21). See the order, and recalls by family.
        Level(finding="S3-F5", part="test", arm=M2.name, printed=70.9),
        Level(finding="S3-F5", part="validation", arm=M2.name, metric="validation_accuracy", printed=20),
        *(
            Level(finding="S3-F6", part=part, arm=M2.name, metric=metric, printed=printed, margin=margin)
            for part, (metric, printed, margin) in LOGGED.items()
        ),
        Slope(finding="S3-F16", arm=M2.name, covariate="mean_absolute", direction="falls"),
        # Of the document's own machine: another cannot contradict it.
        Level(finding="S3-F21", arm=M2.name, **EPOCH_SECONDS),
    ),
    # Validation and test part share their instruments.
    inflation=(M2.name,),
)
