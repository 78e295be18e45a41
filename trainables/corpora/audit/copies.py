"""The same recording in two files, one of which is trained on: by samples, and by sound (B2, B6, B7)."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from trainables.corpora.audit.check import Check, evenly, not_applicable, noun, passed, share_known
from trainables.corpora.audit.correlation import largest_correlations
from trainables.corpora.audit.fingerprints import COEFFICIENTS, Fingerprints, summary
from trainables.corpora.splits import Split

MOST_TESTED, MOST_TRAINED, NEAREST = 1_000, 8_000, 16
"""Test clips that are compared by sound, training clips they are compared with, and those closest to each."""
MOST_SECONDS = 1_200
NAMED = 3
ALIKE, SAME = 0.7, 0.98
"""Correlations of trajectories from which on waveforms are compared, and of waveforms of one recording."""


class Pair(NamedTuple):
    """A test row, the training row of its class that sounds most like it, and the correlation of both trajectories."""

    test: int
    train: int
    correlation: float


def identical(id: str, clips: pd.DataFrame, split: Split) -> Check:
    """B2, B6, B7: no test clip may have the very samples of a training clip, and no two clips that have may differ.

    `id` is the flaw that copies are in the corpus.
    """
    known = share_known(clips["digest"], split)
    rows = np.unique(np.concatenate([split.train, split.validation, split.test]))
    labels = clips.iloc[rows].groupby("digest")["label"].nunique()
    conflicting = int((labels > 1).sum())
    explanation = (
        f"{known:.1%} of the test {noun(clips)} have the same samples as training {noun(clips)}; "
        f"{conflicting} recordings stand under two labels."
    )
    return Check(
        id,
        "identical audio on both sides",
        passed(not known and not conflicting),
        known,
        explanation,
        "of the test part",
        "at most 0",
    )


def alike(
    id: str, clips: pd.DataFrame, split: Split, fingerprints: Fingerprints, most_tested: int = MOST_TESTED
) -> Check:
    """B2, B6, B7: no test clip may be a copy of a training clip, at another level, shifted, noisy or coded anew.

    Each test clip is compared with the 16 training clips of its class that are nearest in the mean and spread of their
    MFCCs; where the trajectories of the best pairs agree, their waveforms decide. Identical clips are left to
    `identical`. `most_tested` bounds the number of test clips.
    """
    name = "copies on both sides"
    train, test = compared(clips, split, most_tested)
    if not (len(train) and len(test)):
        return not_applicable(id, name, "No two clips of the two sides differ: there is nothing to compare.")
    pairs = [pair for each in by_class(clips, train, test) for pair in most_alike(fingerprints, *each)]
    candidates = sorted((pair for pair in pairs if pair.correlation >= ALIKE), key=lambda pair: -pair.correlation)
    compared_pairs = confirmable(fingerprints, candidates)
    copies = [pair for pair in compared_pairs if is_copy(fingerprints, pair)]
    explanation = (
        f"{len(copies)} of {len(test)} test clips are copies of one of {len(train)} training clips, besides identical "
        f"ones. Each was compared with the {NEAREST} nearest of its class by the course of its MFCCs, and, of "
        f"{len(candidates)} that are alike, {len(compared_pairs)} with the most similar one by waveform."
        + "".join(f" {clips['clip'].iloc[pair.test]} is {clips['clip'].iloc[pair.train]}." for pair in copies[:NAMED])
    )
    return Check(
        id, name, passed(not copies), len(copies) / len(test), explanation, "of the test clips compared", "at most 0"
    )


def confirmable(fingerprints: Fingerprints, candidates: list[Pair]) -> list[Pair]:
    """The first pairs, as many as have waveforms of twenty minutes together."""
    samples = np.cumsum([len(fingerprints.samples(row)) for pair in candidates for row in (pair.test, pair.train)])
    return candidates[: int((samples[1::2] <= MOST_SECONDS * fingerprints.rate).sum())]


def compared(clips: pd.DataFrame, split: Split, most_tested: int) -> tuple[np.ndarray, np.ndarray]:
    """Training and test rows to compare by sound: each recording once, none that is on both sides, so many at most."""
    digests = clips["digest"].to_numpy(str)
    train, test = (rows[np.unique(digests[rows], return_index=True)[1]] for rows in (split.train, split.test))
    test = test[~np.isin(digests[test], digests[train])]
    return evenly(np.sort(train), MOST_TRAINED), evenly(np.sort(test), most_tested)


def by_class(clips: pd.DataFrame, train: np.ndarray, test: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Training and test rows of each class that has both."""
    labels = clips["label"].to_numpy(str)
    both = np.intersect1d(labels[train], labels[test])
    return [(train[labels[train] == label], test[labels[test] == label]) for label in both]


def most_alike(fingerprints: Fingerprints, train: np.ndarray, test: np.ndarray) -> list[Pair]:
    """For each test row the training row with the largest correlation, of the nearest ones."""
    reference = np.stack([summary(fingerprints.trajectory(row)) for row in train])
    return [most_like(fingerprints, train, reference, row) for row in test]


def most_like(fingerprints: Fingerprints, train: np.ndarray, reference: np.ndarray, row: int) -> Pair:
    """The training row, of those nearest to a test row by their summaries `reference`, that sounds most like it."""
    trajectory = fingerprints.trajectory(row)
    distances = np.square(reference - summary(trajectory)).sum(axis=1)
    near = train[np.argsort(distances, kind="stable")[:NEAREST]]
    found = largest_correlations(trajectory, [fingerprints.trajectory(other) for other in near])
    return Pair(int(row), int(near[found.argmax()]), float(found.max()))


def is_copy(fingerprints: Fingerprints, pair: Pair) -> bool:
    test, train = (fingerprints.waveform(row) for row in (pair.test, pair.train))
    return bool(largest_correlations(test, [train])[0] >= SAME)


def mean_timbre(rows: np.ndarray, fingerprints: Fingerprints) -> np.ndarray:
    """The mean MFCCs of the given rows, in an array with a row for each row of the table, zeros elsewhere."""
    means = np.zeros((len(fingerprints.clips), COEFFICIENTS))
    for row in rows:
        means[row] = fingerprints.trajectory(row).mean(axis=1)
    return means
