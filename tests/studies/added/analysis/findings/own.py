"""Findings of a document that is added."""

from analysis.findings.register import Document, PrintedFigure, findings_of

FIGURE = PrintedFigure("S9-G1", "All networks", "curves", lambda arms: arms)
DOCUMENT = Document("S9", "own", "A. Author", "Of low and high tones", "own_tones", 2, figures=(FIGURE,))

FINDINGS = findings_of(
    DOCUMENT,
    ("F1", "1", "DIR", "The wider network is more accurate."),
    ("F2", "2", "FAR", "Both networks are far apart."),
)
