"""IRMAS dataset: about 6700 clips of 3 s and 2900 excerpts of 20 s, with one to three of eleven labels."""

from analysis.claims import Fact
from studies.hefetz_dahan.printed import EPOCHS, FIXED
from studies.study import Study

F20 = "S1-F20"
LENGTH = {"printed": 20, "tolerance": 0.1}

STUDY = Study(
    document="hefetz_dahan",
    corpus="irmas",
    epochs=EPOCHS,
    section="IRMAS dataset",
    title="Clips, labels and lengths",
    question="Does IRMAS have the printed numbers of clips and labels, of the printed lengths?",
    fixed=FIXED,
    claims=(
        Fact(finding=F20, part="training clips", fact="training_clips", printed=6_700, tolerance=0.1),
        Fact(finding=F20, part="test excerpts", fact="test_excerpts", printed=2_900, tolerance=0.1),
        # A clip is one sample short of 3 s.
        Fact(finding=F20, part="length of a clip", fact="training_clip_seconds", printed=3, tolerance=0.01),
        # X7: with electric guitar for "other".
        Fact(finding=F20, part="labels", fact="printed_labels_found", printed=11),
        # X8: how many instruments play in a training clip no file says.
        Fact(finding=F20, part="one to three labels", fact="test_excerpts_with_1_to_3_labels", printed=1.0),
        Fact(finding=F20, part="the shortest excerpt", fact="shortest_test_excerpt_seconds", **LENGTH),
        Fact(finding=F20, part="the longest excerpt", fact="longest_test_excerpt_seconds", **LENGTH),
    ),
)
