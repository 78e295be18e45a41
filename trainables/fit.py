"""The training loop: one epoch at a time, and a state from which it goes on to the last bit. Knows nothing of Ray."""

import io
import json
import math
import time
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from trainables.recipes import Recipe

EVALUATION_BATCH = 256

Record = dict[str, float]


@dataclass(frozen=True)
class Part:
    """One part of a split: features (items, channels, height, time) and labels (items,), on one device."""

    features: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass
class Fit:
    """A network in training.

    Everything that the next epoch depends on is in `state()`: the network, the optimiser, the random states, the
    order of the items and the history. The seed fixes initialisation, dropout and, separately, the order of the items,
    so that two networks with one seed see the items in the same order.
    """

    network: nn.Module
    recipe: Recipe
    seed: int
    train: Part
    validation: Part
    history: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.device = self.train.features.device
        self.network.to(self.device)
        self.optimiser = self.recipe.build_optimiser(self.network)
        self.order = torch.Generator().manual_seed(self.seed)

    @property
    def finished(self) -> bool:
        """Whether the last epoch of the recipe is done."""
        return len(self.history) >= self.recipe.epochs

    def epoch(self) -> Record:
        """Train one epoch and measure it.

        Losses are in nats, accuracies are shares. A loss that is not finite makes the validation accuracy NaN: such a
        trial has failed, whatever its predictions are.
        """
        started, cpu_started = time.perf_counter(), time.process_time()
        train_loss, train_accuracy = self._train()
        validation_loss, validation_accuracy = evaluate(self.network, self.validation)
        if not (math.isfinite(train_loss) and math.isfinite(validation_loss)):
            validation_accuracy = math.nan
        record = {
            "epoch": len(self.history) + 1,
            "train_loss": train_loss,
            "train_accuracy": train_accuracy,
            "validation_loss": validation_loss,
            "validation_accuracy": validation_accuracy,
            "seconds": time.perf_counter() - started,
            "cpu_seconds": time.process_time() - cpu_started,
        }
        self.history.append(record)
        return record

    def _train(self) -> tuple[float, float]:
        self.network.train()
        loss_sum = torch.zeros((), device=self.device)
        correct = torch.zeros((), device=self.device)
        for batch in torch.randperm(len(self.train), generator=self.order).split(self.recipe.batch_size):
            rows = batch.to(self.device)
            labels = self.train.labels[rows]
            logits = self.network(self.train.features[rows])
            loss = nn.functional.cross_entropy(logits, labels)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            loss_sum += loss.detach() * len(rows)
            correct += (logits.detach().argmax(1) == labels).sum()
        return loss_sum.item() / len(self.train), correct.item() / len(self.train)

    def state(self) -> bytes:
        """Everything the next epoch depends on; tensors and text only, so that reading it runs no code."""
        buffer = io.BytesIO()
        torch.save(
            {
                "network": self.network.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "order": self.order.get_state(),
                "random": torch.get_rng_state(),
                "random_cuda": torch.cuda.get_rng_state_all() if self.device.type == "cuda" else [],
                "history": json.dumps(self.history),
            },
            buffer,
        )
        return buffer.getvalue()

    def load(self, state: bytes) -> None:
        """Go back to where `state` was taken."""
        saved: dict[str, Any] = torch.load(io.BytesIO(state), weights_only=True, map_location="cpu")
        self.network.load_state_dict(saved["network"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.order.set_state(saved["order"])
        torch.set_rng_state(saved["random"])
        if saved["random_cuda"]:
            torch.cuda.set_rng_state_all(saved["random_cuda"])
        self.history = json.loads(saved["history"])


def start(build: Any, recipe: Recipe, seed: int, train: Part, validation: Part) -> Fit:
    """A Fit at epoch 0: `build` is called with the random state set by `seed`."""
    torch.manual_seed(seed)
    return Fit(build(), recipe, seed, train, validation)


@torch.no_grad()
def predict(network: nn.Module, part: Part) -> Tensor:
    """Logits (items, classes) of a part, in its order."""
    network.eval()
    return torch.cat([network(batch) for batch in part.features.split(EVALUATION_BATCH)])


def evaluate(network: nn.Module, part: Part) -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy as a share; NaN for an empty part."""
    if not len(part):
        return math.nan, math.nan
    logits = predict(network, part)
    loss = nn.functional.cross_entropy(logits.float(), part.labels).item()
    return loss, (logits.argmax(1) == part.labels).float().mean().item()
