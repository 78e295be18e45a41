"""Whether the augmentations of a study change what its networks are given (B12): a louder clip may look the same."""

import json

import torch

from studies.study import Study
from trainables.augmentation.chain import chain
from trainables.augmentation.draws import stream
from trainables.configuration import Configuration
from trainables.corpora.audit.check import Check, evenly, not_applicable, passed
from trainables.corpora.store import Store
from trainables.data.features import build, feature_settings
from trainables.data.splitting import Divisions
from trainables.recipe.losses import LOSSES

PROBED, DRAWS = 8, 16
"""Training segments that are augmented, and how often: one that seldom changes anything is given the chance."""
LEAST_CHANGE = 1e-3
"""Of the standard deviation of the features; what rounding changes of normalised decibels is a hundredth of it."""


def reaching(study: Study, store: Store) -> Check:
    """B12: an augmentation has to change the features, or arms that differ in it differ in their random numbers alone.

    As the volume does not where features are relative to the peak of each clip (S1-F10d).
    """
    name = "augmentations that reach the network"
    chains = {key(each): (arm.name, each) for arm in study.arms if (each := study.printed(arm))["augmentation"]}
    if not chains:
        return not_applicable("B12", name, "No arm augments its clips.")
    divisions = Divisions(store)
    changes = {arm: (each["augmentation"], largest_change(divisions, each)) for arm, each in chains.values()}
    idle = [f"{names} of {arm}" for arm, (names, change) in changes.items() if change < LEAST_CHANGE]
    least = min(change for _, change in changes.values())
    explanation = (
        f"{len(idle)} of {len(changes)} change nothing that a network is given; the one that changes least changes a "
        f"feature of {PROBED} training segments by {least:.2g} standard deviations at most."
    )
    sentences = [explanation, *(f"{each} changes nothing." for each in idle)]
    limit = f"at least {LEAST_CHANGE:g}"
    return Check("B12", name, passed(not idle), least, " ".join(sentences), "standard deviations", limit)


def key(configuration: Configuration) -> str:
    """What the change depends on."""
    augmentation = [configuration["augmentation"], configuration.part("augmentation"), configuration["loss"]]
    return json.dumps([feature_settings(configuration), augmentation])


def largest_change(divisions: Divisions, configuration: Configuration) -> float:
    """The largest change of a feature of a few training segments, in standard deviations of their features."""
    division = divisions.of(configuration)
    features = build(divisions.store, configuration, torch.device("cpu"), division.segments)
    rows = evenly(features.segments.of(division.clips_of("train"))[0], PROBED)
    waveforms = features.waveforms(rows)
    plain = features.of(waveforms, rows)
    augment = chain(configuration["augmentation"], divisions.store.rate, configuration.part("augmentation"))
    # Of what class the segments are changes nothing of their sound.
    labels = torch.zeros(len(rows), 2) if LOSSES[configuration["loss"]].columns else torch.zeros(len(rows)).long()
    most = 0.0
    for draw in range(DRAWS):
        changed = features.of(augment(waveforms.clone(), labels, stream(0, draw))[0], rows)
        most = max(most, float((changed - plain).abs().max() / plain.std().clamp_min(torch.finfo(plain.dtype).tiny)))
        if most >= LEAST_CHANGE:
            break
    return most
