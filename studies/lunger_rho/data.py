"""Sections 1.2, 1.3: classes differ by about 30 % in size, a sample has up to 5 instruments, and all data are 7 GB."""

from analysis.claims import Fact
from studies.lunger_rho.printed import EPOCHS, FIXED
from studies.study import Study

STUDY = Study(
    document="lunger_rho",
    corpus="irmas",
    epochs=EPOCHS,
    section="1.2, 1.3",
    title="Classes, instruments and bytes of the data",
    question="Do classes differ by at most 30 % in size, has a sample up to five instruments, and are there 7 GB?",
    fixed=FIXED,
    claims=(
        # X5: 30 % more than the smallest class, or than the mean.
        *(
            Fact(finding="S0-F34", part=f"beside the {other}", fact=fact, printed=1.3, tolerance=0.1)
            for other, fact in {
                "smallest class": "largest_to_smallest_class",
                "mean": "largest_to_mean_class",
            }.items()
        ),
        # Of the training part one label is published, so that this is counted in the test part.
        Fact(finding="S0-F35", fact="most_labels_of_a_test_excerpt", printed=5),
        # X35: of the training part, which alone was used, as files and as numbers of 32 bits.
        *(
            Fact(finding="S0-F36", part=part, fact=fact, printed=7, tolerance=0.1)
            for part, fact in {
                "as files": "training_gigabytes",
                "as numbers of 32 bits": "training_gigabytes_as_float32",
            }.items()
        ),
    ),
)
