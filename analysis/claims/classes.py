"""Recalls of classes side by side, for the kinds of claim that are about them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.claims.claim import Cells, Trials
from analysis.errors import Untestable
from analysis.statistics import recalls
from analysis.statistics.intervals import Floats

if TYPE_CHECKING:
    import pandas as pd


def column(arm: str, classes: str) -> str:
    """The name of the column of an arm's recall of some classes."""
    return f"{arm}: {classes}"


def class_cells(data: Trials, arms: Sequence[str], sets: Mapping[str, Sequence[str]]) -> Cells:
    """Mean recalls in points of named sets of classes, a column for each arm and set, over the items all arms tested.

    Raises NotRun as `Confirmed.cells` does, and Untestable for a class without test items, or with those of one group.
    """
    found, classes = data.cells(arms), list(dict.fromkeys(name for names in sets.values() for name in names))
    right, items = _counts(data, found, arms, classes)
    groups, repetitions = items.any(axis=(0, 2)), items.any(axis=(1, 2))
    right, items = ({arm: each[repetitions][:, groups] for arm, each in right.items()}, items[repetitions][:, groups])
    for name, held in zip(classes, items.any(axis=0).sum(axis=0), strict=True):
        if held < 2:
            raise Untestable(f"The class '{name}' has test items of {held} groups, and an interval needs two.")
    tables = {arm: recalls(100 * right[arm], items) for arm in arms}
    places = {name: [classes.index(each) for each in names] for name, names in sets.items()}
    return replace(
        found,
        values={column(arm, name): tables[arm][at].mean(axis=0) for arm in arms for name, at in places.items()},
        weights=items.sum(axis=2),
        repetitions=tuple(np.array(found.repetitions)[repetitions].tolist()),
        groups=tuple(np.array(found.groups)[groups].tolist()),
    )


def _counts(
    data: Trials, found: Cells, arms: Sequence[str], classes: Sequence[str]
) -> tuple[dict[str, Floats], Floats]:
    """Right answers of each arm, and items, by repetition, group and class (S, G, C)."""
    answers = data.answers[arms[0]].to_frame(arms[0])
    for arm in arms[1:]:
        answers = answers.join(data.answers[arm].rename(arm), how="inner")
    labels = data.run.predictions.drop_duplicates("item").set_index("item")["label"].astype(str)
    named = _places(labels.reindex(answers.index.get_level_values("item")), classes)
    answers, named = answers[named >= 0], named[named >= 0]
    repetitions, groups = (answers.index.get_level_values(level) for level in ("repetition", "group"))
    shape = len(found.repetitions), len(found.groups), len(classes)
    places = (
        _places(repetitions, found.repetitions),
        _places(groups.astype(str), found.groups),
        named,
    )
    cell = np.ravel_multi_index(places, shape)

    def summed(weights: Floats | None) -> Floats:
        return np.bincount(cell, weights, int(np.prod(shape))).reshape(shape).astype(np.float64)

    return {arm: summed(answers[arm].to_numpy(float)) for arm in arms}, summed(None)


def _places(values: "pd.Index | pd.Series[str]", known: Sequence[Hashable]) -> NDArray[np.intp]:
    """Where each value stands among those that are known; -1 for one that is none of them."""
    which, names = values.factorize()
    places = {name: place for place, name in enumerate(known)}
    # A missing value is -1 among the names, too, and so takes the last place.
    return np.array([*(places.get(name, -1) for name in names), -1], dtype=np.intp)[which]
