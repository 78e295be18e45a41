"""What trials of a world say of published test excerpts, of one to three labels each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

EACH, MOST_LABELS = 24, 3
"""Excerpts of each class, of which as many have one, two and three labels."""
A_GROUP = 3
NAMED = 2
"""How many classes are named of each excerpt."""
FACTORS = {"micro_f1_top_1": 1.5, "micro_f1_top_2": 2.0, "micro_f1_top_3": 2.5, "micro_f1": 2.0}
"""Of so many right classes an excerpt the F1, times 100, is the number over the factor: of two labels on average."""
PREFERRED = 2.0
"""How much more its number of labels says of which excerpt is right than chance does, in standard deviations."""


@dataclass(frozen=True)
class Excerpts:
    """The excerpts of a corpus with these classes."""

    classes: Sequence[str]

    @property
    def labels(self) -> list[list[str]]:
        """The labels of each excerpt: its class and those that follow."""
        twice = [*self.classes, *self.classes]
        places = [(place, 1 + number % MOST_LABELS) for place in range(len(self.classes)) for number in range(EACH)]
        return [twice[place : place + count] for place, count in places]

    def answers(self, scores: Mapping[str, float], turn: int, offset: float, random: np.random.Generator) -> Any:
        """Columns by which these are the scores, in points.

        With `turn` 1 excerpts of more labels are answered better, with -1 those of fewer. `offset`, 0 to 1, rounds.
        """
        labels = self.labels
        sizes = np.array([len(each) for each in labels])
        order = np.argsort(-(turn * PREFERRED * sizes + random.standard_normal(len(sizes))))
        right = {name: scores[name] / 100 * factor * len(sizes) for name, factor in FACTORS.items()}
        tops = np.diff([0.0, *(right[f"micro_f1_top_{place}"] for place in range(1, MOST_LABELS + 1))])
        ranking = placed(np.floor(tops + offset).astype(int), sizes, order)
        names = placed(np.full(NAMED, int(right["micro_f1"] / NAMED + offset)), sizes, order)
        ranked = [ranked_by(slots, own, self.classes) for slots, own in zip(ranking, labels, strict=True)]
        named = [ranked_by(slots, own, self.classes)[:NAMED] for slots, own in zip(names, labels, strict=True)]
        number = np.arange(len(labels))
        texts = {
            "item": [f"excerpt {each}" for each in number],
            "group": [f"recording {each // A_GROUP}" for each in number],
            "label": [own[0] for own in labels],
            "prediction": [each[0] for each in ranked],
            **{name: ["|".join(each) for each in lists] for name, lists in (("labels", labels), ("ranked", ranked))},
            "named": ["|".join(each) for each in named],
        }
        return {name: np.array(each, dtype=object) for name, each in texts.items()} | {"number_of_labels": sizes}


def placed(hits: np.ndarray, sizes: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Which slots (N, S) of excerpts are right: of each slot so many, the first in order that have labels left.

    Of a slot that is to have less than none, as chance may make of none, there is none.
    """
    left, found = sizes.copy(), np.zeros((len(sizes), len(hits)), dtype=bool)
    for slot, count in enumerate(np.maximum(hits, 0)):
        able = order[left[order] > 0][:count]
        found[able, slot] = True
        left[able] -= 1
    return found


def ranked_by(slots: np.ndarray, own: Sequence[str], classes: Sequence[str]) -> list[str]:
    """All classes: a label in each slot that is right, another class in each that is not, the other labels last."""
    labels, others = list(own), [name for name in classes if name not in own]
    first = [(labels if right else others).pop(0) for right in slots]
    return [*first, *others, *labels]
