"""Increase network size: what memory more parameters, more networks and larger batches take, the limit of that size."""

from analysis.claims import Cost
from studies.hefetz_dahan.larger_network import ALL, FACTORS
from studies.hefetz_dahan.printed import FIXED, MODEL_2, SHARED
from studies.study import Study

LARGER = {**{part: most for part, (_, most) in FACTORS.items()}, "all three": ALL}

STUDY = Study(
    **SHARED,
    section="Increase network size",
    title="The memory of an enlarged Model 2",
    question="How much more memory does training take of a network with more parameters, more parts or larger batches?",
    fixed=FIXED,
    arms=(MODEL_2, *LARGER.values()),
    # Counted, not trained: the bytes that a step holds, and parameters.
    claims=(
        *(
            Cost(finding="S1-F19", part=part, cheaper=MODEL_2.name, dearer=larger.name, metric="step_bytes")
            for part, larger in LARGER.items()
        ),
        Cost(finding="S1-F19", part="counted", cheaper=MODEL_2.name, dearer=ALL.name, metric="parameters"),
    ),
)
