"""Discussion: that test and validation data are distributed alike is another reason for the better result."""

from analysis.claims import Better, Fact
from analysis.protocols import PUBLISHED
from studies.raval_mateti.printed import FIXED, M2_SHUFFLED, SHARED, model_2
from studies.study import Study

# About as many as two thirds of the validation part, which are 8,494: the pictures of the data count both.
OTHERS = model_2(
    "Model 2 on as many training notes, shuffled",
    trained_on="train",
    shuffled=True,
    per_key=400,
    reduced={"smoke": {"per_key": 7}, "laptop": {"per_key": 400}},
)

SHARING, AS_RUN = "instruments_in_both_valid_and_test", (PUBLISHED.name,)

STUDY = Study(
    **SHARED,
    section="Discussion",
    title="Validation and test data that are alike",
    question="Are test and validation data distributed alike, and is Model 2 better for being trained on the latter?",
    fixed=FIXED,
    arms=(M2_SHUFFLED, OTHERS),
    claims=(
        # "Nearly the same": no further apart than a validation part may be from its training part (B5).
        Fact(finding="S3-F9", part="labels", fact="valid_and_test_alike", printed=1),
        Fact(finding="S3-F9", part="instruments", fact=SHARING, printed=0, relation="above"),
        # Corrected, no instrument that is tested is trained on, and there would be nothing to compare.
        Better(finding="S3-F9", part="accuracy", better=M2_SHUFFLED.name, worse=OTHERS.name, protocols=AS_RUN),
    ),
)
