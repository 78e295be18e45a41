"""Losses: from logits (items, classes) and labels to one number, in nats."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Loss:
    """A loss, and whether it takes labels as one column per class (items, classes) instead of class numbers (items,).

    `compute` takes logits and labels and gives the mean; with `reduction="none"` the losses of the items, (items,) or
    (items, classes). With columns an item may have several labels.
    """

    compute: Callable[..., Tensor]
    columns: bool = False


def log_softmax_nll(logits: Tensor, labels: Tensor, reduction: str = "mean") -> Tensor:
    """Negative log-likelihood of the log-softmax: the cross-entropy, written as S2 has it (S2-S5)."""
    return functional.nll_loss(functional.log_softmax(logits, 1), labels, reduction=reduction)


def softmax_nll(logits: Tensor, labels: Tensor, reduction: str = "mean") -> Tensor:
    """Negative log-likelihood of the logarithm of the softmax (S2-F29).

    The cross-entropy in exact arithmetic; infinite where the softmax of the label is too small for a float.
    """
    return functional.nll_loss(functional.softmax(logits, 1).log(), labels, reduction=reduction)


def double_softmax(logits: Tensor, labels: Tensor, reduction: str = "mean") -> Tensor:
    """Cross-entropy that is given the softmax instead of the logits, and so takes it twice (S2-F29)."""
    return functional.cross_entropy(functional.softmax(logits, 1), labels, reduction=reduction)


LOSSES: dict[str, Loss] = {
    "cross_entropy": Loss(functional.cross_entropy),
    "log_softmax_nll": Loss(log_softmax_nll),
    "softmax_nll": Loss(softmax_nll),
    "double_softmax": Loss(double_softmax),
    # S1-F7: an independent yes or no for each class.
    "bce": Loss(functional.binary_cross_entropy_with_logits, columns=True),
}


def balanced(labels: Tensor) -> Tensor:
    """A weight for each class, such that all classes of `labels` weigh the same and the mean over the items is 1 (B11).

    For columns, all columns weigh the same. A class that no item has weighs nothing.
    """
    counts = (labels.bincount() if labels.ndim == 1 else labels.sum(0)).float()
    present = counts > 0
    return torch.where(present, counts.sum() / present.sum() / counts.clamp_min(1), 0)


def weighted(loss: Loss, logits: Tensor, labels: Tensor, weights: Tensor | None) -> Tensor:
    """The mean loss, that of each item times the weight of its class; without weights the plain mean."""
    if weights is None:
        return loss.compute(logits, labels)
    each = loss.compute(logits, labels, reduction="none")
    return (each * (weights if loss.columns else weights[labels])).mean()


def correct(logits: Tensor, labels: Tensor) -> Tensor:
    """Whether the class with the largest logit is the label, or one of the labels; (items,) bool."""
    best = logits.argmax(1)
    return best == labels if labels.ndim == 1 else labels.gather(1, best[:, None]).squeeze(1) > 0
