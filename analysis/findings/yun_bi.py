"""Findings of Yun and Bi: LeNet against LSTM on Philharmonia samples. No figure is printed, so only directions are."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from analysis.findings.register import Contradiction, Document, Picks, PrintedFigure, figure, findings_of

CONTRADICTIONS = (
    Contradiction(
        "X22",
        "3.4.1, 3.4.6",
        "LeNet is said to be always better on 128 bands, and yet its best result is on 64; both are tested.",
        ("S4-F2", "S4-F9"),
    ),
    Contradiction(
        "X23",
        "3.4.1, 3.4.6",
        "The LSTM is said to be always better on 64 bands, and yet its best result is on 128; both are tested.",
        ("S4-F1", "S4-F10"),
    ),
    Contradiction(
        "X24",
        "3.3.2, 3.4.4",
        "One layer of 64 units was planned against two of 128, and one layer of 128 is reported; all are arms.",
        ("S4-F7", "S4-F15"),
    ),
    Contradiction(
        "X25",
        "3.4.2, 4",
        "3x8 and 5x5 kernels are said to end almost the same, and 3x8 to be better; both claims are registered.",
        ("S4-F3", "S4-F14"),
    ),
    Contradiction(
        "X26",
        "lines 38, 97, 101, 113, 119-123",
        "Cross-references are off by one section, indices of equations (1) and (4) are swapped and the caption of "
        "figure 3 is left over from a template; ignored.",
    ),
    Contradiction(
        "X27",
        "line 91",
        "200 training and 120 test clips may be meant for each of the 14 instruments or for all; both readings are "
        "arms, each instrument being the default.",
    ),
)

LEGEND = re.compile(r"(LeNet|LSTM)_(.+)_(\d+)\*(\d+)")
BEST = ("LeNet_3*8_64*80", "LSTM_128+128_128*80")


class Name(NamedTuple):
    """The parts of an arm's name: network, units of each layer or filter size, and bands of the input."""

    network: str
    form: str
    bands: int

    @property
    def layers(self) -> tuple[str, ...]:
        """Units of each LSTM layer."""
        return tuple(re.split(r"[+_-]", self.form))


def named(arms: Sequence[str]) -> dict[str, Name]:
    """The arms that have the name of a legend, such as "LeNet_3*8_128*80", with its parts."""
    found = {arm: LEGEND.fullmatch(arm) for arm in arms}
    return {arm: Name(match[1], match[2], int(match[3])) for arm, match in found.items() if match}


def networks(network: str, wanted: Callable[[Name], bool] = lambda name: True) -> Picks:
    """Picks the arms of a network whose names are wanted."""
    return lambda arms: [arm for arm, name in named(arms).items() if name.network == network and wanted(name)]


def both_bands(arms: Sequence[str]) -> list[str]:
    """All arms, if they differ in bands."""
    names = named(arms)
    return list(names) if len({name.bands for name in names.values()}) > 1 else []


def one_and_two_layers(arms: Sequence[str]) -> Sequence[str]:
    """LSTMs at 64 bands whose first layer has 128 units, if they differ in layers."""
    found = networks("LSTM", lambda name: name.bands == 64 and name.layers[0] == "128")(arms)
    return found if len({len(name.layers) for name in named(found).values()}) > 1 else []


LEGENDS = "The document draws test accuracy. Legends: network, units of each layer or filter size, input size."


def courses(id: str, title: str, arms: Picks) -> PrintedFigure:
    """A figure of accuracy over epochs."""
    return figure(id, title, "curves.compared", arms, LEGENDS)


FIGURES = (
    figure("S4-G1", "The LeNet model", "layers.networks", networks("LeNet")),
    figure("S4-G2", "Kernel shapes", "kernels.shapes", networks("LeNet")),
    figure("S4-G3", "The LSTM", "layers.networks", networks("LSTM")),
    figure("S4-G4", "LeNet with its parameters", "layers.networks", networks("LeNet")),
    courses("S4-G5", "All preprocessing: 64 or 128 bands", both_bands),
    courses(
        "S4-G6",
        "LeNet: kernels of 3×8 and 5×5",
        networks("LeNet", lambda name: name.bands == 64 and name.form in ("3*8", "5*5")),
    ),
    courses(
        "S4-G7",
        "One LSTM layer: 128 and 64 units",
        networks("LSTM", lambda name: name.bands == 64 and len(name.layers) == 1),
    ),
    courses("S4-G8", "One and two LSTM layers", one_and_two_layers),
    courses(
        "S4-G9",
        "Second LSTM layer: 128 and 64 units",
        networks("LSTM", lambda name: name.bands == 64 and len(name.layers) == 2),
    ),
    courses("S4-G10", "Best LeNet and best LSTM", lambda arms: [arm for arm in BEST if arm in arms]),
)

DOCUMENT = Document(
    "S4",
    "yun_bi",
    "Yun and Bi",
    "Deep learning for musical instrument recognition",
    "philharmonia",
    14,
    CONTRADICTIONS,
    FIGURES,
    url="https://pdfslide.us/documents/deep-learning-for-musical-instrument-zduanteachingece477-mingqing-yun-jing.html",
)

FINDINGS = findings_of(
    DOCUMENT,
    (
        "F1",
        "131",
        "whether the units in different layers are the same or not, the 64*80 size input always get a better result",
        "DIR x2",
        "A two-layer LSTM is more accurate on 64 than on 128 bands, whatever its second layer.",
    ),
    (
        "F2",
        "131",
        "whether the filter size is 3*8 or 5*5, the 128*80 size input always get a better result",
        "DIR x2",
        "LeNet is more accurate on 128 than on 64 bands, with either kernel.",
    ),
    (
        "F3",
        "135",
        "the results come out of the 100 epoch are almost the same",
        "EQ",
        "On 64 bands, LeNet with 3x8 and with 5x5 kernels ends at the same accuracy.",
    ),
    (
        "F4",
        "135",
        "in the first epoch, we notice that with a 3*8 kernel, the LeNet learns faster than with a 5*5 kernel",
        "DIR",
        "After the first epoch, LeNet with 3x8 kernels is ahead of LeNet with 5x5 kernels.",
    ),
    (
        "F5",
        "147, 179",
        "larger number of units runs more effectively",
        "DIR",
        "A one-layer LSTM is more accurate with 128 units than with 64.",
    ),
    (
        "F6",
        "147",
        "not only test accuracy but also running time",
        "COST",
        "A one-layer LSTM with 128 units also needs less running time than one with 64.",
    ),
    (
        "F7",
        "151",
        "the two layers systems always get a better result compares to the one layer system",
        "DIR x2",
        "On 64 bands, both two-layer LSTMs beat the one-layer LSTM with 128 units.",
    ),
    (
        "F8",
        "167",
        "we observe that the result shows limit difference",
        "EQ",
        "In a two-layer LSTM, 128 or 64 units in the second layer make little difference.",
    ),
    (
        "F9",
        "171",
        "the LeNet structure with 3*8 kernel size and 64*80 input size gets the best result",
        "ORD",
        "Of the LeNets, the one with 3x8 kernels on 64 bands is best.",
    ),
    (
        "F10",
        "171, 179",
        "the two layer system with 128*80 input size and each layer contains 128 units gets the best result",
        "ORD",
        "Of the LSTMs, the one with two layers of 128 units on 128 bands is best.",
    ),
    (
        "F11",
        "171, 181",
        "the learning rate from LeNet are faster than from LSTM system",
        "CURVE",
        "The best LeNet learns faster than the best LSTM.",
    ),
    (
        "F12",
        "181",
        "after 100 epochs, the result from LeNet is a little bit higher than from LSTM system",
        "DIR",
        "After 100 epochs the best LeNet is a little more accurate than the best LSTM.",
    ),
    (
        "F13",
        "179",
        "the LeNet is more suitable with larger input size(128*80).But the LSTM get better result with 64*80",
        "INT",
        "LeNet gains from the larger input, the LSTM from the smaller one.",
    ),
    (
        "F14",
        "179",
        "in a LeNet system, the 3*8 kernel size can get a better solution",
        "DIR",
        "LeNet is more accurate with 3x8 kernels than with 5x5.",
    ),
    (
        "F15",
        "121",
        "The 1 LSTM layer system contains 64 units and the 2 LSTM layer system contains 128 units in each layer.",
        "HYP",
        "One layer of 64 units is to be compared with two of 128; no result is printed.",
    ),
    (
        "F16",
        "97",
        "we can determine whether the number of filterbank can improve the accuracy",
        "HYP",
        "Whether the number of bands changes the accuracy is put as a question.",
    ),
    (
        "F17",
        "30, 48-55",
        "the shape of the kernel is important for classification task",
        "HYP",
        "The shape of the kernel matters, and one that fits the domain is efficient.",
    ),
    (
        "F18",
        "83, 151, 179",
        "whether the performance of classification task can be improved by simply adding one additional layer",
        "DIR",
        "Adding an LSTM layer improves accuracy.",
    ),
    ("F19", "91", "We choose 14 instruments out of 25", "FACT", "The collection holds 25 instruments.", "25"),
    (
        "F20",
        "7, 181",
        "the LeNet learns faster and more accurate when doing instrument classification",
        "DIR + COST",
        "LeNet is both faster and more accurate than the LSTM.",
    ),
)
