"""From the logits of a clip's segments to the log-probabilities of its classes."""

from collections.abc import Callable

import torch
from torch import Tensor

from trainables.errors import unknown

Aggregation = Callable[[Tensor, Tensor], Tensor]


def mean_probability(logits: Tensor, item: Tensor) -> Tensor:
    """Logarithm of the mean of the segments' softmaxes: the "sum and take the max" of S0-F8."""
    return means(logits.softmax(1), item).clamp_min(torch.finfo(logits.dtype).tiny).log()


def mean_log_probability(logits: Tensor, item: Tensor) -> Tensor:
    """The mean of the segments' log-softmaxes, normalised: their geometric mean."""
    return means(logits.log_softmax(1), item).log_softmax(1)


def product(logits: Tensor, item: Tensor) -> Tensor:
    """The product of the segments' softmaxes, normalised, as if they were independent; ranks as `log` does."""
    return sums(logits.log_softmax(1), item).log_softmax(1)


def vote(logits: Tensor, item: Tensor) -> Tensor:
    """The share of segments whose best class it is; one more vote goes by the mean softmax and so breaks ties."""
    votes = torch.nn.functional.one_hot(logits.argmax(1), logits.shape[1]).to(logits.dtype)
    voters = sums(torch.ones_like(votes[:, :1]), item)
    together = sums(votes, item) + means(logits.softmax(1), item)
    return (together / (voters + 1)).clamp_min(torch.finfo(logits.dtype).tiny).log()


AGGREGATIONS: dict[str, Aggregation] = {
    "sum": mean_probability,
    "log": mean_log_probability,
    "product": product,
    "vote": vote,
}


def aggregated(logits: Tensor, item: Tensor, aggregation: str = "sum") -> Tensor:
    """Log-probabilities (clips, classes), in the type and on the device of `logits` (segments, classes).

    `item` (segments,) is the clip of each segment, 0 to clips - 1, none left out. Sums are taken in double precision
    on the processor, whose order of additions is always the same. Where every clip has one segment its logits are
    returned as they are. Raises InvalidSetting for an unknown aggregation.
    """
    if aggregation not in AGGREGATIONS:
        raise unknown("aggregation", aggregation, AGGREGATIONS)
    place = item.cpu()
    if torch.equal(place, torch.arange(len(logits))):
        return logits
    return AGGREGATIONS[aggregation](logits.detach().double().cpu(), place).to(logits)


def sums(values: Tensor, item: Tensor) -> Tensor:
    """The sum (clips, columns) of the rows of `values` (segments, columns) of each clip."""
    clips = int(item.max()) + 1
    return values.new_zeros(clips, values.shape[1]).index_add_(0, item, values)


def means(values: Tensor, item: Tensor) -> Tensor:
    """The mean (clips, columns) of the rows of `values` (segments, columns) of each clip."""
    return sums(values, item) / torch.bincount(item)[:, None]
