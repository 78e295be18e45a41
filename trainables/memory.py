"""Memory of a device: what to do where a step does not fit into it, and how much of it a step holds."""

import copy
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.multiprocessing.reductions import StorageWeakRef

from trainables.errors import InvalidSetting

LEAST_PIECE = 2
"""Batch normalisation cannot learn from one item."""


LACKS = ("can't allocate memory", "bad_alloc")
"""How torch says that a processor has no memory."""


def is_out_of_memory(error: Exception) -> bool:
    """Whether `error` says that memory could not be had, on a GPU or for a tensor or an array of a processor."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(lack in str(error) for lack in LACKS)


def halved(pieces: int, items: int) -> int:
    """Twice as many `pieces` for a batch of `items`.

    Raises InvalidSetting where a piece would have fewer than two items.
    """
    if items // (2 * pieces) < LEAST_PIECE:
        raise InvalidSetting(
            f"Not even {-(-items // pieces)} segments at a time fit into the memory of the device: shorten the "
            "segments, or choose a smaller network."
        )
    torch.cuda.empty_cache()  # does nothing where no GPU has been used
    return 2 * pieces


def memory_errors(batch_size: int) -> AbstractContextManager[None]:
    return fitting(
        f"A step of {batch_size} segments does not fit into the memory of the device: set a smaller batch_size, or "
        "on_out_of_memory to halve."
    )


def building_errors() -> AbstractContextManager[None]:
    return fitting(
        "The features, the network or its predictions do not fit into the memory of the device: choose smaller "
        "features, shorter or fewer segments, or a smaller network."
    )


@contextmanager
def fitting(sentence: str) -> Iterator[None]:
    """Turn a lack of memory into InvalidSetting with a sentence."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise InvalidSetting(sentence) from error


class PeakMemory:
    """The most bytes of a GPU that training holds beside its data, since this was made; without a GPU there is none.

    Made after the network and the features are there. What the process then holds is left out, but for the network.
    """

    def __init__(self, device: torch.device):
        self.device = device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
            self.held = torch.cuda.memory_allocated(device)

    def taken(self) -> int | None:
        """Bytes of gradients, optimiser, activations and whatever else was allocated at once; None without a GPU."""
        return torch.cuda.max_memory_allocated(self.device) - self.held if self.device.type == "cuda" else None


def bytes_of(shape: tuple[int, ...]) -> int:
    """Bytes of an input of this shape, in single precision."""
    return 4 * math.prod(shape)


def step_bytes(network: nn.Module, shape: tuple[int, ...], batch: int) -> int:
    """Bytes that a network holds of a batch of inputs of a shape between its forward and its backward pass (S0-F25).

    They are those of all that gradients are computed from, beside parameters and buffers, each counted once, in single
    precision. Nothing is computed for it.
    """
    bare = copy.deepcopy(network).to("meta").train()
    own = {StorageWeakRef(tensor.untyped_storage()) for tensor in (*bare.parameters(), *bare.buffers())}
    held: dict[StorageWeakRef, int] = {}

    def hold(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        held[StorageWeakRef(storage)] = storage.nbytes()
        return tensor

    with saved_tensors_hooks(hold, lambda tensor: tensor):
        # Named, so that what it holds is not freed, and its place taken, while others are counted.
        outputs = bare(torch.empty(batch, *shape, device="meta"))
    del outputs
    return sum(size for storage, size in held.items() if storage not in own)
