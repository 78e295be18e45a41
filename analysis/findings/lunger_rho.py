"""Findings of Lunger and Rho: segments, stacked ResNets and a DCGAN on IRMAS."""

from analysis.findings.register import Contradiction, Document, figure, findings_of, named

CONTRADICTIONS = (
    Contradiction(
        "X1",
        "line 68",
        "A momentum of .09 is printed, where .9 is usual. The configuration as printed has .09, and arms may choose "
        "from both.",
        ("S0-F3", "S0-F5", "S0-F7", "S0-F11", "S0-F22", "S0-F23"),
    ),
    Contradiction(
        "X2",
        "lines 55, 62-64",
        "The three models are said to be compared on a quarter of the data in five partitions, and the ResNet to be "
        "trained on a tenth. Both fractions are asked, and each repetition draws another.",
        ("S0-F1", "S0-F2", "S0-F3", "S0-F4", "S0-F5"),
    ),
    Contradiction(
        "X3",
        "lines 75, 92, 107",
        "Overfitting is said to begin past 5 epochs, at 10, and in almost all models beyond 30. Each is a claim of its "
        "own on the epoch of the lowest validation loss, or on the rise after it.",
        ("S0-F6", "S0-F10", "S0-F23"),
    ),
    Contradiction(
        "X4",
        "lines 5, 55, 66-68, 75, 100",
        "The network is called ResNet(50), and the second one an adaptation of a tutorial whose blocks may be those of "
        "a ResNet-34. Both depths are arms.",
        ("S0-F5", "S0-F7"),
    ),
    Contradiction(
        "X5",
        "line 40",
        "Classes are said to differ in size by 30 %: the largest has twice the clips of the smallest, and 28 % more "
        "than the mean. Counted in both readings.",
        ("S0-F34",),
    ),
    Contradiction(
        "X6",
        "lines 75, 107",
        "From 37 to 47 % is called 10 % more: points are meant, 9.51 by the exact figures, as in all differences here.",
        ("S0-F7",),
    ),
    Contradiction("X33", "line 139", "Figure 1 is referred to where figure 10 is meant; ignored."),
    Contradiction(
        "X34",
        "lines 27-29, 42, 92, 134",
        "Mel spectrograms and MFCCs stand for one another, so that the number of features may be that of coefficients "
        "or of mel bands. Coefficients are the default, and bands are asked as well.",
        ("S0-F16", "S0-F17"),
    ),
    Contradiction(
        "X35",
        "lines 40, 44",
        "Only the training part is used, and all data are said to be 7 GB. The training part is counted, as files and "
        "as numbers of 32 bits.",
        ("S0-F36",),
    ),
)

GENERATORS, COEFFICIENTS = named("DCGAN.*"), named(r"\d+ coefficients")
CLIPS, SEGMENTS, STACKED = "ResNet-50 on clips", "ResNet-50, scored by segment", "two ResNets"

FIGURES = (
    figure("S0-G1", "From a clip to MFCCs", "pipeline.workflow", named(SEGMENTS)),
    figure("S0-G2", "The waveform of a clip", "sound.clip", named(SEGMENTS)),
    figure("S0-G2", "MFCCs of one of its segments", "features.given", named(SEGMENTS)),
    figure("S0-G3", "How clips are divided", "splitmap.of_arms", named(SEGMENTS)),
    figure("S0-G4", "Loss of the three models", "courses.each_arm", named(".*, a quarter of the data")),
    figure("S0-G5", "ResNet", "layers.networks", named(r"ResNet-(34|50)")),
    figure("S0-G6", "Two ResNets", "layers.networks", named(STACKED)),
    figure("S0-G6", "What the second ResNet is given of a clip", "stacked.clip", named(STACKED)),
    figure("S0-G7", "ResNet-50 on whole clips", "courses.each_arm", named(CLIPS), printed={CLIPS: 15.67}),
    figure("S0-G8", "ResNet-50 on segments", "courses.each_arm", named(SEGMENTS), printed={SEGMENTS: 37.65}),
    figure("S0-G9", "Losses of generator and discriminator in every step", "generators.losses", GENERATORS),
    figure("S0-G10", "Mel spectrograms: generated beside recorded", "sounds.mel", GENERATORS),
    figure("S0-G10", "Mel spectrograms: what comes back of MFCCs beside recorded", "sounds.mel", COEFFICIENTS),
    figure(
        "S0-G11",
        "Spectrograms of the same sounds, in Hz",
        "sounds.linear",
        named("DCGAN.*", "13 coefficients", "128 coefficients"),
    ),
)

DOCUMENT = Document(
    "S0",
    "lunger_rho",
    "Lunger and Rho",
    "Classifying and Generating Instrument Sound Samples Using ResNet and DCGAN",
    "irmas",
    11,
    CONTRADICTIONS,
    FIGURES,
)

FINDINGS = findings_of(
    DOCUMENT,
    ("F1", "62", "EQ", "A linear network learns nothing: its accuracy is that of the majority class."),
    ("F2", "62", "DIR x2", "The CNN has a lower validation loss than the ResNet and yet a lower accuracy."),
    ("F3", "64", "LEV", "The ResNet passes 30 % after training on a tenth of the data.", "> 30 %"),
    ("F4", "64", "CURVE", "After its minimum, validation loss rises faster in the ResNet than in the CNN."),
    ("F5", "75", "LEV", "On all training data it reaches 37 % after 5 epochs, little more than before.", "37 %"),
    ("F6", "75", "CURVE", "Overfitting begins after 5 epochs.", "5 epochs"),
    (
        "F7",
        "75, 107",
        "DIR + LEV",
        "A second ResNet on the stacked outputs of the segments beats the first.",
        "37.65 % to 47.16 %",
    ),
    ("F8", "75", "HYP", "The second ResNet would be compared with summing the outputs of the segments."),
    ("F9", "77", "DIR", "The stacked network overfits, favouring some classes at the cost of others."),
    ("F10", "92", "PROP", "Beyond 30 epochs almost all models overfit.", "30 epochs"),
    ("F11", "92", "OPT", "A learning rate of .001 is best in every case.", ".001"),
    ("F12", "92", "PROP", "Segmented input is at least as good as whole clips in about 90 % of tests.", "90 %"),
    ("F13", "92", "DIR", "Dropout raises the accuracy of the CNN."),
    ("F14", "92", "INT", "Dropout stops the ResNet overfitting only where it costs accuracy."),
    ("F15", "92", "OPT", "The best rate of dropout is .5.", ".5"),
    ("F16", "92", "NI", "More MFCC coefficients never hurt."),
    ("F17", "92", "SAT", "Beyond thirty MFCC coefficients little is gained.", "30"),
    ("F18", "92", "HYP", "The needed number of coefficients may differ on larger data with more labels."),
    ("F19", "94", "HYP", "Counting several of the likeliest labels as the answer would score much higher."),
    ("F20", "98", "DIR", "Segments of 500 ms lose about 5 points against 300 ms.", "5 %"),
    ("F21", "98", "DIR", "Segments shorter than 150 ms lose accuracy.", "150 ms"),
    ("F22", "44, 100", "LEV + CURVE", "On whole clips ResNet-50 overfits from the start, at 15.67 %.", "15.67 %"),
    ("F23", "107", "LEV + CURVE", "On segments it overfits from epoch 10 on and stays level at 37.65 %.", "37.65 %"),
    ("F24", "100, 107", "DIR", "Segments beat whole clips by 22 points.", "37.65 % against 15.67 %"),
    ("F25", "68", "COST", "Segments allow a batch of 512 where whole clips allow 60.", "512 against 60"),
    ("F26", "44", "COST", "Computing MFCCs is expensive, the more so the more coefficients there are."),
    ("F27", "125", "CURVE", "The loss of the discriminator stays below that of the generator."),
    ("F28", "123, 139, 149", "DIR + EQ", "What the GAN generates is noise."),
    ("F29", "116", "DIR", "Going back from MFCCs to a waveform loses most of what is heard."),
    ("F30", "88", "HYP", "SELU in place of leaky ReLU is advised for the discriminator."),
    ("F31", "88", "COST", "Short segments make the generated sound too short."),
    ("F32", "125", "HYP", "Regularising the discriminator would let the generator keep up."),
    ("F33", "127", "HYP", "Single sustained notes would be easier to generate."),
    ("F34", "40", "FACT", "Class sizes differ by at most about 30 %.", "30 %"),
    ("F35", "40", "FACT", "A sample holds up to five instruments at once.", "5"),
    ("F36", "44", "FACT", "The data are 7 GB.", "7 GB"),
    ("F37", "44", "OPT", "The literature finds the best segment between 20 and 500 ms.", "20 to 500 ms"),
    ("F38", "145-147", "ORD", "A few hyperparameters decide the result and others do nothing."),
    ("F39", "16, 68", "FACT", "With average pooling one network takes inputs of any size."),
    ("F40", "94", "HYP", "Accuracy is low because clips hold several instruments and one is to be named."),
)
