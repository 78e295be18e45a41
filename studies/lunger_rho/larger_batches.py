"""Sections 2.1, 3.1: segments take so little memory that batches of 512 do where clips allow 60."""

from analysis.claims import Cost, NoDirection
from studies.lunger_rho.printed import EPOCHS, FIXED, SHARED
from studies.lunger_rho.segments_or_clips import CLIPS, LARGE, SEGMENTS, SMALL
from studies.study import Arm, Study


def in_full(model: Arm) -> Arm:
    """The model without its reduced forms: counting takes nothing."""
    return model.model_copy(update={"reduced": {}})


STUDY = Study(
    **SHARED,
    section="2.1, 3.1",
    title="The memory of a batch of segments",
    question="How much less memory does a batch of segments take than one of clips?",
    epochs=EPOCHS,
    fixed=FIXED,
    arms=tuple(map(in_full, (SEGMENTS, CLIPS, SMALL, LARGE))),
    claims=(
        *(
            Cost(finding="S0-F25", part=f"batches of {size}", cheaper=less.name, dearer=more.name, metric="step_bytes")
            for size, (less, more) in {60: (SMALL, CLIPS), 512: (SEGMENTS, LARGE)}.items()
        ),
        # 512 segments are 154 seconds of audio and 60 clips 180: a tenth of the length is ten times as many.
        NoDirection(
            finding="S0-F25",
            part="512 segments and 60 clips",
            first=SEGMENTS.name,
            second=CLIPS.name,
            metric="step_bytes",
            margin=1e8,
        ),
    ),
)
