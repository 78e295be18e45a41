"""Findings of Raval and Mateti: 1-D CNNs with and without note features on NSynth."""

from analysis.findings.register import Contradiction, Document, Picks, PrintedFigure, figure, findings_of, named

# S3-S8: the order of the axes of the document's confusion matrices.
FAMILIES = ("bass", "brass", "flute", "guitar", "keyboard", "mallet", "organ", "reed", "string", "synth_lead", "vocal")
FIRST, SECOND = named("Model 1"), named("Model 2")
# Loss and accuracy, then those of validation, after an epoch; after the test loss and accuracy.
LOG = {69: (0.0193, 0.9942, 39.1711, 0.2309), 70: (0.0373, 0.9907, 35.0008, 0.1859)}
TESTED = (12.3645, 0.7089844)
HALF = "In the document a note for which no class has a probability of .5 is counted as bass."


def confusion(id: str, title: str, model: Picks) -> PrintedFigure:
    """A confusion matrix in both readings: by the likeliest class, and as the document names one."""
    return figure(id, title, "confusion.as_read", model, HALF, classes=FAMILIES, below=0.5, becomes="bass")


FIGURES = (
    figure("S3-G1", "Notes of the test part", "classes.of_part", part="test"),
    figure("S3-G2", "Notes of the validation part", "classes.of_part", part="valid"),
    figure("S3-G3", "Notes of the training part", "classes.of_part", part="train"),
    figure("S3-G4", "From a note to a network", "pipeline.workflow"),
    figure("S3-G5", "Model 1", "layers.networks", FIRST),
    figure("S3-G6", "Model 2", "layers.networks", SECOND),
    figure("S3-G6", "Model 2: the end of its log", "printed.log", SECOND, epochs=LOG, test=TESTED),
    figure("S3-G7", "Model 1: accuracy and loss", "courses.each_arm", FIRST),
    confusion("S3-G8", "Model 1: confusion", FIRST),
    figure("S3-G9", "Model 2: accuracy and loss", "courses.each_arm", SECOND),
    confusion("S3-G10", "Model 2: confusion", SECOND),
    figure("S3-G11", "Probability of each class", "probabilities.of_classes", named(r"Model \d"), of_logits=True),
    figure("S3-G12", "Waveforms of each class", "sound.examples"),
)

CONTRADICTIONS = (
    Contradiction(
        "X14",
        "line 25",
        "Ten families are announced and eleven are named, of which one is left out; the networks have eleven outputs. "
        "They have them here, too, and ten families are trained on and tested; families are counted part by part.",
        ("S3-F23",),
    ),
    Contradiction(
        "X15",
        "line 50",
        "Synth lead is left out as absent from the training data, and by the corpus it is there alone. Counted.",
        ("S3-F18",),
    ),
    Contradiction(
        "X16",
        "line 48",
        "The three sets are called more or less balanced, and their families differ in size several times. Counted; up "
        "to twice as many notes in the largest family as in the smallest are read as balanced.",
        ("S3-F17",),
    ),
    Contradiction(
        "X17",
        "lines 56, 71",
        "Four seconds at the 8 kHz that are named are 32,000 samples, and networks take 8,000. The code resamples a "
        "whole note to 8,000, which is 2 kHz and the default here; the first second and the whole note at 8 kHz are "
        "arms.",
        ("S3-F12",),
    ),
    Contradiction(
        "X18",
        "lines 92, 161",
        "Four features are added, and the input grows by 13 values: one each for source, pitch and velocity, and ten "
        "qualities. Both are counted, and the values are tested in four groups.",
        ("S3-F8", "S3-F22"),
    ),
    Contradiction(
        "X19",
        "lines 56, 85",
        "Among the features is the instrument's string in one place and its source in another. The string holds the "
        "name of the family, which is the answer; the code adds the source, and so do the studies.",
        ("S3-F8",),
    ),
    Contradiction(
        "X20",
        "lines 48, 65, 67",
        "About 20 % and about 19 % of the training data are the same 56,284 notes, 19.46 %: at most 3,000 of each "
        "family and source.",
        ("S3-F2", "S3-F4"),
    ),
    Contradiction(
        "X21",
        "line 101",
        "A third of the data validates Model 2, the last without shuffling, although the files are ordered: families "
        "that stand there alone are never trained on. The last third and a random one are arms.",
        ("S3-F5", "S3-F6", "S3-F19"),
    ),
    Contradiction(
        "X30",
        "lines 67, 162",
        "Test and validation data are said to be distributed alike, and yet Model 1, to which both are new, has about "
        "50 % on one and 35.47 % on the other. How far their families differ and how many instruments they share are "
        "counted, and how far Model 1 is apart on both is estimated.",
        ("S3-F2", "S3-F9"),
    ),
    Contradiction(
        "X31",
        "lines 48, 131, 138",
        "The sets are balanced in one place; in others the notes of Model 1 have too few of some families and a higher "
        "concentration of others. Those notes are counted, too, and recalls are set against the notes of their family.",
        ("S3-F13", "S3-F17", "S3-F20"),
    ),
)

DOCUMENT = Document(
    "S3",
    "raval_mateti",
    "Raval and Mateti",
    "NSynth Classification using CNN",
    "nsynth",
    11,
    CONTRADICTIONS,
    FIGURES,
    url="https://github.com/tejas101/NSynth-Classification",
)

FINDINGS = findings_of(
    DOCUMENT,
    (
        "F1",
        "67",
        "Here, the accuracy achieved was below 25%.",
        "LEV",
        "With 32 filters and no dropout accuracy stays below 25 %.",
        "< 25 %",
    ),
    (
        "F2",
        "67",
        "the accuracy of 35.47% on the test dataset and ~50% on the validation dataset",
        "LEV x2",
        "Model 1 reaches about 50 % on validation and 35.47 % on test.",
        "35.47 %, 50 %",
    ),
    (
        "F3",
        "67",
        "Later after some trial and error we came with the current model",
        "DIR",
        "64 filters with dropout beat 32 without.",
        "> 10.47 points",
    ),
    (
        "F4",
        "67, 164",
        "if the model was trained on the entire dataset … accuracy would have been better",
        "HYP",
        "The whole training set and more epochs would be better.",
    ),
    (
        "F5",
        "87, 112-114",
        "This model gave 70.9% accuracy on the test dataset and ~20% accuracy on the validation dataset.",
        "LEV x2",
        "Model 2 reaches 70.90 % on test and about 20 % on validation.",
        "70.90 %, 20 %",
    ),
    (
        "F6",
        "108-112",
        "accuracy: 0.9907 - val_loss: 35.0008 - val_accuracy: 0.1859",
        "LEV + CURVE",
        "The log shows training near 99 % and validation near 20 %.",
        ".9907, .1859",
    ),
    (
        "F7",
        "159",
        "As per the results, our model 2 performed better over model 1.",
        "DIR",
        "Model 2 beats Model 1.",
        "35.43 points",
    ),
    (
        "F8",
        "159-161",
        "We had added 4 extra features in the train dataset. This helped for better classification.",
        "DIR x5",
        "The added features are one reason for it.",
    ),
    (
        "F9",
        "162",
        "The distribution of samples in the test and validation dataset is nearly the same.",
        "FACT + DIR",
        "That test and validation are distributed alike is another reason.",
    ),
    (
        "F10",
        "87",
        "we had added one more dense layer of 100 … but this increases the computation time",
        "COST",
        "A further dense layer of 100 costs time.",
    ),
    (
        "F11",
        "87",
        "adding a max pooling layer as the number of the features are increased",
        "HYP + COST",
        "Fewer filters and more pooling were chosen as the features became more.",
    ),
    (
        "F12",
        "56",
        "reduce the input dimension to the network to decrease the computing load on the processor",
        "COST",
        "Downsampling lowers the load.",
    ),
    (
        "F13",
        "138",
        "organs like vocal, bass, brass, flute and mallet, reed had a good classification compared to the others",
        "DIR",
        "Model 1 is good at vocal, bass, brass, flute, mallet and reed.",
    ),
    (
        "F14",
        "151",
        "most of the class have good prediction ratio compared to the 1st model's confusion matrix",
        "PROP",
        "Model 2 is better than Model 1 on most classes.",
    ),
    (
        "F15",
        "166",
        "somewhat better to predict the samples with that higher variation in the amplitude",
        "INT",
        "Model 1 does better on notes whose amplitude varies, except keyboard and mallet.",
    ),
    (
        "F16",
        "168",
        "it worked well with waveforms which cover less area on the Amplitude-time axis",
        "DIR",
        "Model 2 does better on waveforms of smaller area.",
    ),
    ("F17", "48", "the samples in 3 datasets are more or less balanced", "FACT", "The sets are more or less balanced."),
    (
        "F18",
        "50",
        "Class 9 Synth_led is absent from the train data",
        "FACT",
        "Synth lead is absent from the training data.",
    ),
    (
        "F19",
        "48",
        "the audio samples in the dataset are in ordered fashion",
        "DIR",
        "The files are ordered, so shuffling matters.",
    ),
    (
        "F20",
        "131, 138",
        "the shuffled dataset may have a higher concentration of these samples",
        "DIR + HYP",
        "Classes with more samples are predicted better, and training exceeds test.",
    ),
    ("F21", "108-112", "80s 9ms/sample … 83s 10ms/sample", "COST", "An epoch takes 80 to 83 seconds.", "80 to 83 s"),
    ("F22", "161", "We had added 4 extra features in the train dataset.", "FACT", "Four features are added.", "4"),
    ("F23", "25", "single note recording into 10 instrument family names", "FACT", "There are ten families.", "10"),
)
