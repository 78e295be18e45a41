from collections.abc import Iterable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from trainables.data.aggregation import AGGREGATIONS, aggregated
from trainables.errors import InvalidSetting

SEGMENTS = st.lists(st.integers(1, 6), min_size=1, max_size=6)


def case(counts: list[int], seed: int, classes: int = 4) -> tuple[Tensor, Tensor]:
    logits = 3 * torch.randn(sum(counts), classes, generator=torch.Generator().manual_seed(seed))
    return logits, torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))


def softmax(row: np.ndarray) -> np.ndarray:
    return np.exp(row) / np.exp(row).sum()


def naive(name: str, rows: Iterable[np.ndarray]) -> np.ndarray:
    """Probabilities of one clip from the logits of its segments."""
    shares = [softmax(row) for row in rows]
    if name == "sum":
        return sum(shares) / len(shares)
    if name == "vote":
        votes = np.zeros(len(shares[0]))
        for share in shares:
            votes[share.argmax()] += 1
        return (votes + sum(shares) / len(shares)) / (len(shares) + 1)
    multiplied = np.prod(shares, axis=0) ** (1 / len(shares) if name == "log" else 1)
    return multiplied / multiplied.sum()


@given(counts=SEGMENTS, seed=st.integers(0, 1000))
@pytest.mark.parametrize("name", list(AGGREGATIONS))
def test_equals_a_loop(name: str, counts: list[int], seed: int) -> None:
    logits, item = case(counts, seed)
    found = AGGREGATIONS[name](logits.double().log_softmax(1), item)
    for clip in range(len(counts)):
        expected = naive(name, logits[item == clip].double().numpy())
        np.testing.assert_allclose(found[clip].exp(), expected, atol=1e-9)


@given(counts=SEGMENTS, seed=st.integers(0, 1000))
@pytest.mark.parametrize("name", list(AGGREGATIONS))
def test_the_result_is_a_distribution_and_knows_no_order(name: str, counts: list[int], seed: int) -> None:
    logits, item = case(counts, seed)
    segments = logits.double().log_softmax(1)
    found = AGGREGATIONS[name](segments, item)
    assert found.isfinite().all()
    torch.testing.assert_close(found.exp().sum(1), torch.ones(len(counts), dtype=torch.float64))
    order = torch.randperm(len(item), generator=torch.Generator().manual_seed(seed))
    torch.testing.assert_close(AGGREGATIONS[name](segments[order], item[order]), found)


def test_they_differ_where_they_should() -> None:
    """One segment is sure of class 0, two lean to class 1, and class 2 is everyone's second."""
    shares = torch.tensor([[0.98, 0.001, 0.019], [0.02, 0.5, 0.48], [0.02, 0.5, 0.48]])
    best = {name: int(aggregated(shares.log(), torch.zeros(3).long(), name).argmax()) for name in AGGREGATIONS}
    assert best == {"sum": 0, "log": 2, "product": 2, "vote": 1}


def test_a_tie_of_votes_goes_to_the_surer() -> None:
    shares = torch.tensor([[0.6, 0.4], [0.1, 0.9]])
    assert aggregated(shares.log(), torch.zeros(2).long(), "vote").argmax() == 1


@pytest.mark.parametrize("name", list(AGGREGATIONS))
def test_extreme_logits_stay_finite(name: str) -> None:
    logits = torch.tensor([[1e4, -1e4, 0.0], [1e4, 0.0, -1e4]])
    found = aggregated(logits, torch.zeros(2).long(), name)
    assert found.isfinite().all()
    assert found.argmax() == 0


def test_one_segment_a_clip_keeps_its_logits_to_the_last_bit() -> None:
    logits = torch.randn(5, 3)
    assert aggregated(logits, torch.arange(5)) is logits


def test_the_type_and_the_default_are_kept() -> None:
    logits, item = case([2, 3], 0)
    assert aggregated(logits, item).dtype == torch.float32
    assert torch.equal(aggregated(logits, item), aggregated(logits, item, "sum"))


def test_an_unknown_aggregation_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="did you mean 'vote'"):
        aggregated(*case([2], 0), "votes")


def test_classes_that_exclude_nothing_have_chances_of_their_own() -> None:
    logits, item = case([2, 3], 1)
    for name in AGGREGATIONS:
        assert aggregated(logits, item, name, columns=True).shape == (2, 4)
    means = torch.stack([logits[item == clip].sigmoid().mean(0) for clip in (0, 1)])
    torch.testing.assert_close(aggregated(logits, item, "sum", columns=True).exp(), means)


@pytest.mark.parametrize("item", [None, torch.tensor([0, 0, 1])])
def test_segments_can_be_scored_one_by_one(item: Tensor | None) -> None:
    logits = torch.randn(3, 4)
    assert aggregated(logits, item, "segment") is logits
