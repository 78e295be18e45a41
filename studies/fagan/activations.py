"""Experimental Setup: leaky ReLU and PReLU are no better than ReLU, and worse if used everywhere."""

from analysis.claims import Better, Equal
from studies.fagan.printed import ACN_GAP, FIXED, SHARED, acn
from studies.study import Study

KINDS = {"leaky ReLU": "leaky_relu", "PReLU": "prelu"}
HEADS = {name: acn(f"{ACN_GAP.name}, {name} in the head", head_activation=kind) for name, kind in KINDS.items()}
ALL = {name: acn(f"{ACN_GAP.name}, {name} everywhere", activation=kind) for name, kind in KINDS.items()}

STUDY = Study(
    **SHARED,
    section="Experimental Setup",
    title="ReLU, leaky ReLU and PReLU",
    question="Do leaky ReLU and PReLU change nothing in the head, and are they worse in all layers?",
    # Tried on the network without pooling layers.
    fixed=FIXED,
    arms=(ACN_GAP, *HEADS.values(), *ALL.values()),
    claims=(
        *(
            Equal(finding="S2-F30", part=f"{name} in the head", first=one.name, second=ACN_GAP.name)
            for name, one in HEADS.items()
        ),
        *(
            Better(finding="S2-F30", part=f"{name} everywhere", better=ACN_GAP.name, worse=one.name)
            for name, one in ALL.items()
        ),
        Equal(finding="S2-F47", first=ALL["leaky ReLU"].name, second=ACN_GAP.name, metric="gap"),
    ),
)
