"""Sections 1, 2.1: with average pooling one network takes inputs of any size."""

from analysis.claims import Equal
from studies.lunger_rho.printed import EPOCHS, FIXED, SHARED
from studies.study import Arm, Study, arm


def on(count: int, seconds: float) -> Arm:
    """ResNet-50, in full at every scale, on so many coefficients of a segment."""
    name = f"ResNet-50 on {count} coefficients of {1000 * seconds:.0f} ms"
    return arm(name, architecture="resnet", depth=50, dropout=0.0, coefficients=count, seconds=seconds)


FIRST, *OTHERS = (on(count, seconds) for count in (13, 128) for seconds in (0.02, 0.3, 3.0))

STUDY = Study(
    **SHARED,
    section="1, 2.1",
    title="One network for inputs of any size",
    question="Has ResNet-50 the same parameters whatever the length and the coefficients of its input?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=(FIRST, *OTHERS),
    # Counted, not trained: each is built on an input of its size.
    claims=tuple(
        Equal(finding="S0-F39", part=other.name, first=other.name, second=FIRST.name, metric="parameters")
        for other in OTHERS
    ),
)
