"""The table of predictions of a classifier: one row per test item."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from trainables.data.aggregation import log_probabilities
from trainables.data.annotation import annotations
from trainables.data.trial_data import TrialData


def prediction_table(data: TrialData, answers: Callable[[str], Tensor]) -> dict[str, Any]:
    """Columns of the table, of what `answers` gives for the items of a part: logits or log-probabilities.

    `group_trained_on` says whether the training part has items of the same group (B4). For items with several labels
    also which classes are named, by a threshold that the validation part chooses.
    """
    logits = answers("test").cpu()
    table = data.items["test"].table
    confidence, best = logits.softmax(1).max(1)
    known = table["group"].isin(data.items["train"].table["group"])
    several = named_classes(data, logits, answers) if "labels" in table else {}
    return {
        "item": table["clip"].to_list(),
        "group": table["group"].to_list(),
        "label": table["label"].to_list(),
        "prediction": data.classes[best.numpy()].tolist(),
        "confidence": confidence.tolist(),
        "logits": logits.tolist(),
        "group_trained_on": known.to_list(),
        **several,
    }


def train_accuracy(data: TrialData, answers: Callable[[str], Tensor]) -> float:
    """The share of the training items that `answers` gives rightly, as the test items are counted."""
    best = answers("train").argmax(1).cpu().numpy()
    return float((data.classes[best] == data.items["train"].table["label"].to_numpy(str)).mean())


def named_classes(data: TrialData, logits: Tensor, answers: Callable[[str], Tensor]) -> dict[str, list[str]]:
    test, validation = (log_probabilities(each, data.loss.columns) for each in (logits, answers("validation").cpu()))
    tables = [data.items[name].table for name in ("test", "validation")]
    return annotations(test, tables[0], validation, tables[1], data.classes)
