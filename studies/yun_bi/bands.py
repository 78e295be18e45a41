"""Section 3.4.1: 128 mel bands are always better for LeNet, 64 always better for two-layer LSTMs."""

from analysis.claims import Better, Interaction, NoDirection
from studies.study import Study
from studies.yun_bi.printed import FIXED, SHARED, lenet, lstm

LENETS = {kernel: (lenet(kernel, 64), lenet(kernel, 128)) for kernel in ("5x5", "3x8")}
LSTMS = {units: (lstm(units, 64), lstm(units, 128)) for units in ("128-128", "128-64")}
NETWORKS = LENETS | LSTMS

STUDY = Study(
    **SHARED,
    section="3.4.1, 4",
    title="64 against 128 mel bands",
    question="Does LeNet gain from 128 mel bands where an LSTM loses?",
    fixed=FIXED,
    arms=tuple(arm for pair in NETWORKS.values() for arm in pair),
    claims=(
        *(Better(finding="S4-F1", part=n, better=few.name, worse=many.name) for n, (few, many) in LSTMS.items()),
        *(Better(finding="S4-F2", part=n, better=many.name, worse=few.name) for n, (few, many) in LENETS.items()),
        *(
            Interaction(
                finding="S4-F13",
                part=f"{kernel} and {units}",
                plus=(LENETS[kernel][1].name, LENETS[kernel][0].name),
                minus=(LSTMS[units][1].name, LSTMS[units][0].name),
            )
            for kernel, units in zip(LENETS, LSTMS, strict=True)
        ),
        *(
            NoDirection(finding="S4-F16", part=n, first=many.name, second=few.name)
            for n, (few, many) in NETWORKS.items()
        ),
    ),
)
