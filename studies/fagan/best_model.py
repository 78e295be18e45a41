"""Results: the best model, the one close to it, and the order and the worst model of the table."""

from analysis.claims import Equal, NoDirection, Ranking
from studies.fagan.printed import ACN_GAP, ACN_RCNN_GAP, ALEXNET, CNN_GAP, CRNN_2D, FIXED, ROWS, SHARED, VGG16
from studies.study import Study

NAMES = tuple(arm.name for arm in ROWS)

STUDY = Study(
    **SHARED,
    section="Results",
    title="The best and the worst of 21 models",
    question="Is the 1-D CNN without pooling layers best, its recurrent form close, and the recurrent 2-D CNN worst?",
    fixed=FIXED,
    # The document took the best of 21 by the test part itself (B9): what is said of it is compared with all of them.
    arms=ROWS,
    claims=(
        Ranking(finding="S2-F3", best=ACN_GAP.name, candidates=NAMES),
        # X9: by its table another model is the best on the test part, and equal to it on the validation part.
        NoDirection(finding="S2-F3", part="the best of the table", first=CNN_GAP.name, second=ACN_GAP.name),
        NoDirection(
            finding="S2-F3",
            part="on validation",
            first=CNN_GAP.name,
            second=ACN_GAP.name,
            metric="validation_accuracy",
        ),
        # Within two points: fewer than a test part of 290 songs can tell, so that this will stay open.
        Equal(finding="S2-F4", first=ACN_RCNN_GAP.name, second=ACN_GAP.name),
        Ranking(
            finding="S2-F36",
            chain=(CNN_GAP.name, ALEXNET.name, VGG16.name),
            confounded="three networks that have little in common",
        ),
        Ranking(finding="S2-F39", worst=CRNN_2D.name, candidates=NAMES),
    ),
)
