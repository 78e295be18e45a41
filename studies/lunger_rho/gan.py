"""Sections 2.2, 3.2: the DCGAN generates noise, its discriminator is ahead, and regularising that would help."""

from analysis.claims import Better, Equal, NoDirection
from studies.lunger_rho.printed import GAN_FIXED, GAN_SHARED, ONCE, SELU, gan
from studies.study import Arm, Study

LEAKY = gan("DCGAN, leaky ReLU", discriminator_activation="leaky_relu")
REMEDIES = {
    "dropout": gan("DCGAN, dropout of .3", dropout=0.3),
    "label smoothing": gan("DCGAN, labels smoothed by .1", label_smoothing=0.1),
    "spectral norm": gan("DCGAN, spectral norm", spectral_norm=True),
    "learning rate": gan("DCGAN, discriminator at a fifth of the learning rate", discriminator_learning_rate=2e-4),
}
# On violins alone 20 epochs are a few hundred steps, and the rate is five times that of the published network.
LONGER = gan("DCGAN, ten times the epochs", times=10)
SLOWER = gan("DCGAN, both networks at a fifth of the learning rate", learning_rate=2e-4)

MARGINS = {"loss_gap": 0.1, "distance": 0.5}
"""Nats, and dB."""
# With labels of .9 no loss of the discriminator is below .33 nats, however well it tells what is generated.
BY_DESIGN = {("label smoothing", "loss_gap"): "smoothed labels raise the discriminator's loss by themselves"}


def like_noise(part: str, metric: str, margin: float) -> Equal:
    """What is generated is no more like violins than noise is, by one measure."""
    return Equal(finding="S0-F28", part=part, first=SELU.name, second=0.0, metric=metric, margin=margin, protocols=ONCE)


def remedied(part: str, remedy: Arm, metric: str) -> Better:
    pair = {"better": remedy.name, "worse": SELU.name, "confounded": BY_DESIGN.get((part, metric), "")}
    name = f"{part}, {metric.replace('_', ' ')}"
    return Better(
        finding="S0-F32", part=name, metric=metric, margin=MARGINS[metric], hypothesis=True, protocols=ONCE, **pair
    )


def beside(finding: str, part: str, other: Arm, metric: str) -> NoDirection:
    """What the printed network has and another has not, where the document claims nothing of it."""
    pair = {"first": other.name, "second": SELU.name}
    return NoDirection(finding=finding, part=part, metric=metric, margin=MARGINS[metric], protocols=ONCE, **pair)


STUDY = Study(
    **GAN_SHARED,
    corpus="irmas",
    section="2.2, 3.2",
    title="A DCGAN on violins, and remedies",
    question="Does the DCGAN generate noise, is its discriminator ahead of its generator, and what would mend that?",
    fixed=GAN_FIXED,
    arms=(SELU, LEAKY, *REMEDIES.values(), LONGER, SLOWER),
    claims=(
        *(
            Equal(
                finding="S0-F27", part=part, first=SELU.name, second=100.0, metric=metric, margin=10.0, protocols=ONCE
            )
            for part, metric in {"loss": "discriminator_below", "accuracy": "discriminator_accuracy"}.items()
        ),
        like_noise("distance", "distance_over_noise", 2.0),
        like_noise("classifier", "confidence_over_noise", 0.1),
        # The flatter, the more alike all frequencies are, as in noise.
        Better(
            finding="S0-F28",
            part="flatness",
            better=0.0,
            worse=SELU.name,
            metric="flatness_over_recorded",
            margin=0.05,
            protocols=ONCE,
        ),
        beside("S0-F28", "ten times the epochs", LONGER, "distance"),
        beside("S0-F28", "a fifth of the learning rate", SLOWER, "distance"),
        *(beside("S0-F30", metric.replace("_", " "), LEAKY, metric) for metric in MARGINS),
        *(remedied(part, remedy, metric) for part, remedy in REMEDIES.items() for metric in MARGINS),
    ),
)
