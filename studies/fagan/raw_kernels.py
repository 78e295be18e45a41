"""Conclusion, note 2: on raw waveforms only very small filters find good features."""

from analysis.claims import NoDirection, Optimum
from studies.fagan.printed import FIXED, SAMPLE_CNN_GAP, SAMPLE_CNN_GAP_3, SHARED, THREE_STEPS, three_steps
from studies.study import Arm, Study, both


def sample_cnn(size: int, widths: tuple[int, int, int] = (128, 32, 16), note: str = "") -> Arm:
    """SampleCNN of three steps with first kernels of a size: `widths` are those of its first three stages.

    In full, at the scale "laptop" and at the scale "smoke".
    """
    full, laptop, smoke = (
        "-".join(map(str, [first] * 3 + [2 * base] * 6 + [4 * base] * 2))
        for first, base in zip(widths, (128, 32, 16), strict=True)
    )
    name = f"SampleCNN of three steps, first kernels of {size}{note}"
    reduced = both(THREE_STEPS, {"laptop": {"widths": laptop}, "smoke": {"widths": smoke}})
    return three_steps(SAMPLE_CNN_GAP, name, kernel=f"{size}-{size}-{size}-3", widths=full, reduced=reduced)


# A wide kernel has more parameters: with these widths all networks have as many as with 3, within 2 %. At a stride of
# 3 a first kernel of 1 reads every third sample.
MATCHED = {
    1: sample_cnn(1, (176, 44, 22)),
    3: SAMPLE_CNN_GAP_3,
    5: sample_cnn(5, (107, 27, 13)),
    9: sample_cnn(9, (85, 21, 11)),
    27: sample_cnn(27, (54, 13, 7)),
    81: sample_cnn(81, (32, 8, 4)),
}
WIDE = {size: sample_cnn(size, note=", as wide as with 3") for size in (9, 27)}
PADDING = "padding of kernels other than 3 at a stride of 3"

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], PADDING)},
    section="Conclusion, note 2",
    title="Sizes of the first kernels on raw waveforms",
    question="Of first kernels from 1 to 81 samples, are those of 3 the best?",
    fixed=FIXED,
    arms=(*MATCHED.values(), *WIDE.values()),
    claims=(
        Optimum(finding="S2-F18", levels=tuple(arm.name for arm in MATCHED.values()), at=MATCHED[3].name),
        *(
            NoDirection(finding="S2-F18", part=f"3 and {size}, equal in width", first=MATCHED[3].name, second=wide.name)
            for size, wide in WIDE.items()
        ),
    ),
)
