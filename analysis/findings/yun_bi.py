"""Findings of Yun and Bi: LeNet against LSTM on Philharmonia samples. No figure is printed, so only directions are."""

from analysis.findings.register import Document, findings_of

DOCUMENT = Document(
    "S4", "yun_bi", "Yun and Bi", "Deep learning for musical instrument recognition", "Philharmonia samples"
)

FINDINGS = findings_of(
    DOCUMENT,
    ("F1", "131", "DIR x2", "A two-layer LSTM is more accurate on 64 than on 128 bands, whatever its second layer."),
    ("F2", "131", "DIR x2", "LeNet is more accurate on 128 than on 64 bands, with either kernel."),
    ("F3", "135", "EQ", "On 64 bands, LeNet with 3x8 and with 5x5 kernels ends at the same accuracy."),
    ("F4", "135", "DIR", "After the first epoch, LeNet with 3x8 kernels is ahead of LeNet with 5x5 kernels."),
    ("F5", "147, 179", "DIR", "A one-layer LSTM is more accurate with 128 units than with 64."),
    ("F6", "147", "COST", "A one-layer LSTM with 128 units also needs less running time than one with 64."),
    ("F7", "151", "DIR x2", "On 64 bands, both two-layer LSTMs beat the one-layer LSTM with 128 units."),
    ("F8", "167", "EQ", "In a two-layer LSTM, 128 or 64 units in the second layer make little difference."),
    ("F9", "171", "ORD", "Of the LeNets, the one with 3x8 kernels on 64 bands is best."),
    ("F10", "171, 179", "ORD", "Of the LSTMs, the one with two layers of 128 units on 128 bands is best."),
    ("F11", "171, 181", "CURVE", "The best LeNet learns faster than the best LSTM."),
    ("F12", "181", "DIR", "After 100 epochs the best LeNet is a little more accurate than the best LSTM."),
    ("F13", "179", "INT", "LeNet gains from the larger input, the LSTM from the smaller one."),
    ("F14", "179", "DIR", "LeNet is more accurate with 3x8 kernels than with 5x5."),
    ("F15", "121", "HYP", "One layer of 64 units is to be compared with two of 128; no result is printed."),
    ("F16", "97", "HYP", "Whether the number of bands changes the accuracy is put as a question."),
    ("F17", "30, 48-55", "HYP", "The shape of the kernel matters, and one that fits the domain is efficient."),
    ("F18", "83, 151, 179", "DIR", "Adding an LSTM layer improves accuracy."),
    ("F19", "91", "FACT", "The collection holds 25 instruments.", "25"),
    ("F20", "7, 181", "DIR + COST", "LeNet is both faster and more accurate than the LSTM."),
)
