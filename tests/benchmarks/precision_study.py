"""Whether networks that are trained in bfloat16 are as accurate as in float32, and cheaper, on real notes.

`etude run tests/benchmarks/precision_study.py`, on a processor that has instructions for bfloat16.
"""

from collections.abc import Mapping

from analysis.claims import Cost, Equal
from studies.study import Arm, Study, arm
from trainables.registry import Value

LOG_MEL: Mapping[str, Value] = {"front_end": "log_mel", "frame": 1024, "hop": 512, "bands": 64}
MEL: Mapping[str, Value] = {"front_end": "mel_spectrogram", "frame": 1024, "hop": 344, "target_rate": 22050}
NETWORKS: Mapping[str, Mapping[str, Value]] = {
    "LeNet": {**LOG_MEL, "architecture": "lenet"},
    "LSTM": {**LOG_MEL, "architecture": "lstm"},
    "1-D CNN": {**MEL, "architecture": "cnn_1d_gap", "widths": "16-16-32-32-64"},
}


def trained_in(precision: str, network: str) -> Arm:
    return arm(f"{network}, {precision}", precision=precision, **NETWORKS[network])


ARMS = {network: [trained_in(precision, network) for precision in ("bfloat16", "float32")] for network in NETWORKS}

STUDY = Study(
    title="Training in bfloat16",
    question="Is a network that is trained in bfloat16 as accurate as one in float32, and does it take less time?",
    corpus="philharmonia",
    epochs=40,
    findings={
        "PRECISION": "A network is as accurate trained in bfloat16 as in float32.",
        "TIME": "A network takes less time an epoch trained in bfloat16 than in float32.",
    },
    fixed={
        "segmentation": "onset",
        "seconds": 1.0,
        "schedule": "cosine",
        "learning_rate": 3e-3,
        "batch_size": 32,
    },
    arms=tuple(each for pair in ARMS.values() for each in pair),
    claims=(
        *(
            Equal(finding="PRECISION", part=network, first=half.name, second=full.name)
            for network, (half, full) in ARMS.items()
        ),
        *(
            Cost(finding="TIME", part=network, cheaper=half.name, dearer=full.name, metric="seconds_per_epoch")
            for network, (half, full) in ARMS.items()
        ),
    ),
)
