"""Training, validation and test parts of a corpus, with whole groups kept on one side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trainables.errors import InvalidSetting

TEST_SHARE = 5
"""Without folds, one part in five is the test part."""

VALIDATION_SHARE = 4
"""One part in four of what is not the test part validates."""

FEWEST_GROUPS = 3
"""A class needs one group for each part."""


@dataclass(frozen=True)
class Split:
    """Rows of the table of clips, ascending: what is trained on, what is selected by, what is tested on once."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def generator(split_seed: int, fold: int, folds: int) -> np.random.Generator:
    """The random numbers of a split that is drawn anew for each fold; raises InvalidSetting for a fold out of range."""
    check_fold(fold, folds)
    return np.random.default_rng([split_seed, fold])


def check_fold(fold: int, folds: int) -> None:
    """Raise InvalidSetting unless `fold` is one of 0 .. folds - 1."""
    if not 0 <= fold < folds:
        raise InvalidSetting(f"fold is {fold} of folds {folds}: it must be one of 0 to {max(folds, 1) - 1}.")


def by_class(clips: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Each label, in alphabetical order, with the rows of its clips."""
    labels = clips["label"].to_numpy(str)
    for label in np.unique(labels):
        yield str(label), np.flatnonzero(labels == label)


def groups_of(clips: pd.DataFrame) -> np.ndarray:
    """The group of each clip as a number, in the order of the groups' names: names are slow to compare."""
    return pd.factorize(clips["group"], sort=True)[0]


def joined(train: list[np.ndarray], validation: list[np.ndarray], test: list[np.ndarray]) -> Split:
    """The split of all classes, from the rows of each class; raises InvalidSetting where there is none."""
    if not (train and validation and test):
        raise InvalidSetting("No clips of the packed corpus are left to divide: pack more of it.")
    return Split(*(np.sort(np.concatenate(part)) for part in (train, validation, test)))


def grouped_split(
    clips: pd.DataFrame, rows: Sequence[np.ndarray], split_seed: int, *, fewest: int = FEWEST_GROUPS
) -> Split:
    """About 60 % / 20 % / 20 % of the chosen rows of each class, whole groups in each part.

    A fifth is the test part; a quarter of the groups that are left, by clips, validates. Raises InvalidSetting if a
    class has fewer than three groups. With `fewest` 2, two groups do: such a class has none to validate by.
    """
    groups, parts = groups_of(clips), []
    for each in rows:
        check_groups(clips["label"].iloc[each[0]], groups[each], fewest)
        parts.append(_parts(each, groups[each], split_seed))
    return joined(*(list(part) for part in zip(*parts, strict=True)))


def _parts(rows: np.ndarray, groups: np.ndarray, split_seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    tested = deal(groups, min(TEST_SHARE, len(np.unique(groups))), np.random.default_rng(split_seed)) == 0
    rest, rest_groups = rows[~tested], groups[~tested]
    count = min(VALIDATION_SHARE, len(np.unique(rest_groups)))
    if count == 1:
        return rest, rest[:0], rows[tested]
    validates = deal(rest_groups, count, np.random.default_rng([split_seed, 0, 1])) == 0
    return rest[~validates], rest[validates], rows[tested]


def folded(
    clips: pd.DataFrame,
    rows: Sequence[np.ndarray],
    chosen_by: np.ndarray,
    split_seed: int,
    fold: int,
    folds: int,
    *,
    fewest: int = FEWEST_GROUPS,
) -> Split:
    """Fold `fold` of a grouped k-fold, stratified by class, of the chosen rows of each class.

    The rows of `chosen_by`, by which configurations are chosen, validate in every fold; neither they nor others of
    their groups are ever tested (B9). All folds of a `split_seed` are of one draw: over them, every other row is
    tested once. Raises InvalidSetting if a class has fewer groups left than folds; with `fewest` 2, two do, and such a
    class is tested in as many folds as it has groups, from another fold on than the class before.
    """
    check_fold(fold, folds)
    groups, train, test = groups_of(clips), [], []
    for number, each in enumerate(rows):
        rest = apart(groups, each, chosen_by)
        check_groups(clips["label"].iloc[each[0]], groups[rest], folds if fewest >= FEWEST_GROUPS else fewest)
        count = min(folds, len(np.unique(groups[rest])))
        first = number if count < folds else 0
        tested = (first + deal(groups[rest], count, np.random.default_rng(split_seed))) % folds == fold
        train.append(rest[~tested])
        test.append(rest[tested])
    return joined(train, [chosen_by], test)


def strata(clips: pd.DataFrame, rows: np.ndarray, by: str = "group") -> list[tuple[str, np.ndarray]]:
    """Each label, in alphabetical order, with those of the rows that count under it, ascending.

    By "group", all clips of a group count under the label that most of them have, so that dealing out whole groups
    class by class divides none that bears two labels; by "label", each clip counts under its own.
    """
    rows = np.sort(rows)
    table = clips.iloc[rows][["label"]].assign(unit=clips[by].iloc[rows], count=1)
    counts = table.groupby(["unit", "label"], as_index=False).sum()
    most = counts.sort_values(["count", "label"], ascending=[False, True]).drop_duplicates("unit")
    labels = table["unit"].map(most.set_index("unit")["label"]).to_numpy(str)
    return [(str(label), rows[labels == label]) for label in np.unique(labels)]


def distinct(clips: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """The rows, ascending, less all but the first of each set of equal samples, and less all where labels differ."""
    table = clips.iloc[np.sort(rows)][["digest", "label"]]
    conflicting = table.groupby("digest")["label"].transform("nunique") > 1
    return np.sort(rows)[~(conflicting | table.duplicated("digest")).to_numpy()]


def apart(groups: np.ndarray, rows: np.ndarray, *others: np.ndarray) -> np.ndarray:
    """Those of the rows whose group, of the `groups` of all clips, occurs in none of the other rows."""
    return rows[~np.isin(groups[rows], groups[np.concatenate(others)])]


def deal(groups: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """The part, 0 .. count - 1, of each item: whole groups are dealt, the largest first, to the smallest part.

    `groups` has shape (N,) and holds at least `count` different ones, so no part is empty. Which part gets the larger
    share is random, and so is the order of groups of equal size.
    """
    names, index, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    shuffled = random.permutation(len(names))
    order = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    filled = np.zeros(count, np.int64)
    part = np.empty(len(names), np.int64)
    for group in order:
        part[group] = np.argmin(filled)
        filled[part[group]] += sizes[group]
    return random.permutation(count)[part][index]


def take_groups(groups: np.ndarray, target: int, random: np.random.Generator) -> np.ndarray:
    """A mask of whole groups, drawn at random, that hold `target` items or as nearly so as the draw allows.

    A group that no longer fits is passed over; at the end the smallest of those is taken if that comes nearer. At
    least one group is taken.
    """
    names, sizes = np.unique(groups, return_counts=True)
    taken = np.zeros(len(names), bool)
    for group in random.permutation(len(names)):
        taken[group] = sizes[taken].sum() + sizes[group] <= target
    room = target - sizes[taken].sum()
    passed_over = np.flatnonzero(~taken)
    smallest = passed_over[np.argmin(sizes[passed_over])]
    if not taken.any() or (len(passed_over) > 1 and sizes[smallest] - room < room):
        taken[smallest] = True
    return np.isin(groups, names[taken])


def with_fewer(clips: pd.DataFrame, split: Split, share: float, random: np.random.Generator) -> Split:
    """The split with about `share` of its training rows, class by class; all is validated and tested on as before.

    Whole groups are left out where the split divides none, else single rows, as it drew them. With the same random
    numbers, the rows of a smaller share are among those of a larger one.
    """
    groups = groups_of(clips)
    divided = np.isin(groups[split.train], groups[np.concatenate([split.validation, split.test])]).any()
    kept = [
        each[first_units(np.arange(len(each)) if divided else groups[each], share, random)]
        for _, each in strata(clips, split.train, "label" if divided else "group")
    ]
    return replace(split, train=np.sort(np.concatenate(kept)))


def first_units(units: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """A mask of whole units (N,), the first of a random order that hold about `share` of the items; at least one."""
    names, sizes = np.unique(units, return_counts=True)
    order = random.permutation(len(names))
    count = 1 + int(np.argmin(np.abs(np.cumsum(sizes[order]) - share * len(units))))
    return np.isin(units, names[order[:count]])


def check_groups(label: str, groups: np.ndarray, fewest: int) -> None:
    found = len(np.unique(groups))
    if found < fewest:
        fewer = f", or set --folds to {found} or fewer" if found >= FEWEST_GROUPS else ""
        raise InvalidSetting(
            f"The class '{label}' has {found} group(s) to divide where {fewest} are needed: "
            f"add its missing clips to the corpus folder{fewer}."
        )
