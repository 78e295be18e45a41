"""Model: the layers of Model 2, and those that were tried and dropped. The training part is not used."""

from analysis.claims import Cost, NoDirection
from analysis.protocols import PUBLISHED
from studies.raval_mateti.printed import FIXED, M2, SHARED, model_2
from studies.study import Study

DEEP = model_2("Model 2, dense layers of 100 and 50", head_widths="100-50")
WIDE = model_2("Model 2, second convolution of 64", widths="64-64-64")
ONE_POOL = model_2("Model 2, one pooling", widths="64-32", convolutions="1")
WIDE_ONE_POOL = model_2("Model 2, second convolution of 64, one pooling", widths="64-64", convolutions="1")
BEFORE = {"filters": WIDE, "pooling": ONE_POOL, "both": WIDE_ONE_POOL}

STUDY = Study(
    **SHARED,
    section="Model",
    title="The layers of Model 2",
    question="What does another dense layer cost, and what do fewer filters and more pooling save?",
    fixed=FIXED,
    arms=(M2, DEEP, WIDE, ONE_POOL, WIDE_ONE_POOL),
    claims=(
        # Both times are of the printed settings.
        Cost(finding="S3-F10", part="time", cheaper=M2.name, dearer=DEEP.name, protocols=(PUBLISHED.name,)),
        NoDirection(finding="S3-F10", part="accuracy", first=DEEP.name, second=M2.name),
        *(
            Cost(finding="S3-F11", part=part, cheaper=M2.name, dearer=arm.name, metric="parameters", hypothesis=True)
            for part, arm in BEFORE.items()
        ),
        *(
            NoDirection(finding="S3-F11", part=f"accuracy, {part}", first=M2.name, second=arm.name)
            for part, arm in BEFORE.items()
        ),
    ),
)
