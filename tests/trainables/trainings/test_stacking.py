"""Images of segments, folds of items, and logistic regression on the mean."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from torch import nn

from trainables.data.batches import CachedPart
from trainables.errors import InvalidSetting
from trainables.fit import CLOCKS
from trainables.recipe.losses import LOSSES
from trainables.recipe.recipes import Recipe
from trainables.trainings.stacking import (
    RULES,
    Regression,
    SegmentMean,
    Together,
    entropy_distance,
    folds,
    images,
    mean_entropy,
    pieces,
)

CROSS_ENTROPY = LOSSES["cross_entropy"]


def test_images_have_a_row_a_segment_and_a_column_a_class():
    features = torch.randn(6, 3)
    part = CachedPart(features, torch.zeros(6, dtype=torch.long), item=torch.tensor([0, 0, 0, 1, 1, 1]))
    stacked = images(nn.Identity(), part, CROSS_ENTROPY)
    assert stacked.shape == (2, 1, 3, 3)
    torch.testing.assert_close(stacked[1, 0], features[3:].softmax(1))
    torch.testing.assert_close(images(nn.Identity(), part, LOSSES["bce"])[0, 0], features[:3].sigmoid())


@pytest.mark.parametrize("item", [[0, 0, 0, 1, 1], [0, 1, 2, 3, 4], None])
def test_items_of_one_or_of_different_numbers_of_segments_are_refused(item):
    part = CachedPart(torch.randn(5, 3), torch.zeros(5), item=None if item is None else torch.tensor(item))
    with pytest.raises(InvalidSetting, match="set segmentation to parts, and aggregation to sum"):
        images(nn.Identity(), part, CROSS_ENTROPY)


@pytest.mark.parametrize("rule", RULES)
def test_with_a_column_per_class_a_rule_gives_logits_of_each_class(rule):
    stacked = torch.rand(4, 1, 3, 5)
    answers = Together(rule, columns=True)(stacked).sigmoid()
    expected = Together(rule)(stacked).exp()
    torch.testing.assert_close(answers, expected, atol=1e-5, rtol=1e-4)


def test_pieces_of_items_follow_each_other_and_end_with_their_item():
    rows, of = pieces(torch.tensor([0] * 7 + [1] * 3 + [2]), 3)
    assert rows.tolist() == [[0, 1, 2], [3, 4, 5], [4, 5, 6], [7, 8, 9], [10, 10, 10]]
    assert of.tolist() == [0, 0, 0, 1, 2]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 4))
def test_every_segment_is_in_a_piece_of_its_item(counts, size):
    item = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    rows, of = pieces(item, size)
    assert sorted(set(rows.flatten().tolist())) == list(range(len(item)))
    assert (item[rows] == of[:, None]).all() and rows.shape[1] == size


def test_an_empty_part_has_no_images():
    assert len(images(nn.Identity(), CachedPart(torch.empty(0, 3), torch.empty(0)), CROSS_ENTROPY)) == 0


def test_entropy_of_sure_and_of_undecided_outputs():
    assert mean_entropy(torch.eye(4)[None, None]) == 0
    assert mean_entropy(torch.full((2, 1, 3, 4), 0.25)) == pytest.approx(np.log(4))


def test_distance_of_outputs_is_that_of_how_sure_they_are():
    random = np.random.default_rng(0)
    sure, undecided = (random.dirichlet(np.full(4, strength), (2, 1, 5)) for strength in (0.05, 50.0))
    assert entropy_distance(sure, undecided) == (1.0, pytest.approx(0.0, abs=1e-4))
    assert entropy_distance(sure, sure[::-1]) == (0.0, 1.0)
    # Which class they are sure of plays no part.
    assert entropy_distance(sure, sure[..., ::-1])[0] <= 0.1
    assert np.isnan(entropy_distance(sure, sure[:0])).all()


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=60),
    st.integers(2, 6),
    st.integers(0, 99),
)
def test_folds_divide_no_group_and_are_fixed_by_the_seed(items, count, seed):
    table = pd.DataFrame(items, columns=["label", "group"]).astype(str)
    table["group"] = table["label"] + table["group"]
    found = folds(table, count, seed)
    assert pd.Series(found).groupby(table["group"]).nunique().max() == 1
    assert set(found) <= set(range(count))
    assert np.array_equal(found, folds(table.set_index(np.arange(len(table))[::-1]), count, seed))
    for _, groups in table.assign(fold=found).groupby("label"):
        assert groups["fold"].nunique() == min(count, groups["group"].nunique())


@pytest.mark.parametrize("class_weights", ["none", "balanced"])
def test_regression_agrees_with_that_of_scikit_learn(class_weights):
    generator = torch.Generator().manual_seed(2)
    labels = torch.arange(60).mul(7) % 10 // 4  # of 24, 24 and 12
    stacked = torch.randn(60, 1, 4, 5, generator=generator) + nn.functional.one_hot(labels, 5)[:, None, None]
    network = nn.Sequential(SegmentMean(), nn.Linear(5, 3))
    part = CachedPart(stacked, labels)
    fit = Regression(network, Recipe(epochs=2, class_weights=class_weights), 1, part, part)
    record = fit.epoch()
    means = stacked.mean((1, 2)).numpy()
    weight = None if class_weights == "none" else "balanced"
    other = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000, class_weight=weight).fit(means, labels.numpy())
    probabilities = network(stacked).softmax(1).detach().numpy()
    np.testing.assert_allclose(probabilities, other.predict_proba(means), atol=1e-3)
    np.testing.assert_allclose(network[1].weight.detach().numpy(), other.coef_, atol=5e-3)
    assert record["train_accuracy"] == pytest.approx(other.score(means, labels.numpy()))
    again = fit.epoch()
    assert {k: v for k, v in again.items() if k not in ("epoch", *CLOCKS)} == {
        k: v for k, v in record.items() if k not in ("epoch", *CLOCKS)
    }
