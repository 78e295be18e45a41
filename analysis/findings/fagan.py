"""Findings of Fagan: 21 architectures on GTZAN, and the rows of their table as levels."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.findings.register import Contradiction, Document, Entry, Levels, figure, findings_of, named

CONTRADICTIONS = (
    Contradiction(
        "X9",
        "lines 103, 105, 135",
        "The 1-D CNN without pooling layers is called the best (.910), and the table has a better one, with pooling "
        "(.941); on validation both have .923. Claimed is what is said, and the two are compared both on test and on "
        "validation.",
        ("S2-F3", "S2-F46", "S2-R5", "S2-R7"),
    ),
    Contradiction(
        "X10",
        "line 80",
        "Frames of 1024 are found best for 1-D CNNs, and 512 are used for what has an LSTM. Each row of the table has "
        "the frame of its kind, the LSTM that of recurrent networks; both are compared on a network of each kind.",
        ("S2-F20", "S2-F21", "S2-F48"),
    ),
    Contradiction(
        "X11",
        "line 78",
        "The songs are said to be recorded at 44.1 kHz; GTZAN is distributed at 22,050 Hz. Computed from the files; an "
        "input of 44.1 kHz is made by resampling and holds nothing new.",
        ("S2-F44", "S2-F50"),
    ),
    Contradiction(
        "X12",
        "line 148",
        "Strided convolutions are widened from 128 to '254' channels: 256 are taken to be meant.",
        ("S2-F15",),
    ),
    Contradiction(
        "X13", "line 133", "The '11' that stands alone in a line is the mark of a footnote, no result; ignored."
    ),
    Contradiction(
        "X32",
        "line 114",
        "Two table heads stand in one line, of 2-D networks on mel bands and of 1-D networks on the waveform. The two "
        "rows below it are taken for 2-D networks on mel bands, as their names say.",
        ("S2-F5", "S2-R11", "S2-R12"),
    ),
)


class Row(NamedTuple):
    """A row of the four tables: the model, its line, the accuracies of training, validation and test, the words."""

    model: str
    line: str
    train: float
    validation: float
    test: float
    words: str


def row(model: str, line: str, words: str) -> Row:
    """A row from its words, which end with the three accuracies."""
    train, validation, test = map(float, words.split()[-3:])
    return Row(model, line, train, validation, test, words)


TABLE: tuple[Row, ...] = (
    row("AlexNet", "99", "Alex Net 0.985 0.852 0.834"),
    row("VGG16", "100", "VGG 16 0.821 0.709 0.709"),
    row("1-D CNN, dense, no dropout", "101", "1D CNN (with fc layers without dropout) 0.975 0.762 0.765"),
    row("1-D CNN, dense, dropout", "102", "1D CNN (with fc layers+dropout) 0.969 0.831 0.832"),
    row("1-D CNN, global average pooling", "103", "1D CNN (with GAP) 0.996 0.923 0.941"),
    row(
        "1-D CNN without pooling layers, dense",
        "104",
        "'ACN CNN 1D' (with fc (without dropout) and convs instead of pooling) 0.990 0.811 0.839",
    ),
    row("1-D CNN without pooling layers, global average pooling", "105", "final ACN_CNN1D_GAP 0.998 0.923 0.910"),
    row("SampleCNN, dense", "110", "sampleCNNVariant (with FC) 0.971 0.724 0.684"),
    row("SampleCNN, global average pooling", "111", "sampleCNNVariant (with GAP) 0.999 0.753 0.766"),
    row(
        "SampleCNN, global average pooling, some strided convolutions",
        "112",
        "sampleCNNVariant (with GAP and convs replacing a few maxpooling layers) 0.999 0.685 0.673",
    ),
    row("2-D CNN", "117", "2D CNN base 0.910 0.585 0.594"),
    row("2-D CNN without pooling layers", "118", "2D ACN CNN 0.999 0.850 0.850"),
    row("LSTM", "123", "Base LSTM 0.779 0.594 0.615"),
    row("LSTM after 1-D convolutions", "124", "BASIC LSTM 1D-CNN (mel spectrogram) 0.959 0.809 0.771"),
    row("recurrent 1-D CNN, dense", "125", "RCNN 1D (mel spectrogram. FC) 0.995 0.832 0.839"),
    row(
        "recurrent 1-D CNN, dense, strided convolutions",
        "126",
        "RCNN 1D (mel spectrogram. FC with convs instead of pools) 0.947 0.797 0.808",
    ),
    row("recurrent 1-D CNN, global average pooling", "127", "RCNN 1D (mel spectrogram. GAP) 0.995 0.900 0.904"),
    row(
        "recurrent 1-D CNN without pooling layers",
        "128",
        "ACN RCNN 1D (mel spectrogram. GAP with convs instead of pools) 0.994 0.871 0.90",
    ),
    row("recurrent 2-D CNN", "129", "RCNN 2D (mel spectrogram) 0.409 0.391 0.410"),
    row(
        "LSTM after 1-D convolutions on the waveform, dense",
        "130",
        "LSTM 1D CNN (raw waveform with FC) 0.507 0.483 0.471",
    ),
    row(
        "LSTM after 1-D convolutions on the waveform, global average pooling",
        "131",
        "LSTM 1D CNN (raw waveform with GAP) 0.601 0.563 0.571",
    ),
)

# The last line of each of the four tables.
TABLES = {105: "1-D, mel bands", 112: "1-D, waveform", 118: "2-D", 131: "recurrent"}


def table_of(line: str) -> str:
    """The table that has a line."""
    return next(name for last, name in TABLES.items() if int(line) <= last)


def pair(first: int, second: int) -> tuple[str, str]:
    """The models of two rows, counted from 1."""
    return TABLE[first - 1][0], TABLE[second - 1][0]


THREE_STEPS = "SampleCNN of three steps"
DENSE_AND_POOLED = {
    "1-D CNN": pair(3, 5),
    "1-D CNN, dropout in its dense layers": pair(4, 5),
    "1-D CNN without pooling layers": pair(6, 7),
    "SampleCNN": pair(8, 9),
    # As printed one step is left, and nothing is averaged.
    "SampleCNN of three steps": (f"{THREE_STEPS}, dense", f"{THREE_STEPS}, global average pooling"),
    "recurrent 1-D CNN": pair(15, 17),
    "recurrent 1-D CNN, strided convolutions": pair(16, 18),
    "recurrent 1-D CNN on the waveform": pair(20, 21),
}
POOLED_AND_STRIDED = {
    "1-D CNN, dense": pair(3, 6),
    "1-D CNN, global average pooling": pair(5, 7),
    "SampleCNN, global average pooling": pair(9, 10),
    "2-D CNN, dense": ("2-D CNN", "2-D CNN without pooling layers, dense"),
    "2-D CNN, global average pooling": ("2-D CNN, global average pooling", "2-D CNN without pooling layers"),
    "recurrent 1-D CNN, dense": pair(15, 16),
    "recurrent 1-D CNN, global average pooling": pair(17, 18),
}
PRINTED = {
    "accuracy": {row.model: 100 * row.test for row in TABLE},
    "gap": {row.model: 100 * (row.train - row.test) for row in TABLE},
}
CNN, ACN = pair(5, 7)


def half_apart(arms: Sequence[str]) -> list[str]:
    """The arms on 64 bands whose frames begin half a frame after each other."""
    found = {arm: re.fullmatch(r"1-D CNN, frames of (\d+) every (\d+), 64 bands", arm) for arm in arms}
    return [arm for arm, match in found.items() if match and int(match[1]) == 2 * int(match[2])]


KERNELS = {
    "Kernels alone change": named(r"1-D CNN, kernels of \d+", CNN),
    "Widths keep the number of parameters": named(r"1-D CNN, kernels of \d+, as large as with 3", CNN),
}
RAW_KERNELS = {
    "Widths keep the number of parameters": named(
        rf"{THREE_STEPS}, first kernels of \d+", f"{THREE_STEPS}, global average pooling"
    ),
    "Kernels alone change": named(
        rf"{THREE_STEPS}, first kernels of \d+, as wide as with 3", f"{THREE_STEPS}, global average pooling"
    ),
}
LEVELS = (
    Levels("kernel", "size of the kernels", KERNELS, parity=True),
    Levels("kernel", "size of the first kernels (samples)", RAW_KERNELS, logarithmic=True),
    Levels("frame", "size of the frames (samples)", {"Hop half a frame": half_apart}, logarithmic=True),
    Levels("front_dropout", "dropout on the input", {"Without pooling layers": named(f"{ACN}, dropout of .*", ACN)}),
    Levels(
        "learning_rate",
        "learning rate",
        {"Without pooling layers": named(r"1-D CNN without pooling layers, rate .*", ACN)},
        logarithmic=True,
    ),
)
FRAMED = {"cnn_1d_gap": "1-D CNN", "rcnn_1d_gap": "Recurrent 1-D CNN"}

FIGURES = (
    figure(
        "S2-G1",
        "The four tables as one",
        "printed.tables",
        rows=[(row.model, table_of(row.line), row.train, row.validation, row.test) for row in TABLE],
    ),
    figure(
        "S2-G2",
        "Global average pooling in place of dense layers",
        "dumbbell.pairs",
        pairs=DENSE_AND_POOLED,
        ends=("dense layers", "global average pooling"),
        metrics=PRINTED,
    ),
    figure(
        "S2-G3",
        "Strided convolutions in place of pooling layers",
        "dumbbell.pairs",
        pairs=POOLED_AND_STRIDED,
        ends=("pooling layers", "strided convolutions"),
        metrics=PRINTED,
    ),
    figure("S2-G4", "Training and validation of every model", "courses.each_arm"),
    figure("S2-G5", "Architectures", "layers.networks"),
    figure("S2-G6", "Accuracy over levels", "levels.accuracy", over=LEVELS),
    figure("S2-G7", "Frames and models", "frames.by_model", models=FRAMED),
    figure("S2-F45", "Lengths of the songs", "lengths.histogram", printed=30.0),
)

DOCUMENT = Document(
    "S2", "fagan", "Fagan", "Deep learning Audio Classification project", "gtzan", 10, CONTRADICTIONS, FIGURES
)

CLAIMS: tuple[Entry, ...] = (
    (
        "F1",
        "147",
        "It improved each models performance (some by significant amounts)",
        "DIR x7 + PROP",
        "Global average pooling improves every model.",
    ),
    (
        "F2",
        "147",
        "always reduced overfitting as seen in demonstration notebooks and results",
        "DIR x7",
        "Global average pooling always narrows the gap between training and test.",
    ),
    (
        "F3",
        "135",
        "The best results came from 'ACN CNN 1D'.",
        "ORD",
        "The 1-D CNN without pooling layers is the best model.",
        ".910",
    ),
    (
        "F4",
        "135",
        "Although the 'ACN RCNN 1D' seemed to get close results.",
        "EQ",
        "The recurrent 1-D CNN without pooling layers comes close to it.",
        ".90 against .910",
    ),
    (
        "F5",
        "32, 103, 105, 117-118, 135",
        "2D CNN for audio don't seem able to take full advantage of 2D convolutions",
        "DIR x2",
        "On mel input 2-D CNNs fall behind 1-D CNNs.",
    ),
    ("F6", "135", "it takes significantly longer", "COST", "2-D CNNs take much longer."),
    (
        "F7",
        "74, 86, 101-102",
        "applying dropout in FC layers means tuning hyper parameters, which works",
        "DIR",
        "Dropout in the dense layers helps.",
        ".765 to .832",
    ),
    (
        "F8",
        "68",
        "when I applied dropout to convolutions performance decreased",
        "DIR",
        "Dropout of .1 after max-pooling of convolutions lowers accuracy.",
        ".1",
    ),
    (
        "F9",
        "86",
        "if I applied 0.1 dropout at every layer of the network, I would get far worse results",
        "DIR x2",
        "Dropout of .1 at every layer is far worse, on training and validation.",
        ".1",
    ),
    (
        "F10",
        "86",
        "by have 0.1-0.2 dropout. But I found 0.1 was the best",
        "OPT",
        "As noise at the input, dropout of .1 is best of .1 to .2.",
        ".1",
    ),
    (
        "F11",
        "68",
        "I did successfully apply it to my deeper models that took input of raw waveform",
        "INT",
        "Dropout of convolutions works in deep networks on raw waveforms.",
    ),
    (
        "F12",
        "68",
        "making dropout after less effective (while still introducing longer training times)",
        "INT + COST",
        "Batch normalisation makes dropout less useful, and dropout slows training.",
    ),
    (
        "F13",
        "148",
        "Convolutions replacing pooling worked sometimes.",
        "PROP",
        "Strided convolutions in place of pooling sometimes work.",
    ),
    (
        "F14",
        "148",
        "from for example 512 to 1024), the performance dropped significantly",
        "DIR x2",
        "Widening the strided convolutions from 512 to 1024 lowers accuracy by overfitting.",
    ),
    (
        "F15",
        "148",
        "when were just pumping from 128 to 254 performance increased significantly",
        "DIR",
        "Widening them from 128 to 256 raises accuracy.",
    ),
    (
        "F16",
        "143",
        "Convolutions with even sized kernels should not be used. This notably resulted in terrible results.",
        "DIR",
        "Odd kernel sizes are good and even ones are bad.",
    ),
    (
        "F17",
        "144",
        "smaller convolutions (3x3) worked best for my architectures",
        "OPT",
        "Kernels of 3 are best among 5, 7, 9 and 11.",
        "3",
    ),
    (
        "F18",
        "144",
        "we absolutely only found good features if the convolution sizes were very small (i.e. 3x3)",
        "OPT",
        "On raw waveforms only very small filters work.",
        "3",
    ),
    (
        "F19",
        "146",
        "Applying padding for strided convolutions that (that replaced pooling) was necessary.",
        "DIR",
        "Strided convolutions need padding.",
    ),
    (
        "F20",
        "80",
        "I got better results using frame size of 1024 for my cnn 1D models",
        "OPT",
        "For the 1-D CNN a frame of 1024 beats 512.",
        "1024",
    ),
    (
        "F21",
        "14, 156",
        "hop size (for all frame sizes) was best at 50%",
        "HYP (OPT)",
        "A hop of half a frame is best for every frame size.",
        "50 %",
    ),
    (
        "F22",
        "78",
        "This increased the dataset 10x, which improved results.",
        "DIR",
        "Cutting songs into ten segments improves results.",
    ),
    (
        "F23",
        "101-112, 125-131, 156",
        "mel spectrogram works very well (as my results showed)",
        "DIR x4",
        "Mel spectrograms beat raw waveforms.",
    ),
    (
        "F24",
        "58",
        "I tried the opposite pattern (reversing convolutions with lstms), but got far worse results.",
        "DIR",
        "Convolutions before the LSTM beat convolutions after it.",
    ),
    (
        "F25",
        "34",
        "the intermediate outcomes and process them with for example CNN's. I chose option 2",
        "HYP",
        "All outputs of the LSTM were chosen over its last one.",
    ),
    (
        "F26",
        "60",
        "will get roughly same accuracy with fewer parameters and shorter training time",
        "HYP (EQ + COST)",
        "A GRU is as accurate as an LSTM with fewer parameters and less time.",
    ),
    (
        "F27",
        "84, 150",
        "I chose ADAM as my optimizer because of how much faster than SGD it was out of box.",
        "CURVE",
        "Adam learns much faster than SGD.",
    ),
    (
        "F28",
        "84",
        "I used learning rate of 0.005 (which seems to be advised starting point)",
        "HYP (OPT)",
        "A learning rate of .005 seems advised to start from.",
        ".005",
    ),
    (
        "F29",
        "82",
        "my experiments arrived at me getting better results with logsoftmax",
        "EQ + DIR + COST",
        "Log-softmax is better, faster and more stable than softmax.",
    ),
    (
        "F30",
        "90",
        "did not really find any better results, and got worse results if I applied all over",
        "EQ + DIR",
        "PReLU and leaky ReLU are no better, and worse if used everywhere.",
    ),
    (
        "F31",
        "92, 145",
        "when I initialized originally to 0. I got far better results when I did this.",
        "DIR",
        "Xavier initialisation is far better than zeros.",
    ),
    (
        "F32",
        "74",
        "they use GAP and FC layer (in that order), but I did not find this gave me good results",
        "DIR",
        "Global average pooling alone beats it with a dense layer behind it.",
    ),
    (
        "F33",
        "74",
        "using average makes sense because it stabilizes the values",
        "HYP",
        "As global pooling, the average should be better than the maximum.",
    ),
    (
        "F34",
        "70",
        "so max-pooling probably suits better",
        "HYP",
        "Between layers, the maximum should be better than the average.",
    ),
    (
        "F35",
        "30, 42",
        "5 layers would work well for raw spectrogram input, but for raw waveform we would need a deeper CNN",
        "HYP (INT)",
        "Five convolutional layers do for mel input and raw waveforms need more.",
    ),
    (
        "F36",
        "99-100, 103",
        "Alex Net 0.985 0.852 0.834 VGG 16 0.821 0.709 0.709 … 1D CNN (with GAP) 0.996 0.923 0.941",
        "ORD",
        "By the table, VGG16 is below AlexNet and that below the 1-D CNN.",
        ".709, .834, .941",
    ),
    (
        "F37",
        "123-127",
        "Base LSTM 0.779 0.594 0.615 BASIC LSTM 1D-CNN (mel spectrogram) 0.959 0.809 0.771",
        "DIR",
        "By the table, convolutions before it improve the LSTM.",
        ".615 to .771",
    ),
    (
        "F38",
        "123, 130-131",
        "Base LSTM 0.779 0.594 0.615 LSTM 1D CNN (raw waveform with FC) 0.507 0.483 0.471",
        "DIR",
        "By the table, the LSTM is poor on raw waveforms.",
        ".471, .571 against .615",
    ),
    (
        "F39",
        "129",
        "RCNN 2D (mel spectrogram) 0.409 0.391 0.410",
        "ORD",
        "By the table, the recurrent 2-D CNN is worst.",
        ".410",
    ),
    (
        "F40",
        "148",
        "It makes model more complex (more parameters), with longer training",
        "COST",
        "Strided convolutions cost parameters and training time.",
    ),
    (
        "F41",
        "156",
        "I think similar would be found for a samplecnn with 50% (of convolution size) downsampling size",
        "HYP",
        "Overlapping windows would improve SampleCNN.",
    ),
    (
        "F42",
        "152",
        "it reduces the hyperparameter tuning that dropout requires",
        "DIR",
        "Global average pooling takes away the tuning that dropout needs.",
    ),
    (
        "F43",
        "64-66",
        "advises using dropout after activation, we arrive at a combined advised pattern",
        "HYP",
        "Convolution, normalisation, ReLU, dropout is the order advised.",
    ),
    (
        "F44",
        "78",
        "the original 44.1KHZ was too high for us computationally",
        "FACT",
        "The songs were recorded at 44.1 kHz.",
        "44.1 kHz",
    ),
    (
        "F45",
        "78",
        "some song segments were a tiny bit longer or shorter then 30 seconds",
        "FACT",
        "Songs last a little more or less than 30 s.",
        "30 s",
    ),
    ("F46", "98-131", "Model training accuracy validation accuracy test accuracy", "ORD", "The table ranks 21 models."),
    (
        "F47",
        "86, 90",
        "address overfitting with other techniques … did not really find any better results",
        "EQ",
        "Leaky ReLU does not reduce overfitting.",
    ),
    (
        "F48",
        "14",
        "Information is lost from not having a overlap of windows.",
        "DIR",
        "Frames that do not overlap lose information.",
    ),
    (
        "F50",
        "12, 78",
        "this does lose information over 10,000Hz, we save memory and computation time this way",
        "HYP (EQ) + COST",
        "22,050 Hz loses the highest frequencies and saves memory and time.",
    ),
    (
        "F51",
        "14, 28",
        "This condenses how much data we have (due to stft), so it is then cheaper to process",
        "COST",
        "Mel input is cheaper than raw waveforms and shortens training.",
    ),
    (
        "F52",
        "30",
        "When we stack CNN's, we can get better accuracy.",
        "HYP",
        "More convolutional layers give better accuracy.",
    ),
    ("F53", "34", "We only need stateless.", "HYP (EQ)", "An LSTM without kept state is enough."),
    (
        "F54",
        "42",
        "definitely narrow convolutions with small pooling sizes",
        "HYP",
        "Raw waveforms need small pooling sizes.",
    ),
)


def level(number: int, row: Row) -> Entry:
    """A row of the table as a finding about a level."""
    printed = f"train {row.train:.3f}, validation {row.validation:.3f}, test {row.test:.3f}"
    statement = f"The model '{row.model}' reaches a test accuracy of {row.test:.3f}."
    return (f"R{number}", row.line, row.words, "LEV", statement, printed)


ROWS = tuple(level(number, row) for number, row in enumerate(TABLE, 1))
FINDINGS = findings_of(DOCUMENT, *CLAIMS, *ROWS)
