"""Section 3.2: what the DCGAN would generate from single sustained notes is more than noise.

The claims are those of what it generates from music, turned round (S0-F28): distances in dB from notes and from music
do not compare, but each corpus has its own noise and its own recordings to compare with.
"""

from analysis.claims import Better, Equal
from studies.lunger_rho.printed import GAN_FIXED, GAN_SHARED, ONCE, SELU
from studies.study import Study


def unlike_noise(part: str, metric: str, margin: float) -> Better:
    """What is generated is more like the notes than noise is, by one measure."""
    more = {"metric": metric, "margin": margin, "protocols": ONCE, "hypothesis": True}
    return Better(finding="S0-F33", part=part, better=SELU.name, worse=0.0, **more)


STUDY = Study(
    **GAN_SHARED,
    section="3.2",
    title="A DCGAN on single sustained notes",
    question="Is what the DCGAN generates from single notes of a violin more than noise?",
    # NSynth has no violins: they are among its strings.
    corpus="philharmonia",
    fixed={**GAN_FIXED, "segmentation": "onset", "seconds": 1.0},
    arms=(SELU,),
    claims=(
        unlike_noise("distance", "distance_over_noise", 2.0),
        unlike_noise("classifier", "confidence_over_noise", 0.1),
        Equal(
            finding="S0-F33",
            part="flatness",
            first=SELU.name,
            second=0.0,
            metric="flatness_over_recorded",
            margin=0.05,
            hypothesis=True,
            protocols=ONCE,
        ),
    ),
)
