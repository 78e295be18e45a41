"""Increase network size: more parameters, networks and clips a batch go from 45 to 51 %, as far as memory allows."""

from analysis.claims import Better, Level, NoDirection
from studies.hefetz_dahan.printed import FIXED, MODEL_2, PANN, SHARED, SMALL, model_2, pann
from studies.study import Arm, Study


def wide(name: str, widening: float, **settings: str | int) -> Arm:
    return model_2(name, architecture="wide_spectrogram_cnn", widening=widening, **settings)


ALL_SCALES = "linear-mel-log"
WIDE, TWICE = wide("Model 2, 1.5 times as wide", 1.5), wide("Model 2, twice as wide", 2.0)
SIX, NINE = model_2("Model 2, six networks", scales="mel-log"), model_2("Model 2, nine networks", scales=ALL_SCALES)
BATCH, LARGE_BATCH = (
    model_2("Model 2, batches of 64", batch_size=64),
    model_2("Model 2, batches of 128", batch_size=128),
)
ALL = wide("Model 2, twice as wide, nine networks, batches of 128", 2.0, scales=ALL_SCALES, batch_size=128)
HIDDEN = pann("PANN, hidden layer of 2048", hidden=2_048)
FACTORS = {"parameters": (WIDE, TWICE), "networks": (SIX, NINE), "batch": (BATCH, LARGE_BATCH)}

STUDY = Study(
    **SHARED,
    section="Increase network size",
    title="Parameters, networks and batch of an enlarged Model 2",
    question="Is a larger network better, by which of three factors, and is it chance?",
    fixed=FIXED,
    arms=(MODEL_2, *(arm for arms in FACTORS.values() for arm in arms), ALL, PANN, HIDDEN),
    claims=(
        *(
            Better(finding="S1-F11", part=part, better=most.name, worse=MODEL_2.name)
            for part, (_, most) in FACTORS.items()
        ),
        *(
            NoDirection(finding="S1-F11", part=f"some more {part}", first=some.name, second=MODEL_2.name)
            for part, (some, _) in FACTORS.items()
        ),
        Better(
            finding="S1-F11",
            part="all three",
            better=ALL.name,
            worse=MODEL_2.name,
            printed=6,
            confounded="parameters, networks and batch are enlarged at once, which other parts take apart",
        ),
        Level(finding="S1-F11", part="level", arm=ALL.name, printed=51),
        # X28: the chapter goes on from the pretrained network, and the final one is said to be a variant of Model 2.
        NoDirection(finding="S1-F11", part="pretrained", first=HIDDEN.name, second=PANN.name),
        # 9.09: one of eleven classes. The largest class is the better guess.
        Better(finding="S1-F21", part="chance", better=ALL.name, worse=9.09),
        Better(
            finding="S1-F21",
            part="the largest class",
            better=ALL.name,
            worse=0.0,
            metric="accuracy_over_majority",
        ),
    ),
    # Coarser spectrograms would cut the segments of PANN, which has frames of its own.
    reduced={**SMALL, "laptop": {"data_fraction": 0.25}},
)
