"""Cited in sections 1 and 2.1: the shape of a kernel matters, and several shapes in one layer are efficient."""

from analysis.claims import NoDirection
from studies.study import Study, arm
from studies.yun_bi.printed import FIXED, SHARED

SQUARE, *OTHERS = (
    arm(f"LeNet_{kernel.replace('x', '*')}_64*80", kernel=kernel)
    for kernel in ("5x5", "3x8", "8x3", "1x25", "25x1", "3x8+8x3")
)

STUDY = Study(
    **SHARED,
    section="1, 2.1",
    title="Kernel shapes in the first layer, at equal numbers of parameters",
    question="Does any kernel shape, or a mixture of two, beat 5x5 when all networks have as many parameters?",
    # A kernel of 25 bands fits only the first layer, so the second is the same in all arms.
    fixed={**FIXED, "architecture": "lenet", "bands": 64, "second_kernel": "5x5", "parameter_matched": True},
    arms=(SQUARE, *OTHERS),
    claims=tuple(
        NoDirection(finding="S4-F17", part=str(other.settings["kernel"]), first=other.name, second=SQUARE.name)
        for other in OTHERS
    ),
)
