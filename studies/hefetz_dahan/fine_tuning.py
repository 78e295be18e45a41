"""Transfer learning: 4 epochs with a frozen backbone at .003, and then .0002, are what was settled on."""

from collections.abc import Sequence

from analysis.claims import NoDirection, Optimum
from search_spaces import Space
from studies.hefetz_dahan.printed import CNN14_IN_PHASES, FIXED, PANN, SHARED, SMALL, TUNING, pann
from studies.study import Arm, Study
from trainables.registry import Value


def levels(setting: str, values: Sequence[Value]) -> tuple[Arm, ...]:
    """PANN with each of these values of one setting, the printed one among them."""
    words = setting.replace("_", " ")
    return tuple(
        PANN if value == TUNING[setting] else pann(f"PANN, {words} {value:g}", **{setting: value}) for value in values
    )


LEVELS = {
    "frozen epochs": levels("frozen_epochs", (0, 1, 2, 4, 8)),
    "first rate": levels("learning_rate", (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)),
    "second rate": levels("second_learning_rate", (2e-5, 5e-5, 2e-4, 1e-3, 3e-3)),
}

STUDY = Study(
    **{**SHARED, "tuned": Space()},
    section="Transfer learning",
    title="Frozen epochs and the two learning rates of fine-tuning",
    question="Are 4 frozen epochs, at a learning rate of .003 and then of .0002, the best, each among others?",
    fixed=FIXED,
    arms=(PANN, CNN14_IN_PHASES, *(arm for arms in LEVELS.values() for arm in arms if arm is not PANN)),
    claims=(
        *(
            Optimum(finding="S1-F9", part=part, levels=tuple(arm.name for arm in arms), at=PANN.name)
            for part, arms in LEVELS.items()
        ),
        NoDirection(finding="S1-F9", part="without weights", first=PANN.name, second=CNN14_IN_PHASES.name),
    ),
    reduced=SMALL,
)
