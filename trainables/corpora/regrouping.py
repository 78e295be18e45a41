"""Splits at random, as they are published, and the same clips divided again by groups at the same sizes."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trainables.corpora.splits import Split, check_groups, groups_of, joined, strata, take_groups
from trainables.errors import InvalidSetting


def drawn(
    clips: pd.DataFrame, rows: np.ndarray, shares: tuple[float, float, float], random: np.random.Generator
) -> Split:
    """The given rows divided at random, class by class, whatever their groups.

    `shares` are those of the training, validation and test part and sum to 1; with a validation share of 0 the test
    part validates as well. Raises InvalidSetting for a class with too few clips to give each part one.
    """
    train, validation, test = [], [], []
    for label, each in strata(clips, rows, "label"):
        counts = [max(1, round(share * len(each))) for share in shares[:0:-1] if share]
        if sum(counts) >= len(each):
            needed = f"{len(each)} clip(s) where {len(counts) + 1} are needed"
            raise InvalidSetting(f"The class '{label}' has {needed}: add its missing clips to the corpus folder.")
        parts = np.split(random.permutation(each), np.cumsum(counts))
        test.append(parts[0])
        validation.append(parts[-2])
        train.append(parts[-1])
    return joined(train, validation, test)


def regrouped(clips: pd.DataFrame, published: Split, random: np.random.Generator) -> Split:
    """The very clips of another split, divided again so that no group is in two parts.

    Each class keeps its number of clips in each part as nearly as whole groups allow; where the validation part was
    the test part it still is. A class with two groups has none in the validation part. Raises InvalidSetting for a
    class with one group that was in several parts.
    """
    tested, validated = published.test, published.validation
    if shared := np.array_equal(tested, validated):
        validated = validated[:0]
    parts: list[list[np.ndarray]] = [[], [], []]
    groups = groups_of(clips)
    for label, rows in strata(clips, np.concatenate([published.train, validated, tested])):
        counts = [int(np.isin(part, rows).sum()) for part in (published.train, validated, tested)]
        for part, chosen in zip(parts, _by_groups(label, groups, rows, counts, random), strict=True):
            part.append(chosen)
    train, validation, test = parts
    return joined(train, test if shared else validation, test)


def _by_groups(
    label: str, groups: np.ndarray, rows: np.ndarray, counts: list[int], random: np.random.Generator
) -> Iterator[np.ndarray]:
    """Training, validation and test rows of a class, about as many as `counts`; whole groups in each."""
    wanted = [part for part in (2, 1, 0) if counts[part]]
    if len(wanted) > 1:
        check_groups(label, groups[rows], 2)
    parts, left = [rows[:0]] * 3, rows
    for part in wanted[:-1]:
        if len(np.unique(groups[left])) > 1:
            # Larger groups than were asked for may have gone to the part before: something is left for the next.
            taken = take_groups(groups[left], min(counts[part], len(left) - 1), random)
            parts[part], left = left[taken], left[~taken]
    parts[wanted[-1]] = left
    yield from parts
