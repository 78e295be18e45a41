"""Method, Model 1: windows are for struck sounds, the shorter the better, and frequency scales for voice and violin."""

from analysis.claims import NoDirection, Recall
from studies.hefetz_dahan.printed import COARSE, FIXED, MEL_ALONE, MODEL_1, ONLY, SHARED, as_large
from studies.study import Study

# The document's example of a struck sound is a drum, which no label names.
STRUCK = ("piano", "acoustic guitar", "electric guitar")
SUSTAINED = ("cello", "clarinet", "flute", "organ", "saxophone", "trumpet", "violin", "voice")
SHORT, LONG = ONLY["mel-512"], ONLY["mel-8192"]
ONE_WINDOW = as_large("Model 1, windows of 2048 alone", windows="2048")

STUDY = Study(
    **SHARED,
    section="Method, Model 1",
    title="Windows and frequency scales, by class",
    question="Do short and several windows help with struck sounds, and several scales with voice and violin?",
    fixed=FIXED,
    arms=(SHORT, LONG, MODEL_1, ONE_WINDOW, MEL_ALONE),
    claims=(
        Recall(finding="S1-F17", arm=SHORT.name, than=LONG.name, classes=STRUCK, less=SUSTAINED),
        NoDirection(finding="S1-F17", part="all classes", first=SHORT.name, second=LONG.name),
        Recall(
            finding="S1-F18",
            part="windows",
            arm=MODEL_1.name,
            than=ONE_WINDOW.name,
            classes=STRUCK,
            less=SUSTAINED,
            hypothesis=True,
        ),
        Recall(
            finding="S1-F18",
            part="scales",
            arm=MODEL_1.name,
            than=MEL_ALONE.name,
            classes=("voice", "violin"),
            less=STRUCK,
            hypothesis=True,
        ),
    ),
    reduced=COARSE,
)
