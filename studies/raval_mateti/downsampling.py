"""Training: downsampling makes the input smaller and lowers the load on the processor."""

from itertools import pairwise

from analysis.claims import Cost, NoDirection
from analysis.protocols import PUBLISHED
from studies.raval_mateti.printed import FIXED, M1, SHARED, model_1
from studies.study import Study

AS_RUN = (PUBLISHED.name,)
RATES = {2000: M1, **{rate: model_1(f"Model 1 at {rate} Hz", target_rate=rate) for rate in (4000, 8000, 16_000)}}
# X17: the other reading of 8,000 samples at 8 kHz.
FIRST_SECOND = model_1("Model 1 on the first second at 8000 Hz", target_rate=8000, crop=8000)

STUDY = Study(
    **SHARED,
    section="Training",
    title="Sampling rates of the input",
    question="Does downsampling save time, and what does the rate do to the accuracy?",
    fixed=FIXED,
    arms=(*RATES.values(), FIRST_SECOND),
    claims=(
        # Times are of the printed settings, under which alone the networks at higher rates are trained.
        *(
            Cost(
                finding="S3-F12", part=f"{a} and {b} Hz", cheaper=RATES[a].name, dearer=RATES[b].name, protocols=AS_RUN
            )
            for a, b in pairwise(RATES)
        ),
        *(
            NoDirection(
                finding="S3-F12", part=f"accuracy at {rate} Hz", first=arm.name, second=M1.name, protocols=AS_RUN
            )
            for rate, arm in RATES.items()
            if arm != M1
        ),
        NoDirection(finding="S3-F12", part="accuracy on the first second", first=FIRST_SECOND.name, second=M1.name),
    ),
)
