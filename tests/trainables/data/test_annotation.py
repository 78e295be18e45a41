import numpy as np
import pandas as pd
import torch

from trainables.data.annotation import annotations, chosen_threshold, cross_fitted, named, ranked, relative

CLASSES = np.array(["cello", "flute", "voice"])
PROBABILITIES = torch.tensor([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]])


def test_scores_are_relative_to_the_best_class() -> None:
    scores = relative(PROBABILITIES.log())
    np.testing.assert_allclose(scores, [[1, 0.5, 1 / 6], [1 / 7, 2 / 7, 1]], rtol=1e-6)


def test_the_best_class_is_always_named() -> None:
    scores = relative(PROBABILITIES.log())
    assert named(scores, np.array([0.4, 0.4]), CLASSES) == ["cello|flute", "voice"]
    assert named(scores, np.array([1.0, 1.0]), CLASSES) == ["cello", "voice"]
    assert named(scores, np.array([0.4, 0.1]), CLASSES) == ["cello|flute", "cello|flute|voice"]
    assert ranked(scores, CLASSES) == ["cello|flute|voice", "voice|flute|cello"]


def test_the_threshold_is_the_one_that_agrees_with_the_labels() -> None:
    scores = relative(PROBABILITIES.log())
    for labels, low, high in ((["cello|flute", "voice"], 0.29, 0.49), (["cello", "voice"], 0.49, 1)):
        assert low < chosen_threshold(scores, pd.DataFrame({"label": "", "labels": labels}), CLASSES) <= high


def excerpts(recordings: int) -> tuple[np.ndarray, pd.DataFrame]:
    """Scores and labels of two excerpts each of some recordings: the second class of the first one is no label.

    That of all others is one, at a score of .3.
    """
    scores, rows = [], []
    for number in range(recordings):
        for _ in range(2):
            scores.append([1.0, 0.3, 0.1])
            rows.append(("cello", "cello" if number == 0 else "cello|flute", f"recording {number}"))
    return np.array(scores), pd.DataFrame(rows, columns=["label", "labels", "group"])


def test_no_threshold_depends_on_the_labels_of_its_own_recording() -> None:
    scores, table = excerpts(7)
    found = cross_fitted(scores, table, CLASSES)
    for recording in range(7):
        own = (table["group"] == f"recording {recording}").to_numpy()
        changed = table.assign(labels=table["labels"].where(~own, "voice"))
        assert cross_fitted(scores, changed, CLASSES)[own].tolist() == found[own].tolist()
    assert cross_fitted(scores, table.assign(labels="cello"), CLASSES).min() > found.max()


def test_several_classes_are_named_where_other_recordings_have_several_labels() -> None:
    scores, table = excerpts(7)
    answers = torch.as_tensor(scores).log()
    found = annotations(answers, table, CLASSES)
    assert set(found["named"]) == {"cello|flute"} and set(found["ranked"]) == {"cello|flute|voice"}
    assert found["number_of_labels"] == [1, 1, *[2] * 12]
    assert set(annotations(answers, table.assign(labels="cello"), CLASSES)["named"]) == {"cello"}


def test_of_one_recording_the_best_class_alone_is_named() -> None:
    scores, table = excerpts(7)
    assert cross_fitted(scores, table.assign(group="one"), CLASSES).tolist() == [1.0] * 14
