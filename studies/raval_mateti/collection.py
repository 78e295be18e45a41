"""Project Overview, Data set Analysis, Discussion: what is said of the notes and of the features beside them."""

from analysis.claims import Fact
from studies.raval_mateti.printed import EPOCHS, FIXED
from studies.study import Study

STUDY = Study(
    document="raval_mateti",
    corpus="nsynth",
    epochs=EPOCHS,
    section="Project Overview, Data set Analysis, Discussion",
    title="The notes, their families and their features",
    question="Are there ten families, more or less balanced and one of them not to train on, and four features?",
    fixed=FIXED,
    claims=(
        # "More or less": at most twice as many notes of one family as of another.
        *(
            Fact(finding="S3-F17", part=part, fact=f"largest_to_smallest_family_in_{part}", printed=1, tolerance=1.0)
            for part in ("train", "valid", "test")
        ),
        Fact(finding="S3-F18", fact="synth_lead_in_train", printed=0),
        Fact(finding="S3-F22", part="features", fact="side_feature_fields", printed=4),
        Fact(finding="S3-F22", part="values", fact="side_features", printed=13),
        *(Fact(finding="S3-F23", part=part, fact=f"families_in_{part}", printed=10) for part in ("train", "test")),
    ),
)
