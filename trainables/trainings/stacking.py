"""What a second network is given of a first one: images of the probabilities of an item's segments (S0-A4)."""

import json
from functools import partial

import numpy as np
import pandas as pd
import scipy
import torch
from torch import Tensor, nn

from trainables.corpora.splits import deal, groups_of, strata
from trainables.data.aggregation import AGGREGATIONS, log_probabilities
from trainables.data.batches import FEWEST_SEGMENTS, Part, segments_each
from trainables.fit import Fit, Record, as_bytes, evaluate, from_bytes, predict, stopwatch
from trainables.recipe.losses import LOSSES, Loss, correct, weighted
from trainables.recipe.recipes import Recipe

LBFGS_STEPS = 500
RULES = ("sum", "product", "vote")
"""Of the aggregations those that rank differently: "log" ranks as "product" does."""


def images(network: nn.Module, part: Part, loss: Loss) -> Tensor:
    """Probabilities (items, 1, segments, classes) that a network gives the segments of each item, in time.

    Nothing for an empty part. Raises InvalidSetting unless all items have the same number of segments, at least two.
    """
    if not len(part):
        return torch.empty(0, 1, FEWEST_SEGMENTS, 1)
    probabilities = log_probabilities(predict(network, part).float(), loss.columns).exp()
    return probabilities.unflatten(0, (-1, segments_each(part, "dual"))).unsqueeze(1)


def pieces(item: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Pieces of `size` segments, one after another, of items that may have more: rows (pieces, size), and their items.

    `item` (segments,) is that of each segment, in time. A last piece is pulled back to end with its item, whose last
    segment is repeated if it has fewer than a piece.
    """
    counts = torch.bincount(item)
    first, latest = counts.cumsum(0) - counts, (counts - size).clamp_min(0)
    number = 1 + -(-latest // size)
    of = torch.arange(len(counts)).repeat_interleave(number)
    begin = torch.minimum((torch.arange(len(of)) - (number.cumsum(0) - number)[of]) * size, latest[of])
    inside = torch.minimum(begin[:, None] + torch.arange(size), counts[of, None] - 1)
    return first[of, None] + inside, of


def folds(table: pd.DataFrame, count: int, seed: int) -> np.ndarray:
    """The fold, 0 .. count - 1, of each item: whole groups, class by class, in shares as equal as can be."""
    random = np.random.default_rng(seed)
    table = table.reset_index(drop=True)
    fold = np.empty(len(table), np.int64)
    groups = groups_of(table)
    for _, rows in strata(table, np.arange(len(table))):
        fold[rows] = deal(groups[rows], min(count, len(np.unique(groups[rows]))), random)
    return fold


def mean_entropy(stacked: Tensor) -> float:
    """The mean entropy, in nats, of the segments' probabilities: low for outputs that are sure of themselves (B13)."""
    return float(torch.special.entr(stacked).sum(-1).mean())


def entropy_distance(trained: np.ndarray, tested: np.ndarray) -> tuple[float, float]:
    """How far two sets of softmaxes (..., classes) differ in how sure of themselves they are (B13).

    The statistic of Kolmogorov and Smirnov, 0 to 1, of their entropies, and its p; NaN where either set is empty.
    """
    if not (len(trained) and len(tested)):
        return float("nan"), float("nan")
    # Named in full: SciPy then imports its statistics, which takes most of a second, when they are first asked for.
    result = scipy.stats.ks_2samp(*(scipy.stats.entropy(each, base=2, axis=-1).ravel() for each in (trained, tested)))
    return float(result.statistic), float(result.pvalue)


class SegmentMean(nn.Module):
    """Images (items, 1, segments, classes) to their mean over the segments (items, classes)."""

    def forward(self, stacked: Tensor) -> Tensor:
        return stacked.mean((1, 2))


class Together(nn.Module):
    """Images (items, 1, segments, classes) to logits (items, classes), by a rule of `RULES` and without parameters."""

    def __init__(self, rule: str, *, columns: bool = False):
        super().__init__()
        self.rule, self.columns = rule, columns

    def forward(self, stacked: Tensor) -> Tensor:
        segments = stacked.flatten(0, 2).double().clamp_min(torch.finfo(stacked.dtype).tiny).log()
        item = torch.arange(len(stacked), device=stacked.device).repeat_interleave(stacked.shape[2])
        answers = AGGREGATIONS[self.rule](segments, item)
        return (answers.exp().logit(torch.finfo(stacked.dtype).eps) if self.columns else answers).to(stacked)


class Rule:
    """What stands in the place of a second network and is not trained: every epoch measures the same answers."""

    def __init__(self, network: nn.Module, recipe: Recipe, seed: int, train: Part, validation: Part):
        self.network, self.loss, self.parts = network, LOSSES[recipe.loss], {"train": train, "validation": validation}
        self.history: list[Record] = []

    def epoch(self) -> Record:
        taken, record = stopwatch(), Record()
        for name, part in self.parts.items():
            loss, accuracy = evaluate(partial(predict, self.network), part, self.loss)
            record |= {f"{name}_loss": loss, f"{name}_accuracy": accuracy}
        self.history.append({"epoch": len(self.history) + 1, **record, **taken()})
        return self.history[-1]

    def state(self) -> bytes:
        return as_bytes(history=json.dumps(self.history))

    def load(self, state: bytes) -> None:
        self.history = json.loads(from_bytes(state)["history"])


def right_answers(stacked: Tensor, labels: Tensor) -> dict[str, list[float]]:
    """What a first network alone gets right of items with these images, of which labels are class numbers (items,).

    That is the share of their segments, and by each rule 1 or 0.
    """
    segments = (stacked.squeeze(1).argmax(-1) == labels[:, None]).double().mean(1)
    rules = {name: (Together(name)(stacked).argmax(1) == labels).double() for name in RULES}
    return {f"{name}_right": each.tolist() for name, each in {"segments": segments, **rules}.items()}


def first_images(stacked: Tensor, labels: Tensor) -> dict[str, list[list[float] | None]]:
    """The image, row by row, of the first item of each class, for people to look at; None for all other items."""
    numbers = labels.tolist()
    firsts = {numbers.index(number) for number in numbers}
    return {"image": [each.flatten().tolist() if item in firsts else None for item, each in enumerate(stacked)]}


class Regression(Fit):
    """Logistic regression on the mean of the segments' probabilities, with the L2 penalty of C = 1.

    It has one solution, which every epoch finds again from zeros: epochs and learning rate mean nothing to it.
    """

    def _train(self) -> tuple[float, float]:
        features, labels = self.train.batch(torch.arange(len(self.train)), torch.Generator(self.device))
        layer: nn.Linear = self.network[-1]  # type: ignore[index]  # a Sequential
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
        solver = torch.optim.LBFGS(
            layer.parameters(), max_iter=LBFGS_STEPS, tolerance_grad=1e-6, line_search_fn="strong_wolfe"
        )

        def penalised() -> Tensor:
            solver.zero_grad()
            mean = weighted(self.loss, self.network(features), labels, self.weights)
            cost = len(labels) * mean + layer.weight.square().sum() / 2
            cost.backward()
            return cost

        solver.step(penalised)
        with torch.no_grad():
            logits = self.network(features)
            return self.loss.compute(logits, labels).item(), correct(logits, labels).float().mean().item()
