"""Findings of a document that is added."""

from analysis.findings.register import Document, figure, findings_of

FIGURES = (
    figure("S9-G1", "All networks", "curves.compared"),
    figure("S9-G2", "Times", "own.times", lambda arms: arms[:1], "Of one network.", unit="seconds"),
)
DOCUMENT = Document("S9", "own", "A. Author", "Of low and high tones", "own_tones", 2, figures=FIGURES)

FINDINGS = findings_of(
    DOCUMENT,
    ("F1", "1", "the wide one was better", "DIR", "The wider network is more accurate."),
    ("F2", "2", "nothing alike", "FAR", "Both networks are far apart."),
)
