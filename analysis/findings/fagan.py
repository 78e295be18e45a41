"""Findings of Fagan: 21 architectures on GTZAN, and the rows of their table as levels."""

import re
from collections.abc import Sequence

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

# Model, line, and the printed accuracies of training, validation and test.
Row = tuple[str, str, float, float, float]
TABLE: tuple[Row, ...] = (
    ("AlexNet", "99", 0.985, 0.852, 0.834),
    ("VGG16", "100", 0.821, 0.709, 0.709),
    ("1-D CNN, dense, no dropout", "101", 0.975, 0.762, 0.765),
    ("1-D CNN, dense, dropout", "102", 0.969, 0.831, 0.832),
    ("1-D CNN, global average pooling", "103", 0.996, 0.923, 0.941),
    ("1-D CNN without pooling layers, dense", "104", 0.990, 0.811, 0.839),
    ("1-D CNN without pooling layers, global average pooling", "105", 0.998, 0.923, 0.910),
    ("SampleCNN, dense", "110", 0.971, 0.724, 0.684),
    ("SampleCNN, global average pooling", "111", 0.999, 0.753, 0.766),
    ("SampleCNN, global average pooling, some strided convolutions", "112", 0.999, 0.685, 0.673),
    ("2-D CNN", "117", 0.910, 0.585, 0.594),
    ("2-D CNN without pooling layers", "118", 0.999, 0.850, 0.850),
    ("LSTM", "123", 0.779, 0.594, 0.615),
    ("LSTM after 1-D convolutions", "124", 0.959, 0.809, 0.771),
    ("recurrent 1-D CNN, dense", "125", 0.995, 0.832, 0.839),
    ("recurrent 1-D CNN, dense, strided convolutions", "126", 0.947, 0.797, 0.808),
    ("recurrent 1-D CNN, global average pooling", "127", 0.995, 0.900, 0.904),
    ("recurrent 1-D CNN without pooling layers", "128", 0.994, 0.871, 0.90),
    ("recurrent 2-D CNN", "129", 0.409, 0.391, 0.410),
    ("LSTM after 1-D convolutions on the waveform, dense", "130", 0.507, 0.483, 0.471),
    ("LSTM after 1-D convolutions on the waveform, global average pooling", "131", 0.601, 0.563, 0.571),
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
    "accuracy": {model: 100 * test for model, _, _, _, test in TABLE},
    "gap": {model: 100 * (train - test) for model, _, train, _, test in TABLE},
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
        rows=[(model, table_of(line), *accuracies) for model, line, *accuracies in TABLE],
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
    ("F1", "147", "DIR x7 + PROP", "Global average pooling improves every model."),
    ("F2", "147", "DIR x7", "Global average pooling always narrows the gap between training and test."),
    ("F3", "135", "ORD", "The 1-D CNN without pooling layers is the best model.", ".910"),
    ("F4", "135", "EQ", "The recurrent 1-D CNN without pooling layers comes close to it.", ".90 against .910"),
    ("F5", "32, 103, 105, 117-118, 135", "DIR x2", "On mel input 2-D CNNs fall behind 1-D CNNs."),
    ("F6", "135", "COST", "2-D CNNs take much longer."),
    ("F7", "74, 86, 101-102", "DIR", "Dropout in the dense layers helps.", ".765 to .832"),
    ("F8", "68", "DIR", "Dropout of .1 after max-pooling of convolutions lowers accuracy.", ".1"),
    ("F9", "86", "DIR x2", "Dropout of .1 at every layer is far worse, on training and validation.", ".1"),
    ("F10", "86", "OPT", "As noise at the input, dropout of .1 is best of .1 to .2.", ".1"),
    ("F11", "68", "INT", "Dropout of convolutions works in deep networks on raw waveforms."),
    ("F12", "68", "INT + COST", "Batch normalisation makes dropout less useful, and dropout slows training."),
    ("F13", "148", "PROP", "Strided convolutions in place of pooling sometimes work."),
    ("F14", "148", "DIR x2", "Widening the strided convolutions from 512 to 1024 lowers accuracy by overfitting."),
    ("F15", "148", "DIR", "Widening them from 128 to 256 raises accuracy."),
    ("F16", "143", "DIR", "Odd kernel sizes are good and even ones are bad."),
    ("F17", "144", "OPT", "Kernels of 3 are best among 5, 7, 9 and 11.", "3"),
    ("F18", "144", "OPT", "On raw waveforms only very small filters work.", "3"),
    ("F19", "146", "DIR", "Strided convolutions need padding."),
    ("F20", "80", "OPT", "For the 1-D CNN a frame of 1024 beats 512.", "1024"),
    ("F21", "14, 156", "HYP (OPT)", "A hop of half a frame is best for every frame size.", "50 %"),
    ("F22", "78", "DIR", "Cutting songs into ten segments improves results."),
    ("F23", "101-112, 125-131, 156", "DIR x4", "Mel spectrograms beat raw waveforms."),
    ("F24", "58", "DIR", "Convolutions before the LSTM beat convolutions after it."),
    ("F25", "34", "HYP", "All outputs of the LSTM were chosen over its last one."),
    ("F26", "60", "HYP (EQ + COST)", "A GRU is as accurate as an LSTM with fewer parameters and less time."),
    ("F27", "84, 150", "CURVE", "Adam learns much faster than SGD."),
    ("F28", "84", "HYP (OPT)", "A learning rate of .005 seems advised to start from.", ".005"),
    ("F29", "82", "EQ + DIR + COST", "Log-softmax is better, faster and more stable than softmax."),
    ("F30", "90", "EQ + DIR", "PReLU and leaky ReLU are no better, and worse if used everywhere."),
    ("F31", "92, 145", "DIR", "Xavier initialisation is far better than zeros."),
    ("F32", "74", "DIR", "Global average pooling alone beats it with a dense layer behind it."),
    ("F33", "74", "HYP", "As global pooling, the average should be better than the maximum."),
    ("F34", "70", "HYP", "Between layers, the maximum should be better than the average."),
    ("F35", "30, 42", "HYP (INT)", "Five convolutional layers do for mel input and raw waveforms need more."),
    (
        "F36",
        "99-100, 103",
        "ORD",
        "By the table, VGG16 is below AlexNet and that below the 1-D CNN.",
        ".709, .834, .941",
    ),
    ("F37", "123-127", "DIR", "By the table, convolutions before it improve the LSTM.", ".615 to .771"),
    ("F38", "123, 130-131", "DIR", "By the table, the LSTM is poor on raw waveforms.", ".471, .571 against .615"),
    ("F39", "129", "ORD", "By the table, the recurrent 2-D CNN is worst.", ".410"),
    ("F40", "148", "COST", "Strided convolutions cost parameters and training time."),
    ("F41", "156", "HYP", "Overlapping windows would improve SampleCNN."),
    ("F42", "152", "DIR", "Global average pooling takes away the tuning that dropout needs."),
    ("F43", "66", "HYP", "Convolution, normalisation, ReLU, dropout is the order advised."),
    ("F44", "78", "FACT", "The songs were recorded at 44.1 kHz.", "44.1 kHz"),
    ("F45", "78", "FACT", "Songs last a little more or less than 30 s.", "30 s"),
    ("F46", "98-131", "ORD", "The table ranks 21 models."),
    ("F47", "86, 90", "EQ", "Leaky ReLU does not reduce overfitting."),
    ("F48", "14", "DIR", "Frames that do not overlap lose information."),
    ("F50", "12, 78", "HYP (EQ) + COST", "22,050 Hz loses the highest frequencies and saves memory and time."),
    ("F51", "14, 28", "COST", "Mel input is cheaper than raw waveforms and shortens training."),
    ("F52", "30", "HYP", "More convolutional layers give better accuracy."),
    ("F53", "34", "HYP (EQ)", "An LSTM without kept state is enough."),
    ("F54", "42", "HYP", "Raw waveforms need small pooling sizes."),
)


def level(number: int, row: Row) -> Entry:
    """A row of the table as a finding about a level."""
    model, line, train, validation, test = row
    printed = f"train {train:.3f}, validation {validation:.3f}, test {test:.3f}"
    return (f"R{number}", line, "LEV", f"The model '{model}' reaches a test accuracy of {test:.3f}.", printed)


ROWS = tuple(level(number, row) for number, row in enumerate(TABLE, 1))
FINDINGS = findings_of(DOCUMENT, *CLAIMS, *ROWS)
