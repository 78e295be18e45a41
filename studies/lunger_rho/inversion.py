"""Section 3.2: going back from MFCCs to a waveform loses most of what is heard."""

from analysis.claims import Better, NoDirection
from studies.study import Study, arm

KEPT = {count: arm(f"{count} coefficients", coefficients=count) for count in (13, 20, 30, 40, 64, 128)}
FEWEST, *BETWEEN, ALL = (each.name for each in KEPT.values())
MOST = 50.0
ONCE = ("corrected",)
"""Nothing is trained: however clips are divided, each is measured by itself."""


def reading(metric: str, name: str, margin: float) -> NoDirection:
    """What fewer coefficients than the GAN had change; the document compares no numbers of them."""
    part, pair = f"{metric.removeprefix('inversion_').replace('_', ' ')}, {name}", {"first": name, "second": ALL}
    return NoDirection(finding="S0-F29", part=part, metric=metric, margin=margin, protocols=ONCE, **pair)


STUDY = Study(
    document="lunger_rho",
    section="3.2",
    title="MFCCs and back",
    question="Is most of what is heard of a violin lost on the way to MFCCs and back?",
    # Whatever is missing of a violin that plays alone was lost on the way, and not hidden by what else plays.
    corpus="philharmonia",
    epochs=1,
    fixed={"training": "inversion", "front_end": "mfcc", "normalise": "none", "segmentation": "onset", "seconds": 1.0},
    guessed=("frames and bands of the MFCCs", "how a waveform is made of them", "what most is"),
    arms=tuple(KEPT.values()),
    claims=(
        # As unlike the recording as half of white noise is, or half of another note: the GAN had all coefficients.
        Better(finding="S0-F29", part="noise", better=MOST, worse=ALL, metric="inversion_of_noise", protocols=ONCE),
        Better(finding="S0-F29", part="another", better=MOST, worse=ALL, metric="inversion_of_another", protocols=ONCE),
        *(reading("inversion_distance", name, margin=1.0) for name in (FEWEST, *BETWEEN)),
        reading("inversion_signal_to_noise", FEWEST, margin=1.0),
        reading("inversion_flatness", FEWEST, margin=0.05),
    ),
    reduced={"smoke": {"seconds": 0.2}},
)
