"""Section 3.4.6: the best LeNet learns faster than the best LSTM, and ends a little higher."""

from analysis.claims import Better, Cost, Ranking
from studies.study import Study
from studies.yun_bi.printed import FIXED, SHARED, lenet, lstm

LENETS = tuple(lenet(kernel, bands) for kernel in ("5x5", "3x8") for bands in (64, 128))
LSTMS = tuple(lstm(units, bands) for units in ("64", "128", "128-128", "128-64") for bands in (64, 128))
LENET, LSTM = lenet("3x8", 64), lstm("128-128", 128)
BOTH = {"better": LENET.name, "worse": LSTM.name}

STUDY = Study(
    **SHARED,
    section="3.4.6, 4",
    title="The best LeNet against the best LSTM",
    question="Which LeNet and which LSTM are best, and is LeNet faster and more accurate than an LSTM?",
    fixed=FIXED,
    arms=LENETS + LSTMS,
    claims=(
        Ranking(finding="S4-F9", best=LENET.name, candidates=tuple(arm.name for arm in LENETS)),
        Ranking(finding="S4-F10", best=LSTM.name, candidates=tuple(arm.name for arm in LSTMS)),
        Better(finding="S4-F11", part="epochs to 90 %", metric="epochs_to_90", margin=10.0, **BOTH),
        Better(finding="S4-F11", part="area under the curve", metric="area", **BOTH),
        Better(finding="S4-F12", **BOTH),
        Better(finding="S4-F20", part="accuracy", **BOTH),
        Cost(finding="S4-F20", part="time", cheaper=LENET.name, dearer=LSTM.name, metric="seconds_to_share"),
    ),
)
