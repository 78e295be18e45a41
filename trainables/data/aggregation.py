"""From the log-probabilities of a clip's segments to those of the clip."""

from collections.abc import Callable

import torch
from torch import Tensor

from trainables.errors import checked

Aggregation = Callable[[Tensor, Tensor], Tensor]

EACH_SEGMENT = "segment"
"""The name for scoring segments one by one: nothing is put together."""


def mean_probability(segments: Tensor, item: Tensor) -> Tensor:
    """Logarithm of the mean of the segments' probabilities: the "sum and take the max" of S0-F8."""
    return means(segments.exp(), item).clamp_min(torch.finfo(segments.dtype).tiny).log()


def mean_log_probability(segments: Tensor, item: Tensor) -> Tensor:
    """The mean of the segments' log-probabilities, normalised: their geometric mean."""
    return means(segments, item).log_softmax(1)


def product(segments: Tensor, item: Tensor) -> Tensor:
    """The product of the segments' probabilities, normalised, as if they were independent; ranks as `log` does."""
    return sums(segments, item).log_softmax(1)


def vote(segments: Tensor, item: Tensor) -> Tensor:
    """The share of segments whose best class it is; one more vote goes by the mean probability and so breaks ties."""
    votes = torch.nn.functional.one_hot(segments.argmax(1), segments.shape[1]).to(segments.dtype)
    voters = sums(torch.ones_like(votes[:, :1]), item)
    together = sums(votes, item) + means(segments.exp(), item)
    return (together / (voters + 1)).clamp_min(torch.finfo(segments.dtype).tiny).log()


AGGREGATIONS: dict[str, Aggregation] = {
    "sum": mean_probability,
    "log": mean_log_probability,
    "product": product,
    "vote": vote,
}


def check_aggregation(name: str) -> None:
    checked("aggregation", name, [*AGGREGATIONS, EACH_SEGMENT])


def aggregated(logits: Tensor, item: Tensor | None, aggregation: str = "sum", *, columns: bool = False) -> Tensor:
    """Log-probabilities (clips, classes), in the type and on the device of `logits` (segments, classes).

    Probabilities of a segment are the softmax of its logits, or with `columns` each class's own logistic function.
    `item` (segments,) is the clip of each segment, 0 to clips - 1, none left out. Sums are taken in double precision
    on the processor, whose order of additions is always the same. Where every segment is scored for itself (`item` is
    None, the aggregation "segment", or every clip has one) its logits are returned as they are. Raises InvalidSetting
    for an unknown aggregation.
    """
    check_aggregation(aggregation)
    place = None if item is None or aggregation == EACH_SEGMENT else item.cpu()
    if place is None or torch.equal(place, torch.arange(len(logits))):
        return logits
    return together(logits, place, aggregation, columns=columns)


def together(logits: Tensor, item: Tensor, aggregation: str, *, columns: bool) -> Tensor:
    """The same of clips that are always put together, by their mean probability where "segment" would not."""
    rule = AGGREGATIONS["sum" if aggregation == EACH_SEGMENT else aggregation]
    return rule(log_probabilities(logits.detach().double().cpu(), columns), item.cpu()).to(logits)


def log_probabilities(logits: Tensor, columns: bool) -> Tensor:
    """Log-probabilities of logits: of one class among all, or with `columns` of each class for itself."""
    return torch.nn.functional.logsigmoid(logits) if columns else logits.log_softmax(1)


def sums(values: Tensor, item: Tensor) -> Tensor:
    """The sum (clips, columns) of the rows of `values` (segments, columns) of each clip."""
    clips = int(item.max()) + 1
    return values.new_zeros(clips, values.shape[1]).index_add_(0, item, values)


def means(values: Tensor, item: Tensor) -> Tensor:
    """The mean (clips, columns) of the rows of `values` (segments, columns) of each clip."""
    return sums(values, item) / torch.bincount(item)[:, None]
