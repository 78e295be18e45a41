"""Model 3: one Morlet transform inside a network might do better, and even name several labels."""

from collections.abc import Mapping
from typing import Any

from analysis.claims import Better, Cost, NoDirection
from studies.hefetz_dahan.printed import FIXED, SHARED, SMALL, SMALL_RATE, model_2
from studies.study import Arm, Study
from trainables.registry import Value

RATE = 22_050
PARAMETERS = 454_475
"""Those of Model 2 with six blocks of 16 to 64 channels."""


def model_3(name: str, **settings: Value) -> Arm:
    """Model 3, or a variant of it: a Morlet transform of the waveform inside the network, and six blocks."""
    stated = {"front_end": "waveform", "target_rate": RATE, "architecture": "morlet_cnn", **settings}
    return Arm(name=name, settings=stated, reduced={"smoke": {"target_rate": SMALL_RATE}})


MODEL_3 = model_3("Model 3")
TRUNK: Mapping[str, Value] = {"architecture": "spectrogram_cnn", "fusion": "early", "depth": 6, "width": 32.0}
APART = model_3("Model 3, transform computed before", front_end="morlet", **TRUNK)
# At one rate and of one size; Model 2 takes clips at 44,100 Hz elsewhere.
FOURIER, WAVELETS = (
    model_2("Model 2 at 22,050 Hz", target_rate=RATE, parameters=PARAMETERS),
    model_3("Model 3 as large as Model 2", parameters=PARAMETERS),
)
FOURIER_SEVERAL = model_2("Model 2 at 22,050 Hz, several labels", target_rate=RATE, parameters=PARAMETERS, loss="bce")
WAVELETS_SEVERAL = model_3("Model 3 as large as Model 2, several labels", parameters=PARAMETERS, loss="bce")

OF_MODEL_3: Mapping[str, Any] = {**SHARED, "guessed": (*SHARED["guessed"], "wavelets, and all layers behind them")}

STUDY = Study(
    **OF_MODEL_3,
    section="Model 3",
    title="A Morlet transform inside the network",
    question="Is one Morlet transform better than Fourier transforms, and slow inside a network?",
    fixed=FIXED,
    arms=(FOURIER, WAVELETS, MODEL_3, APART, FOURIER_SEVERAL, WAVELETS_SEVERAL),
    claims=(
        Better(finding="S1-F14", better=WAVELETS.name, worse=FOURIER.name, hypothesis=True),
        Cost(finding="S1-F16", part="inside", cheaper=APART.name, dearer=MODEL_3.name),
        Cost(
            finding="S1-F16",
            part="transforms",
            cheaper=FOURIER.name,
            dearer=APART.name,
            metric="front_end_milliseconds",
        ),
        Better(
            finding="S1-F22",
            part="classes named",
            better=WAVELETS_SEVERAL.name,
            worse=FOURIER_SEVERAL.name,
            metric="micro_f1",
            hypothesis=True,
        ),
        NoDirection(
            finding="S1-F22",
            part="the best class",
            first=WAVELETS_SEVERAL.name,
            second=FOURIER_SEVERAL.name,
            metric="micro_f1_top_1",
        ),
    ),
    reduced=SMALL,
)
