"""Data augmentation: time stretch, pitch shift, noise and changes of volume only lowered the accuracy."""

from collections.abc import Callable, Iterator

from analysis.claims import Better
from studies.hefetz_dahan.printed import FIXED, MODEL_2_ON_MEL, PANN, SHARED, model_2_on_mel, pann
from studies.study import Arm, Study

AUGMENTATIONS = {"a": "time_stretch", "b": "pitch_shift", "c": "noise", "d": "volume"}
"""By the letter of the finding."""


def augmented(network: Arm, varied: Callable[..., Arm]) -> dict[str, Arm]:
    """A network with each augmentation, by the letter of its finding."""
    return {
        letter: varied(f"{network.name}, {name.replace('_', ' ')}", augmentation=name)
        for letter, name in AUGMENTATIONS.items()
    }


# The chapter goes on from PANN, of which there is nothing without the published weights; Model 2 is tested beside it.
NETWORKS = {
    "fine-tuned": (PANN, augmented(PANN, pann)),
    "Model 2": (MODEL_2_ON_MEL, augmented(MODEL_2_ON_MEL, model_2_on_mel)),
}


def claims() -> Iterator[Better]:
    for part, (plain, arms) in NETWORKS.items():
        for letter, arm in arms.items():
            yield Better(finding=f"S1-F10{letter}", part=part, better=plain.name, worse=arm.name)


STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], "ranges of the augmentations")},
    section="Data augmentation",
    title="Four augmentations",
    question="Does each of four augmentations lower the accuracy?",
    # With spectrograms that are relative to the peak of their clip, no change of volume would reach a network.
    fixed=FIXED,
    arms=tuple(each for plain, arms in NETWORKS.values() for each in (plain, *arms.values())),
    claims=tuple(claims()),
    # To shift the pitch of a clip takes longer than to learn from it.
    reduced={
        "smoke": {"segmentation": "onset", "seconds": 1.0, "data_fraction": 0.05},
        "laptop": {"data_fraction": 0.25},
    },
)
