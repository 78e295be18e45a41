"""Model, Results, Discussion: Model 1, the variant before it, and which notes it is good at."""

from collections.abc import Mapping
from typing import Any

from analysis.claims import Better, Fact, Level, NoDirection, Recall, Slope
from analysis.protocols import PUBLISHED
from studies.raval_mateti.printed import FIXED, M1, SHARED, TESTED, model_1
from studies.study import Study
from trainables.corpora.nsynth_names import RECOGNISED

NARROW = model_1("32 filters, no dropout", widths="32-32", conv_dropout=0.0)
DROPPED = model_1("32 filters, dropout", widths="32-32")
WIDE = model_1("64 filters, no dropout", conv_dropout=0.0)

EXCEPT = ("keyboard", "mallet")


def but(families: tuple[str, ...]) -> tuple[str, ...]:
    """The other families that are tested."""
    return tuple(family for family in TESTED if family not in families)


# How far the amplitude of a note varies: peaks and deep valleys of its waveform.
VARIES: Mapping[str, Any] = {"arm": M1.name, "covariate": "envelope_deviation", "classes": but(EXCEPT)}

STUDY = Study(
    **SHARED,
    section="Model, Results, Discussion",
    title="Model 1",
    question="What does Model 1 reach, do more filters and dropout make it better, and on which notes is it good?",
    fixed=FIXED,
    arms=(M1, WIDE, DROPPED, NARROW),
    claims=(
        # Levels are those of the full form after the printed epochs: nothing less decides them.
        Level(finding="S3-F1", arm=NARROW.name, printed=25, relation="below"),
        Level(finding="S3-F2", part="test", arm=M1.name, printed=35.47),
        Level(finding="S3-F2", part="validation", arm=M1.name, metric="validation_accuracy", printed=50),
        # X30: both parts are new instruments to it.
        NoDirection(
            finding="S3-F2",
            part="validation less test",
            first=M1.name,
            second=0.0,
            metric="validation_less_test",
            protocols=(PUBLISHED.name,),
        ),
        Better(finding="S3-F3", better=M1.name, worse=NARROW.name, printed=10.47),
        NoDirection(finding="S3-F3", part="filters alone", first=M1.name, second=DROPPED.name),
        NoDirection(finding="S3-F3", part="dropout alone", first=M1.name, second=WIDE.name),
        Recall(finding="S3-F13", arm=M1.name, classes=RECOGNISED, less=but(RECOGNISED)),
        Slope(finding="S3-F15", part="other families", **VARIES),
        Slope(finding="S3-F15", part="more than keyboard and mallet", less=EXCEPT, **VARIES),
        Better(finding="S3-F20", part="train above test", better=0.0, worse=M1.name, metric="gap"),
        # X31: the families that it is good at are thought to have more notes.
        Fact(
            finding="S3-F20",
            part="more notes of the families it is good at",
            fact="recognised_to_other_families_in_subset",
            printed=1,
            relation="above",
            hypothesis=True,
        ),
        Better(
            finding="S3-F20",
            part="recall by notes",
            better=M1.name,
            worse=0.0,
            metric="recall_per_doubling",
            margin=2.0,
            hypothesis=True,
        ),
    ),
)
