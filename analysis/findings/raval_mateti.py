"""Findings of Raval and Mateti: 1-D CNNs with and without note features on NSynth."""

from analysis.findings.register import Document, findings_of

DOCUMENT = Document(
    "S3",
    "raval_mateti",
    "Raval and Mateti",
    "NSynth Classification using CNN",
    "nsynth",
    11,
    url="https://github.com/tejas101/NSynth-Classification",
)

FINDINGS = findings_of(
    DOCUMENT,
    ("F1", "67", "LEV", "With 32 filters and no dropout accuracy stays below 25 %.", "< 25 %"),
    ("F2", "67", "LEV x2", "Model 1 reaches about 50 % on validation and 35.47 % on test.", "35.47 %, 50 %"),
    ("F3", "67", "DIR", "64 filters with dropout beat 32 without.", "> 10.47 points"),
    ("F4", "67, 164", "HYP", "The whole training set and more epochs would be better."),
    ("F5", "87, 112-114", "LEV x2", "Model 2 reaches 70.90 % on test and about 20 % on validation.", "70.90 %, 20 %"),
    ("F6", "108-112", "LEV + CURVE", "The log shows training near 99 % and validation near 20 %.", ".9907, .1859"),
    ("F7", "159", "DIR", "Model 2 beats Model 1.", "35.43 points"),
    ("F8", "159-161", "DIR x5", "The added features are one reason for it."),
    ("F9", "162", "FACT + DIR", "That test and validation are distributed alike is another reason."),
    ("F10", "87", "COST", "A further dense layer of 100 costs time."),
    ("F11", "87", "HYP + COST", "Fewer filters and more pooling were chosen as the features became more."),
    ("F12", "56", "COST", "Downsampling lowers the load."),
    ("F13", "138", "DIR", "Model 1 is good at vocal, bass, brass, flute, mallet and reed."),
    ("F14", "151", "PROP", "Model 2 is better than Model 1 on most classes."),
    ("F15", "166", "INT", "Model 1 does better on notes whose amplitude varies, except keyboard and mallet."),
    ("F16", "168", "DIR", "Model 2 does better on waveforms of smaller area."),
    ("F17", "48", "FACT", "The sets are more or less balanced."),
    ("F18", "50", "FACT", "Synth lead is absent from the training data."),
    ("F19", "48", "DIR", "The files are ordered, so shuffling matters."),
    ("F20", "131, 138", "DIR + HYP", "Classes with more samples are predicted better, and training exceeds test."),
    ("F21", "108-112", "COST", "An epoch takes 80 to 83 seconds.", "80 to 83 s"),
    ("F22", "161", "FACT", "Four features are added.", "4"),
    ("F23", "25", "FACT", "There are ten families.", "10"),
)
