"""Writing a model: its file, the same network as a graph, and its card, each compared with the trial it comes from."""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save
from torch import nn

from trainables.errors import UserError
from trainables.models.card import card
from trainables.models.graphs import TOLERANCE, Graph, write_graph
from trainables.models.header import Header
from trainables.models.model import Model, load_model
from trainables.models.trained import Trained, probabilities
from trainables.storage import files

SUFFIX, CARD = ".safetensors", ".md"


@dataclass(frozen=True)
class Saved:
    """What was written: the model's file, its card, and the graph if one could be made."""

    path: Path
    card: Path
    graph: Graph
    difference: float


def save_model(trained: Trained, header: Header, path: Path) -> Saved:
    """Write a trial's network with a header to `path`, its card and its graph beside it.

    What was written is read again and compared with the trial on test clips. Raises UserError where it says anything
    else, or where `path` cannot be written.
    """
    model = written(trained.network, header, path)
    difference = difference_of(model, trained)
    if not difference <= TOLERANCE:
        path.unlink()
        raise UserError(
            f"The exported model differs from its trial by {difference:.1g} in a probability, so it was not kept: "
            "resume the run to have the trial checked, and export again."
        )
    graph = write_graph(model, trained.waveforms, path)
    target = path.with_suffix(CARD)
    files.replace(target, card(header, path, graph, difference).encode())
    return Saved(path, target, graph, difference)


def written(network: nn.Module, header: Header, path: Path) -> Model:
    """The model in the file that a network and its header are written to."""
    # Kernels may lie with their channels last; a file has one order.
    weights = {name: values.detach().contiguous() for name, values in network.state_dict().items()}
    files.replace(path, save(weights, header.as_metadata()))
    return load_model(path)


def difference_of(model: Model, trained: Trained) -> float:
    """The largest difference of a probability between a model and its trial, over segments of test clips."""
    found = probabilities(model.logits(trained.waveforms), several=model.header.several_labels)
    return float(torch.abs(found - trained.probabilities()).max())
