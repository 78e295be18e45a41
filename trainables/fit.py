"""The training loop: one epoch at a time, resumed from its state to the last bit. Knows nothing of Ray."""

import io
import json
import math
import os
import platform
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import torch
from torch import Tensor, nn

from trainables.augmentation.draws import stream
from trainables.data.aggregation import aggregated
from trainables.data.batches import Part
from trainables.errors import InvalidSetting
from trainables.memory import LEAST_PIECE, halved, is_out_of_memory, memory_errors
from trainables.recipe.initialisation import initialise
from trainables.recipe.losses import LOSSES, Loss, balanced, correct, weighted
from trainables.recipe.recipes import Recipe
from trainables.recipe.schedules import backbone

EVALUATION_BATCH = 256

Record = dict[str, float]
CLOCKS = ("seconds", "cpu_seconds", "ended", "worker")
"""What the record of an epoch says of the process that trained it, and what is another when it is trained again."""


@dataclass
class Fit:
    """A network in training.

    `state()` holds everything that the next epoch depends on: the network, the optimiser, the random states, the order
    of the items, the history, and the number of `pieces` into which a batch is split (1 unless it did not fit into
    memory). The seed fixes initialisation and dropout and, separately, the order of the items: two networks with one
    seed see the items in the same order. Augmentations are drawn from a stream of the seed and the epoch. `aggregation`
    combines the segments of a validation item.
    """

    network: nn.Module
    recipe: Recipe
    seed: int
    train: Part
    validation: Part
    aggregation: str = "sum"
    history: list[Record] = field(default_factory=list)
    pieces: int = 1

    def __post_init__(self) -> None:
        if self.recipe.schedule == "plateau" and not len(self.validation):
            raise InvalidSetting("schedule is 'plateau' and there is no validation part to follow: set it to 'step'.")
        self.device = self.train.labels.device
        self.loss = LOSSES[self.recipe.loss]
        self.weights = balanced(self.train.labels) if self.recipe.class_weights == "balanced" else None
        self.casts = self.recipe.precision == "bfloat16"
        self.backbone = backbone(self.network) if self.recipe.frozen_epochs else []
        self.network.to(self.device)
        self.optimiser = self.recipe.build_optimiser(self.network)
        self.order = torch.Generator().manual_seed(self.seed)

    @property
    def finished(self) -> bool:
        return len(self.history) >= self.recipe.epochs

    def epoch(self) -> Record:
        """Train one epoch and measure it.

        Losses are in nats, accuracies are shares. If a loss is not finite the validation accuracy is NaN, because the
        trial has failed whatever its predictions are. Raises InvalidSetting for a batch that does not fit into memory.
        """
        taken = stopwatch()
        with memory_errors(self.recipe.batch_size):
            train_loss, train_accuracy = self._train()
            validation_loss, validation_accuracy = evaluate(self.logits, self.validation, self.loss, self.aggregation)
        if not (math.isfinite(train_loss) and math.isfinite(validation_loss)):
            validation_accuracy = math.nan
        record = {
            "epoch": len(self.history) + 1,
            "train_loss": train_loss,
            "train_accuracy": train_accuracy,
            "validation_loss": validation_loss,
            "validation_accuracy": validation_accuracy,
            **taken(),
        }
        self.history.append(record)
        return record

    def _train(self) -> tuple[float, float]:
        self._follow_schedule()
        self.network.train()
        loss_sum = torch.zeros((), device=self.device)
        hits = torch.zeros((), device=self.device)
        generator = stream(self.seed, len(self.history) + 1, self.device)
        for indices in self.batches():
            features, labels = self.train.batch(indices, generator)
            logits, loss = self._step(features, labels)
            loss_sum += loss * len(indices)
            hits += correct(logits, labels).sum()
        return loss_sum.item() / len(self.train), hits.item() / len(self.train)

    def batches(self) -> Iterable[Tensor]:
        """The indices of the training segments for each step of an epoch, in a new order."""
        return batches(torch.randperm(len(self.train), generator=self.order), self.recipe.batch_size)

    def logits(self, part: Part) -> Tensor:
        """Logits (segments, classes) of a part, in its order."""
        return predict(self.network, part)

    def _follow_schedule(self) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate(self.history)
        for parameter in self.backbone:
            parameter.requires_grad_(not self.recipe.is_frozen(self.history))

    def _step(self, features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """One step of the optimiser; gives logits and loss of the batch."""
        while True:
            try:
                result = self._gradients(features, labels)
                break
            except (RuntimeError, MemoryError) as error:
                if self.recipe.on_out_of_memory == "fail" or not is_out_of_memory(error):
                    raise
            # Only here, where the error, and with it the memory of the failed attempt, is freed.
            self.pieces = halved(self.pieces, len(features))
        self.optimiser.step()
        return result

    def _gradients(self, features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """The gradients of a batch's mean loss, in the parameters; gives its logits and its loss."""
        self.optimiser.zero_grad()
        pieces = min(self.pieces, max(1, len(features) // LEAST_PIECE))
        if pieces == 1:
            return self._add_gradients(features, labels, 1.0)
        parts = zip(features.tensor_split(pieces), labels.tensor_split(pieces), strict=True)
        found = [self._add_gradients(some, theirs, len(some) / len(features)) for some, theirs in parts]
        logits, losses = zip(*found, strict=True)
        return torch.cat(logits), torch.stack(losses).sum()

    def _add_gradients(self, features: Tensor, labels: Tensor, share: float) -> tuple[Tensor, Tensor]:
        """Add the gradients of the mean loss times `share`; gives the logits and that loss."""
        with torch.autocast(self.device.type, torch.bfloat16) if self.casts else nullcontext():
            logits = self.network(features)
        loss = weighted(self.loss, logits, labels, self.weights) * share
        loss.backward()
        return logits.detach(), loss.detach()

    def state(self) -> bytes:
        """Everything that the next epoch depends on; tensors and text only, so that loading it runs no code."""
        return as_bytes(
            network=self.network.state_dict(),
            optimiser=self.optimiser.state_dict(),
            **random_states(self.order, self.device),
            history=json.dumps(self.history),
            pieces=self.pieces,
        )

    def load(self, state: bytes) -> None:
        saved = from_bytes(state)
        self.network.load_state_dict(saved["network"])
        self.optimiser.load_state_dict(saved["optimiser"])
        set_random_states(self.order, saved)
        self.history = json.loads(saved["history"])
        self.pieces = saved.get("pieces", 1)  # older checkpoints have none


def stopwatch() -> Callable[[], Record]:
    """A function that gives the `CLOCKS` of what has been done since this call.

    `ended` is in seconds since 1970 (UTC). `worker` is a checksum, because the name of a machine is its owner's affair.
    """
    started, cpu_started = time.perf_counter(), time.process_time()
    worker = crc32(f"{platform.node()} {os.getpid()}".encode())

    def taken() -> Record:
        spent = time.perf_counter() - started, time.process_time() - cpu_started
        return dict(zip(CLOCKS, (*spent, time.time(), worker), strict=True))

    return taken


def as_bytes(**saved: Any) -> bytes:
    """Tensors, numbers and texts as `from_bytes` reads them."""
    buffer = io.BytesIO()
    torch.save(saved, buffer)
    return buffer.getvalue()


def from_bytes(state: bytes) -> dict[str, Any]:
    saved: dict[str, Any] = torch.load(io.BytesIO(state), weights_only=True, map_location="cpu")
    return saved


def random_states(order: torch.Generator, device: torch.device) -> dict[str, Any]:
    """The state of a generator and of torch's own."""
    cuda = torch.cuda.get_rng_state_all() if device.type == "cuda" else []
    return {"order": order.get_state(), "random": torch.get_rng_state(), "random_cuda": cuda}


def set_random_states(order: torch.Generator, saved: dict[str, Any]) -> None:
    order.set_state(saved["order"])
    torch.set_rng_state(saved["random"])
    if saved["random_cuda"]:
        torch.cuda.set_rng_state_all(saved["random_cuda"])


def start(
    build: Callable[[], nn.Module], recipe: Recipe, seed: int, train: Part, validation: Part, aggregation: str = "sum"
) -> Fit:
    """A Fit before its first epoch; `build` is called after the random state is set by `seed`."""
    torch.manual_seed(seed)
    network = build()
    initialise(network, recipe.initialisation)
    return Fit(network, recipe, seed, train, validation, aggregation)


def batches(order: Tensor, size: int) -> list[Tensor]:
    """`order` split into batches of `size`; a last batch of one item joins the one before.

    Batch normalisation cannot learn from one item, and its gradient would be noise.
    """
    pieces = list(order.split(size))
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [torch.cat(pieces[-2:])]
    return pieces


@torch.no_grad()
def predict(network: nn.Module, part: Part, batch: int = EVALUATION_BATCH) -> Tensor:
    """Logits (segments, classes) of a part, in its order; `batch` segments at a time, or fewer if memory is short."""
    network.eval()
    device = part.labels.device
    nothing_random = torch.Generator(device)
    indices = torch.arange(len(part), device=device).split(batch)
    try:
        return torch.cat([network(part.batch(some, nothing_random)[0]) for some in indices])
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error) or batch == 1:
            raise
    return predict(network, part, batch // 2)


def evaluate(
    predicted: Callable[[Part], Tensor], part: Part, loss: Loss, aggregation: str = "sum"
) -> tuple[float, float]:
    """Mean loss of the segments in nats and accuracy of the items as a share; `predicted` gives the logits of a part.

    Both are NaN for an empty part. A loss that is not a number counts as infinite.
    """
    if not len(part):
        return math.nan, math.nan
    logits = predicted(part).float()
    answers = aggregated(logits, part.item, aggregation, columns=loss.columns)
    labels = part.labels if len(answers) == len(logits) else part.labels[first_of(part)]
    mean = loss.compute(logits, part.labels).nan_to_num(nan=math.inf, posinf=math.inf)
    return mean.item(), correct(answers, labels).float().mean().item()


def first_of(part: Part) -> Tensor:
    """The index of the first segment of each item of a part."""
    assert part.item is not None
    item = part.item.cpu().numpy()
    return torch.as_tensor(np.unique(item, return_index=True)[1], device=part.labels.device)
