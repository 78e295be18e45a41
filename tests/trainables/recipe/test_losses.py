"""Losses agree where mathematics says so, and differ where floats do."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy, one_hot

from trainables.recipe.losses import LOSSES, Loss, balanced, correct, weighted

SINGLE = [name for name, loss in LOSSES.items() if not loss.columns]


def batch(items: int = 40, classes: int = 5, seed: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(items, classes, generator=generator) * 3, torch.randint(classes, (items,), generator=generator)


@pytest.mark.parametrize("name", ["log_softmax_nll", "softmax_nll"])
@given(seed=st.integers(0, 999))
def test_written_in_two_ways_the_cross_entropy_is_the_same(name, seed):
    logits, labels = batch(seed=seed)
    torch.testing.assert_close(LOSSES[name].compute(logits, labels), cross_entropy(logits, labels))


def test_logarithm_of_a_softmax_is_not_finite_where_a_log_softmax_is():
    logits, labels = torch.tensor([[0.0, 200.0]]), torch.tensor([0])
    assert LOSSES["log_softmax_nll"].compute(logits, labels) == 200
    assert math.isinf(LOSSES["softmax_nll"].compute(logits, labels))


def test_double_softmax_can_never_be_near_zero():
    """Its inputs lie between 0 and 1: the least loss with 10 classes is log(1 + 9 / e)."""
    logits, labels = 1000 * one_hot(torch.arange(10)).float(), torch.arange(10)
    assert LOSSES["double_softmax"].compute(logits, labels).item() == pytest.approx(math.log(1 + 9 / math.e))
    assert cross_entropy(logits, labels) == 0


@pytest.mark.parametrize("name", SINGLE)
def test_mean_is_of_the_losses_of_the_items(name):
    logits, labels = batch()
    each = LOSSES[name].compute(logits, labels, reduction="none")
    assert each.shape == labels.shape
    torch.testing.assert_close(each.mean(), LOSSES[name].compute(logits, labels))


@given(counts=st.lists(st.integers(0, 20), min_size=2, max_size=6).filter(any))
def test_balanced_classes_weigh_the_same_and_items_one_on_average(counts):
    labels = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    weights = balanced(labels)
    present = [weights[label].item() * count for label, count in enumerate(counts) if count]
    assert present == pytest.approx([present[0]] * len(present))
    assert weights[labels].mean().item() == pytest.approx(1)
    columns = one_hot(labels, len(counts)).float()
    torch.testing.assert_close(balanced(columns)[: len(weights)], weights)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))
def test_weights_multiply_the_loss_of_their_class(loss: Loss):
    logits, labels = batch()
    given_labels = one_hot(labels, 5).float() if loss.columns else labels
    equal = weighted(loss, logits, given_labels, torch.full((5,), 2.0))
    torch.testing.assert_close(equal, 2 * weighted(loss, logits, given_labels, None))
    only = weighted(loss, logits, given_labels, torch.tensor([0.0, 0, 1, 0, 0]))
    each = loss.compute(logits, given_labels, reduction="none")
    torch.testing.assert_close(only, (each[:, 2] if loss.columns else each * (labels == 2)).sum() / each.numel())


def test_correct_is_the_largest_logit():
    logits = torch.tensor([[0.0, 2, 1], [3, 0, 0]])
    assert correct(logits, torch.tensor([1, 1])).tolist() == [True, False]
    assert correct(logits, torch.tensor([[0.0, 1, 1], [0, 1, 1]])).tolist() == [True, False]
