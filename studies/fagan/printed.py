"""What all studies of this document share: what it printed, its 21 models, and what it left open."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from analysis.findings.fagan import TABLE
from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.recipes import NamedRecipe
from studies.study import Arm, Reduced, varied
from trainables.registry import Value

EPOCHS = 100

RECIPE = NamedRecipe(
    ("S2-S5", "S2-S6"),
    "The architectures of S2 are built with weights drawn as the document says (S2-S7).",
    {"optimiser": "adam", "learning_rate": 5e-3, "loss": "log_softmax_nll", "epochs": EPOCHS},
    {"batch_size": 64, "weight_decay": 0.0},
)

RECIPES: Mapping[str, NamedRecipe] = {
    "fagan": RECIPE,
    "fagan_sample_cnn": NamedRecipe(
        ("S2-A8",),
        "As SampleCNN's authors trained it, by their code; S2 prints only its own recipe. Their decay of 1e-6 a "
        "step and their going back to the best weights at each fall of the rate are left out.",
        {
            "optimiser": "sgd",
            "learning_rate": 1e-2,
            "momentum": 0.9,
            "nesterov": True,
            "schedule": "plateau",
            "decay_epochs": 3,
            "decay_factor": 0.2,
            "batch_size": 23,
        },
        {"loss": "cross_entropy", "epochs": 100},
    ),
}

# S2-S1, S2-S5 and S2-S6: ten equal parts of each song, and one recipe for all models.
FIXED: Mapping[str, Value] = {
    **{name: value for name, value in RECIPE.settings.items() if name != "epochs"},
    "segmentation": "parts",
    "count": 10,
}
TUNED = joined(learning_rate(1e-4, 1e-2), batch_size(32, 64, 128))
"""A rate of .005 for all models is no equal tuning (B15), and no batch size is printed."""

SHARED: Mapping[str, Any] = {
    "document": "fagan",
    "corpus": "gtzan",
    "epochs": EPOCHS,
    "tuned": TUNED,
    "guessed": (
        "architecture: widths, hidden layers and numbers of blocks",
        "split: whether songs or segments are divided, and in which shares",
        "batch size and weight decay",
        "bands and scale of the mel spectrograms",
    ),
}

# S2-S2 and S2-S3; X10: frames of 512 are for the recurrent models alone. X32: the 2-D models are on mel bands, too.
MEL: Mapping[str, Value] = {"front_end": "mel_spectrogram", "frame": 1024, "hop": 512, "bands": 128}
SHORT_FRAMES: Mapping[str, Value] = {**MEL, "frame": 512, "hop": 256}
RAW: Mapping[str, Value] = {"front_end": "waveform", "crop": 59_049}

CUT = 19_683
"""Samples of a segment in a reduced form on mel bands, and of one on the waveform at the scale "laptop": .89 s."""


def cut(hop: int) -> dict[str, Value]:
    """The first `CUT` samples of a segment in frames that are `hop` samples apart."""
    return {"frames": 1 + CUT // hop}


def everywhere(**settings: Value) -> Reduced:
    """One reduced form for the scales "smoke" and "laptop"."""
    return {"smoke": settings, "laptop": settings}


FEW: Mapping[str, Value] = {"data_fraction": 0.2}

EIGHTH = "16-16-32-32-64"
"""Of the widths of the 1-D CNN."""

QUARTER: Mapping[str, Value] = {"widths": "32-32-64", "units": "32", "head_widths": "32"}
"""Of the widths of the recurrent 1-D CNN."""

# The models on mel bands are small enough for a laptop, those in two dimensions and on the waveform are not: they get
# shorter segments and a quarter of their widths or less, and both sides of a comparison get the same. At the scale
# "smoke" the models on mel bands get that, too, and all learn from a fifth of the songs.
SMALL_MEL: Reduced = {"smoke": {**FEW, **cut(512), "widths": EIGHTH}}
SMALL_LSTM: Reduced = {"smoke": {**FEW, **cut(256), "units": "32-32"}}
SMALL_RCNN: Reduced = {"smoke": {**FEW, **cut(256), "widths": QUARTER["widths"]}}
SMALL_ALEXNET: Reduced = {"smoke": {**FEW, **cut(512), "widths": "24-64-96-96-64", "head_widths": "256-256"}}
SMALL_VGG16: Reduced = {"smoke": {**FEW, **cut(512), "widths": "16-32-64-128-128", "head_widths": "256-256"}}
SMALL_2D: Reduced = {
    "smoke": {**FEW, **cut(512), "bands": 64, "widths": "8-16-32-32-64"},
    "laptop": {"bands": 64, "widths": "16-32-64-64-128"},
}
SMALL_CRNN: Reduced = {
    "smoke": {**FEW, **cut(256), "bands": 64, "frame_padding": 2, "widths": "8-16-16-16"},
    "laptop": {"widths": "16-32-32-32"},
}
SMALL_SAMPLE_CNN: Reduced = {
    "smoke": {**FEW, "crop": 2_187, "widths": "16-16-16-32-32-32-32-32-32-64-64", "pools": "1-3-3-3-3-3-3-1"},
    "laptop": {"crop": CUT, "widths": "32-32-32-64-64-64-64-64-64-128-128", "pools": "1-3-3-3-3-3-3-3-3-1"},
}
SMALL_RAW_RCNN: Reduced = {
    "smoke": {**FEW, "crop": 2_187, "widths": "16-16-16-32-32-32"},
    "laptop": {"crop": CUT, "widths": "32-32-32-64-64-64"},
}


def row(number: int, architecture: str, reduced: Reduced, settings: Mapping[str, Value]) -> Arm:
    """The model of a row of the document's table, counted from 1, under the name that the register gives it."""
    return Arm(name=TABLE[number - 1][0], settings={"architecture": architecture, **settings}, reduced=reduced)


ALEXNET = row(1, "alexnet_1d", SMALL_ALEXNET, MEL)
VGG16 = row(2, "vgg16_1d", SMALL_VGG16, MEL)
CNN_FC = row(3, "cnn_1d_fc", SMALL_MEL, MEL)
CNN_FC_DROPOUT = row(4, "cnn_1d_fc_dropout", SMALL_MEL, MEL)
CNN_GAP = row(5, "cnn_1d_gap", SMALL_MEL, MEL)
ACN_FC = row(6, "acn_cnn_1d_fc", SMALL_MEL, MEL)
ACN_GAP = row(7, "acn_cnn_1d_gap", SMALL_MEL, MEL)
SAMPLE_CNN_FC = row(8, "sample_cnn_fc", SMALL_SAMPLE_CNN, RAW)
SAMPLE_CNN_GAP = row(9, "sample_cnn_gap", SMALL_SAMPLE_CNN, RAW)
ACN_SAMPLE_CNN_GAP = row(10, "acn_sample_cnn_gap", SMALL_SAMPLE_CNN, RAW)
CNN_2D_FC = row(11, "cnn_2d_fc", SMALL_2D, MEL)
ACN_2D_GAP = row(12, "acn_cnn_2d_gap", SMALL_2D, MEL)
LSTM = row(13, "lstm_all_fc", SMALL_LSTM, SHORT_FRAMES)
LSTM_CNN = row(14, "lstm_cnn_1d", SMALL_RCNN, SHORT_FRAMES)
RCNN_FC = row(15, "rcnn_1d_fc", SMALL_RCNN, SHORT_FRAMES)
ACN_RCNN_FC = row(16, "acn_rcnn_1d_fc", SMALL_RCNN, SHORT_FRAMES)
RCNN_GAP = row(17, "rcnn_1d_gap", SMALL_RCNN, SHORT_FRAMES)
ACN_RCNN_GAP = row(18, "acn_rcnn_1d_gap", SMALL_RCNN, SHORT_FRAMES)
CRNN_2D = row(19, "crnn_2d", SMALL_CRNN, SHORT_FRAMES)
RAW_RCNN_FC = row(20, "rcnn_raw_fc", SMALL_RAW_RCNN, RAW)
RAW_RCNN_GAP = row(21, "rcnn_raw_gap", SMALL_RAW_RCNN, RAW)

ROWS = (
    ALEXNET,
    VGG16,
    CNN_FC,
    CNN_FC_DROPOUT,
    CNN_GAP,
    ACN_FC,
    ACN_GAP,
    SAMPLE_CNN_FC,
    SAMPLE_CNN_GAP,
    ACN_SAMPLE_CNN_GAP,
    CNN_2D_FC,
    ACN_2D_GAP,
    LSTM,
    LSTM_CNN,
    RCNN_FC,
    ACN_RCNN_FC,
    RCNN_GAP,
    ACN_RCNN_GAP,
    CRNN_2D,
    RAW_RCNN_FC,
    RAW_RCNN_GAP,
)


fc, gap, acn = partial(varied, CNN_FC), partial(varied, CNN_GAP), partial(varied, ACN_GAP)
lstm, rcnn_fc, rcnn_gap = partial(varied, LSTM), partial(varied, RCNN_FC), partial(varied, RCNN_GAP)
raw_fc, raw = partial(varied, SAMPLE_CNN_FC), partial(varied, SAMPLE_CNN_GAP)
cnn_2d_fc, acn_2d = partial(varied, CNN_2D_FC), partial(varied, ACN_2D_GAP)

CNN_GAP_DROPOUT = gap("1-D CNN, global average pooling, dropout of .1 after pooling", conv_dropout=0.1)

# SampleCNN as printed pools until one step is left, of which an average is the step itself. With one pooling less there
# are three, and with one hidden layer in either head nothing but the head differs.
THREE_STEPS: Reduced = {"smoke": {"pools": "1-3-3-3-3-3-1"}, "laptop": {"pools": "1-3-3-3-3-3-3-3-1"}}
three_steps = partial(varied, pools="1-3-3-3-3-3-3-3-3-1", reduced=THREE_STEPS)
SAMPLE_CNN_FC_3 = three_steps(SAMPLE_CNN_FC, "SampleCNN of three steps, dense", head_widths="256")
SAMPLE_CNN_GAP_3 = three_steps(SAMPLE_CNN_GAP, "SampleCNN of three steps, global average pooling")


def on_laptop(model: Arm, **settings: Value) -> Arm:
    """A model that is reduced by settings at the scale "laptop", in a study that takes more than a night in full."""
    return varied(model, model.name, reduced={"laptop": settings})


def beside_waveforms(model: Arm, **settings: Value) -> Arm:
    """A model on mel bands, reduced to the length of those on the waveform with which it is compared, and by settings.

    Models with convolutions are to get a quarter of their `widths`, as those on the waveform do.
    """
    hop = int(str(model.settings["hop"]))
    return varied(model, model.name, reduced=everywhere(**cut(hop), **settings))
