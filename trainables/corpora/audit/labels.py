"""Labels and sizes: a validation part unlike the training part (B5), selection on the test (B9), B11 and B19."""

import math

import numpy as np
import pandas as pd
import scipy

from trainables.corpora.audit.check import Check, not_applicable, noun, passed, share
from trainables.corpora.splits import Split

LARGEST_DIVERGENCE = 0.05
"""Bits."""
LARGEST_IMBALANCE = 1.5
LARGEST_ERROR = 2.0
"""Points: the margin within which two accuracies count as equal."""


def labels_apart(clips: pd.DataFrame, split: Split) -> Check:
    """B5: the validation part has to have the labels of the training part, in about the same shares.

    A part cut from the end of files that lie in order has not. The figure is the Jensen-Shannon divergence of the
    shares, in bits: 0 where they are equal, 1 where no label is in both.
    """
    name = "labels of the validation part"
    if not (len(split.validation) and len(split.train)):
        return not_applicable("B5", name, "There is no validation part.")
    train, validation = (clips["label"].iloc[part] for part in (split.train, split.validation))
    apart = divergence(train, validation)
    unseen = sorted(set(validation) - set(train))
    runs, shuffled = mean_run(in_file_order(clips, split)), shuffled_run(pd.concat([train, validation]))
    explanation = (
        f"The shares of the labels differ between training and validation part by {apart:.3f} bits; "
        f"{LARGEST_DIVERGENCE:g} are allowed. In the order of the files a label comes {runs:.1f} times in a row on "
        f"average ({shuffled:.1f} if shuffled)" + (f"; never trained on: {', '.join(unseen)}." if unseen else ".")
    )
    return Check(
        "B5", name, passed(apart <= LARGEST_DIVERGENCE), apart, explanation, "bits", f"at most {LARGEST_DIVERGENCE:g}"
    )


def divergence(first: pd.Series, second: pd.Series) -> float:
    """The Jensen-Shannon divergence of the shares of the labels in two parts, in bits, 0..1 (Lin 1991).

    NaN where a part has no label.
    """
    if first.empty or second.empty:
        return math.nan
    shares = pd.concat([part.value_counts(normalize=True) for part in (first, second)], axis=1).fillna(0)
    # Named in full: SciPy then imports it when it is first asked for, not with every list of corpora.
    distance = scipy.spatial.distance.jensenshannon(shares.iloc[:, 0], shares.iloc[:, 1], base=2)
    # That is the square root; a rounding below 0 would make it NaN.
    return float(np.nan_to_num(distance**2))


def in_file_order(clips: pd.DataFrame, split: Split) -> np.ndarray:
    """The labels of the training and validation rows in the order of their file names."""
    rows = np.union1d(split.train, split.validation)
    names = clips["clip"].to_numpy(str)[rows] if "clip" in clips else rows
    return clips["label"].to_numpy(str)[rows[np.argsort(names, kind="stable")]]


def mean_run(labels: np.ndarray) -> float:
    return len(labels) / (1 + int((labels[1:] != labels[:-1]).sum()))


def shuffled_run(labels: pd.Series) -> float:
    """The mean run expected of these labels in random order."""
    counts = labels.value_counts().to_numpy(float)
    changes = (counts.sum() ** 2 - np.square(counts).sum()) / counts.sum()
    return float(counts.sum() / (1 + changes))


def selection_on_test(clips: pd.DataFrame, split: Split) -> Check:
    """B9: what is selected by the validation part may not be reported on the same clips."""
    validated = share(np.isin(split.test, split.validation))
    explanation = f"{validated:.1%} of the test {noun(clips)} are also validated on."
    return Check(
        "B9",
        "selection on the test part",
        passed(validated == 0),
        validated,
        explanation,
        "of the test part",
        "at most 0",
    )


def chosen_on_test(tested: np.ndarray, chosen_by: np.ndarray | None) -> Check:
    """B9: clips by which the configurations were chosen while exploring may not be tested on later."""
    name = "configurations chosen by test clips"
    if chosen_by is None:
        return not_applicable("B9", name, "The configurations are as printed: none was chosen by these clips.")
    known = share(np.isin(tested, chosen_by))
    explanation = (
        f"{known:.1%} of the clips that are tested are among the {len(chosen_by)} validation clips by which the "
        "configurations are chosen while exploring."
    )
    return Check("B9", name, passed(known == 0), known, explanation, "of the test part", "at most 0")


def imbalance(clips: pd.DataFrame, split: Split) -> Check:
    """B11: with classes of unequal size accuracy alone says little; the figure is the ratio of largest to smallest."""
    counts = clips["label"].iloc[split.test].value_counts()
    ratio = float(counts.max() / counts.min())
    explanation = (
        f"The largest class of the test part has {counts.max()} {noun(clips)}, the smallest {counts.min()}; "
        f"always naming '{counts.idxmax()}' scores {counts.max() / counts.sum():.1%}."
    )
    return Check(
        "B11",
        "class imbalance",
        passed(ratio <= LARGEST_IMBALANCE),
        ratio,
        explanation,
        "largest to smallest class",
        f"at most {LARGEST_IMBALANCE:g}",
    )


def size_of_test(clips: pd.DataFrame, tested: np.ndarray) -> Check:
    """B19: the test part bounds what can be seen; the figure is the standard error of an accuracy of 50 %, in points.

    `tested` are the rows of all folds together.
    """
    items, groups = len(tested), clips["group"].iloc[tested].nunique()
    error, grouped = (50 / np.sqrt(count) for count in (items, groups))
    explanation = (
        f"{items} test {noun(clips)} of {groups} groups: an accuracy of 50 % has a standard error of {error:.1f} "
        f"points, and of {grouped:.1f} if the {noun(clips)} of a group go together; {LARGEST_ERROR:g} points are asked."
    )
    return Check(
        "B19",
        "size of the test part",
        passed(error <= LARGEST_ERROR),
        float(error),
        explanation,
        "points",
        f"at most {LARGEST_ERROR:g}",
    )
