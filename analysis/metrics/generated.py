"""Metrics of a GAN: its course, and what was found of its images after the last epoch (B18)."""

import math
from functools import partial
from typing import TYPE_CHECKING

from analysis.metrics.metric import TrialResult, metric

if TYPE_CHECKING:
    import pandas as pd

SURER = 0.2
"""A probability: twice the least difference that claims on it ask for."""

of_a_gan = partial(metric, epochs="printed", without="it generates nothing")


@of_a_gan(
    "points",
    "the accuracy of the discriminator over the epochs",
    "accuracy of the discriminator (%)",
    higher=True,
    absolute=True,
)
def discriminator_accuracy(record: TrialResult) -> float:
    """Mean accuracy of a GAN's discriminator in its steps, in points (S0-F27)."""
    of_steps = record.epochs["train_accuracy"].where(column(record, "discriminator_below").notna())
    return 100 * float(of_steps.mean())


@of_a_gan(
    "points",
    "steps in which the discriminator's loss is below the generator's",
    "steps with the discriminator's loss below (%)",
    higher=True,
    absolute=True,
)
def discriminator_below(record: TrialResult) -> float:
    """Share of a GAN's steps in which the discriminator's loss is below the generator's, in points (S0-F27)."""
    return 100 * column(record, "discriminator_below").mean()


@of_a_gan(
    "nats",
    "the generator's loss less the discriminator's",
    "generator's less discriminator's loss (nats)",
    higher=False,
)
def loss_gap(record: TrialResult) -> float:
    """Mean loss of a GAN's generator less that of its discriminator over both kinds of image, in nats (S0-F30, F32)."""
    return float((column(record, "generator_loss") - 2 * column(record, "train_loss")).mean())


def judged(record: TrialResult, measure: str, less: str = "") -> float:
    """What was found of a GAN's images after its last epoch, less what was of "recorded" images or of "noise" (B18)."""
    found = column(record, f"{measure}_generated").iloc[-1]
    return float(found - column(record, f"{measure}_{less}").iloc[-1] if less else found)


def column(record: TrialResult, name: str) -> "pd.Series[float]":
    """A column of the epochs that only some trainings have; NaN where this trial's has not."""
    return record.epochs.reindex(columns=[name])[name]


@of_a_gan("dB", "the distance of generated images from recordings", "distance from recordings (dB)", higher=False)
def distance(record: TrialResult) -> float:
    """Distance of a GAN's images from recordings after its last epoch, in dB (B18)."""
    return judged(record, "distance")


@of_a_gan("dB", "the distance from recordings less that of noise", "distance less that of noise (dB)", higher=False)
def distance_over_noise(record: TrialResult) -> float:
    """`distance` less that of noise, in dB (B18)."""
    return judged(record, "distance", "noise")


@of_a_gan("flatness", "the spectral flatness of generated images", "spectral flatness", higher=False)
def flatness(record: TrialResult) -> float:
    """Mean spectral flatness of a GAN's images after its last epoch, 0 to 1 (B18)."""
    return judged(record, "flatness")


@of_a_gan(
    "flatness", "spectral flatness less that of recordings", "spectral flatness less that of recordings", higher=False
)
def flatness_over_recorded(record: TrialResult) -> float:
    """`flatness` less that of the recordings (B18)."""
    return judged(record, "flatness", "recorded")


@of_a_gan(
    "share",
    "the classifier's confidence less that in noise",
    "confidence less that in noise (share)",
    higher=True,
    without="it generates nothing, or its classifier is hardly surer of recordings than of noise",
)
def confidence_over_noise(record: TrialResult) -> float:
    """A classifier's mean probability of the instrument, of a GAN's images less of noise (B18).

    NaN unless it is surer of held-out recordings than of noise by `SURER`: else it says nothing of other images.
    """
    recorded, noise = (column(record, f"confidence_{kind}").iloc[-1] for kind in ("recorded", "noise"))
    return judged(record, "confidence", "noise") if recorded - noise >= SURER else math.nan
