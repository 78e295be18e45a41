"""Introduction, Experimental Setup: 22,050 Hz lose what is above 10 kHz and save memory and time against 44.1 kHz."""

from collections.abc import Mapping

from analysis.claims import Cost, Equal, NoDirection
from studies.fagan.printed import CNN_GAP, FIXED, SAMPLE_CNN_GAP, SHARED, gap, raw
from studies.study import Arm, Study
from trainables.registry import Value

RATE = 22_050
"""That of GTZAN itself (X11): 44.1 kHz are computed from it and hold nothing new."""


def cropped(settings: Mapping[str, Value], rate: int) -> dict[str, int]:
    """As many seconds of the waveform at a rate as the settings keep at GTZAN's."""
    return {"crop": int(str(settings["crop"])) * rate // RATE}


def raw_at(rate: int) -> Arm:
    """SampleCNN at another rate."""
    reduced = {scale: cropped(form, rate) for scale, form in SAMPLE_CNN_GAP.reduced.items()}
    crop = cropped(SAMPLE_CNN_GAP.settings, rate)["crop"]
    return raw(f"SampleCNN, global average pooling, at {rate} Hz", reduced=reduced, target_rate=rate, crop=crop)


def mel_at(rate: int) -> Arm:
    """The 1-D CNN at another rate, on frames as long in time: its input has the same size at every rate."""
    frame = 1024 * rate // RATE
    return gap(f"1-D CNN, global average pooling, at {rate} Hz", target_rate=rate, frame=frame, hop=frame // 2)


NETWORKS = {
    "on waveforms": (SAMPLE_CNN_GAP, raw_at(11_025), raw_at(44_100)),
    "on mel bands": (CNN_GAP, mel_at(11_025), mel_at(44_100)),
}
CONFOUNDED = {
    "on waveforms": "at the higher rate kernels cover half the time",
    "on mel bands": "as many bands reach up to half of each rate",
}
PRINTED, _, HIGH = NETWORKS["on waveforms"]

STUDY = Study(
    **SHARED,
    section="Introduction, Experimental Setup",
    title="Sampling rates",
    question="Does 44.1 kHz cost more time and memory than 22,050 Hz, and is nothing lost by the lower rate?",
    fixed=FIXED,
    arms=tuple(arm for network in NETWORKS.values() for arm in network),
    claims=(
        *(
            Equal(
                finding="S2-F50",
                part=f"accuracy {where}",
                first=one.name,
                second=high.name,
                hypothesis=True,
                confounded=CONFOUNDED[where],
            )
            for where, (one, _, high) in NETWORKS.items()
        ),
        *(
            NoDirection(finding="S2-F50", part=f"half the rate {where}", first=one.name, second=low.name)
            for where, (one, low, _) in NETWORKS.items()
        ),
        *(
            Cost(finding="S2-F50", part=part, cheaper=PRINTED.name, dearer=HIGH.name, metric=metric, hypothesis=True)
            for part, metric in {"time": "seconds_per_epoch", "memory": "input_bytes"}.items()
        ),
    ),
)
