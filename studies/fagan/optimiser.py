"""Experimental Setup, Conclusion: out of the box, Adam is much faster than SGD."""

from analysis.claims import Better, NoDirection
from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.fagan.printed import ACN_GAP, EPOCHS, FIXED, SHARED, acn
from studies.study import Study

PLAIN = acn("1-D CNN without pooling layers, SGD", optimiser="sgd", momentum=0.0)
MOMENTUM = acn("1-D CNN without pooling layers, SGD with momentum of .9", optimiser="sgd", momentum=0.9)
# Both are to reach one level: 90 % of where a run itself ends, one that learns nothing reaches at once.
SPEED = {"metric": "epochs_to_share", "margin": EPOCHS / 10}

STUDY = Study(
    # As printed all have Adam's rate; for itself each may take more of it, of which SGD needs much.
    **{**SHARED, "tuned": joined(learning_rate(1e-4, 1.0), batch_size(32, 64, 128))},
    section="Experimental Setup, Conclusion",
    title="Adam and SGD",
    question="Does Adam need fewer epochs than SGD to the same accuracy?",
    fixed=FIXED,
    arms=(ACN_GAP, PLAIN, MOMENTUM),
    claims=(
        Better(finding="S2-F27", better=ACN_GAP.name, worse=PLAIN.name, **SPEED),
        NoDirection(finding="S2-F27", part="momentum", first=ACN_GAP.name, second=MOMENTUM.name, **SPEED),
    ),
)
