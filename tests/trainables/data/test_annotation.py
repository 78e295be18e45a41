import numpy as np
import pandas as pd
import torch

from trainables.data.annotation import annotations, chosen_threshold, named, ranked, relative

CLASSES = np.array(["cello", "flute", "voice"])
PROBABILITIES = torch.tensor([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]])


def test_scores_are_relative_to_the_best_class() -> None:
    scores = relative(PROBABILITIES.log())
    np.testing.assert_allclose(scores, [[1, 0.5, 1 / 6], [1 / 7, 2 / 7, 1]], rtol=1e-6)


def test_the_best_class_is_always_named() -> None:
    scores = relative(PROBABILITIES.log())
    assert named(scores, 0.4, CLASSES) == ["cello|flute", "voice"]
    assert named(scores, 1.0, CLASSES) == ["cello", "voice"]
    assert ranked(scores, CLASSES) == ["cello|flute|voice", "voice|flute|cello"]


def test_the_threshold_is_the_one_that_agrees_with_the_labels() -> None:
    scores = relative(PROBABILITIES.log())
    for labels, low, high in ((["cello|flute", "voice"], 0.29, 0.49), (["cello", "voice"], 0.49, 1)):
        assert low < chosen_threshold(scores, pd.DataFrame({"label": "", "labels": labels}), CLASSES) <= high


def test_the_threshold_comes_from_the_validation_part() -> None:
    tested = pd.DataFrame({"label": ["cello", "voice"], "labels": ["cello", "voice"]})
    several = tested.assign(labels=["cello|flute", "voice|flute"])
    answers = PROBABILITIES.log()
    found = [annotations(answers, tested, answers, table, CLASSES)["named"] for table in (tested, several)]
    assert found == [["cello", "voice"], ["cello|flute", "flute|voice"]]
    assert annotations(answers, tested, answers[:0], tested[:0], CLASSES)["named"] == ["cello", "voice"]
