"""Measures of generated images beside the discriminator: distances, flatness, a classifier (B18)."""

import numpy as np
import torch
from torch import Tensor, nn

from trainables.augmentation.draws import stream
from trainables.data.batches import CachedPart
from trainables.data.trial_data import TrialData
from trainables.fit import Record, predict
from trainables.frontends.mfcc_image import ImageScale
from trainables.trainings.generated import distance, flatness, log_mel
from trainables.trainings.judge import judge

NOISE_BATCH = 8


def judged(data: TrialData, instrument: str, scale: ImageScale, made: Tensor, epochs: int) -> Record:
    """Generated images, held-out recordings and noise, each by three measures.

    `distance_*`: of log-mel statistics, in dB, to the recordings of the training part; `flatness_*`: mean spectral
    flatness; `confidence_*`: the mean probability of the instrument by a classifier, whose accuracy on held-out items
    of all classes is `judge_accuracy`. The test part is not touched. NaN where no recording is held out.
    """
    training = images_of(data, "train", scale, instrument)
    kinds = {
        "generated": made,
        "recorded": images_of(data, "validation", scale, instrument),
        "noise": noise_images(data, scale, len(made)),
    }
    found_judge = judge(data, instrument, epochs, lambda part: labelled(data, part, scale))
    number = data.classes.tolist().index(instrument)
    found = {"judge_accuracy": found_judge.accuracy}
    near = log_mel(training, scale)
    for name, images in kinds.items():
        mel = log_mel(images, scale)
        labels = torch.full((len(images),), number, device=images.device)
        found[f"distance_{name}"] = distance(mel, near) if len(images) else float("nan")
        found[f"flatness_{name}"] = float(flatness(mel).mean())
        found[f"confidence_{name}"] = confidence(found_judge.network, CachedPart(images, labels), number)
    return found


def confidence(network: nn.Module, part: CachedPart, number: int) -> float:
    return float(predict(network, part).float().softmax(1)[:, number].mean()) if len(part) else float("nan")


def images_of(data: TrialData, part: str, scale: ImageScale, instrument: str = "") -> Tensor:
    """Images of the segments of a part of the split, of one instrument or of all."""
    items = data.items[part]
    chosen = (
        (items.table["label"] == instrument).to_numpy()[items.item] if instrument else np.ones(len(items.rows), bool)
    )
    return scale.images(data.features.rows(items.rows[chosen]))


def labelled(data: TrialData, part: str, scale: ImageScale) -> CachedPart:
    """Images of all segments of a part of the split, with the numbers of their classes."""
    return CachedPart(images_of(data, part, scale), data.part(part).labels)


@torch.no_grad()
def noise_images(data: TrialData, scale: ImageScale, count: int) -> Tensor:
    """Images of white noise with the mean power of the first eight segments of the training part."""
    features, rows = data.features, data.items["train"].rows
    strength = features.waveforms(rows[:NOISE_BATCH]).square().mean().sqrt()
    random = stream(data.seed, 0, data.device)
    found = []
    for first in range(0, count, NOISE_BATCH):
        size = (min(NOISE_BATCH, count - first), features.segments.samples)
        noise = strength * torch.randn(size, generator=random, device=data.device)
        found.append(features.of(noise, rows[: len(noise)]))
    return scale.images(torch.cat(found))
