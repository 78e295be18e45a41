"""The table of predictions of a classifier: one row per test item."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from trainables.data.annotation import annotations
from trainables.data.items import EXCERPTS
from trainables.data.trial_data import TrialData


def prediction_table(data: TrialData, answers: Callable[[str], Tensor]) -> dict[str, Any]:
    """Columns of the table, of what `answers` gives for the items of a part: logits or log-probabilities.

    `group_trained_on` says whether the training part has items of the same group (B4).
    """
    logits = answers("test").cpu()
    table = data.items["test"].table
    confidence, best = logits.softmax(1).max(1)
    known = table["group"].isin(data.items["train"].table["group"])
    return {
        "item": table["clip"].to_list(),
        "group": table["group"].to_list(),
        "label": table["label"].to_list(),
        "prediction": data.classes[best.numpy()].tolist(),
        "confidence": confidence.tolist(),
        "logits": logits.tolist(),
        "group_trained_on": known.to_list(),
    }


def train_accuracy(data: TrialData, answers: Callable[[str], Tensor]) -> float:
    """The share of the training items that `answers` gives rightly, as the test items are counted."""
    best = answers("train").argmax(1).cpu().numpy()
    return float((data.classes[best] == data.items["train"].table["label"].to_numpy(str)).mean())


def excerpt_table(data: TrialData, answers: Tensor) -> dict[str, Any]:
    """Columns of the table of the published test excerpts, of their log-probabilities; `prediction` is the best class.

    `label` is the first of the `labels`, which are `number_of_labels`; see `annotations` for what else there is.
    """
    table = data.items[EXCERPTS].table
    return {
        "item": table["clip"].to_list(),
        "group": table["group"].to_list(),
        "label": table["label"].to_list(),
        "prediction": data.classes[answers.argmax(1).cpu().numpy()].tolist(),
        **annotations(answers, table, data.classes),
    }
