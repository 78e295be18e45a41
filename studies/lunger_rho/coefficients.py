"""Sections 1.3, 3: more MFCC coefficients never hurt and cost more to compute; beyond thirty little is gained."""

from analysis.claims import Cost, NeverHurts, NoDirection, Saturates
from studies.lunger_rho import printed as p
from studies.study import Study, varied

MFCC = {count: varied(p.CNN, p.of(p.CNN, count).name, **{**p.MFCC, "coefficients": count}) for count in p.COEFFICIENTS}
# X34: mel spectrograms and MFCCs stand for one another, so that bands may be what is counted.
BANDS = {count: varied(p.CNN, f"CNN, {count} mel bands", bands=count, **p.MEL) for count in (13, 30, 128)}
LEVELS = tuple(arm.name for arm in MFCC.values())

STUDY = Study(
    **{**p.SHARED, "guessed": (*p.GUESSED, p.OF_THE_CNN)},
    section="1.3, 3",
    title="Number of MFCC coefficients",
    question="Do more coefficients never hurt, is little gained beyond thirty, and does each cost time?",
    epochs=p.EPOCHS,
    fixed=p.SEGMENTED,
    arms=(*MFCC.values(), *BANDS.values()),
    claims=(
        NeverHurts(finding="S0-F16", levels=LEVELS),
        NoDirection(finding="S0-F16", part="mel bands", first=BANDS[128].name, second=BANDS[13].name),
        Saturates(finding="S0-F17", levels=LEVELS, at=MFCC[30].name),
        *(
            NoDirection(
                finding="S0-F17",
                part=f"{more} and {less} mel bands",
                first=BANDS[more].name,
                second=BANDS[less].name,
            )
            for more, less in ((30, 13), (128, 30))
        ),
        Cost(
            finding="S0-F26",
            cheaper=MFCC[13].name,
            dearer=MFCC[128].name,
            metric="front_end_milliseconds",
        ),
        NoDirection(
            finding="S0-F26",
            part="beside mel bands",
            first=MFCC[128].name,
            second=BANDS[128].name,
            metric="front_end_milliseconds",
            margin=0.1,
        ),
    ),
    reduced=p.COARSE,
)
