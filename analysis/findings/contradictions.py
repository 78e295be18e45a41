"""Where the documents contradict themselves or misprint; each is carried into the studies."""

from analysis.findings.register import Contradiction

CONTRADICTIONS = (
    Contradiction(
        "X22",
        "S4 3.4.1, 3.4.6",
        "LeNet is said to be always better on 128 bands, and yet its best result is on 64; both are tested.",
        ("S4-F2", "S4-F9"),
    ),
    Contradiction(
        "X23",
        "S4 3.4.1, 3.4.6",
        "The LSTM is said to be always better on 64 bands, and yet its best result is on 128; both are tested.",
        ("S4-F1", "S4-F10"),
    ),
    Contradiction(
        "X24",
        "S4 3.3.2, 3.4.4",
        "One layer of 64 units was planned against two of 128, and one layer of 128 is reported; all are arms.",
        ("S4-F7", "S4-F15"),
    ),
    Contradiction(
        "X25",
        "S4 3.4.2, 4",
        "3x8 and 5x5 kernels are said to end almost the same, and 3x8 to be better; both claims are registered.",
        ("S4-F3", "S4-F14"),
    ),
    Contradiction(
        "X26",
        "S4 lines 38, 97, 101, 113, 119-123",
        "Cross-references are off by one section, indices of equations (1) and (4) are swapped and the caption of "
        "figure 3 is left over from a template; ignored.",
    ),
    Contradiction(
        "X27",
        "S4 line 91",
        "200 training and 120 test clips may be meant for each of the 14 instruments or for all; both readings are "
        "arms, each instrument being the default.",
    ),
)
