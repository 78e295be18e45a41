"""The same network as a graph for other programs: ONNX where that can be made, else TorchScript, each checked."""

import io
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from trainables.models.model import Model
from trainables.models.trained import probabilities

TOLERANCE = 1e-5
ONNX_PACKAGES = ("onnx", "onnxscript", "onnxruntime")
INPUT, OUTPUT = "input", "logits"
REASON = 120


@dataclass(frozen=True)
class Graph:
    """A graph that was written and gives the same, or why none was.

    It takes one waveform at a time if it `includes_front_end`, else features of any number of windows. `difference` is
    the largest of all probabilities of the clips that were compared.
    """

    path: Path | None
    kind: str = ""
    includes_front_end: bool = False
    difference: float = 0.0
    reasons: tuple[str, ...] = ()


class Whole(nn.Module):
    """Front end and network as one module."""

    def __init__(self, model: Model):
        super().__init__()
        self.front_end, self.network = model.front_end, model.network

    def forward(self, waveforms: Tensor) -> Tensor:
        """Waveforms (windows, samples) to logits (windows, classes)."""
        found: Tensor = self.network(self.front_end(waveforms))
        return found


Run = Callable[[Tensor], Tensor]
Write = Callable[[nn.Module, Tensor, Path, bool], Run]


def write_graph(model: Model, waveforms: Tensor, path: Path) -> Graph:
    """Write the graph of a model beside `path`, with the front end if it can be, and compare it on some windows.

    ONNX is tried where its packages are installed, then TorchScript. A graph whose probabilities differ from the
    model's by more than `TOLERANCE` is not kept.
    """
    missing = [name for name in ONNX_PACKAGES if find_spec(name) is None]
    reasons = [f"ONNX: {', '.join(missing)} not installed (pip install 'etude[onnx]')"] if missing else []
    for kind in KINDS[1:] if missing else KINDS:
        for includes_front_end in (True, False):
            target = path.with_suffix(kind.suffix)
            difference = attempt(model, waveforms, target, kind.write, whole=includes_front_end)
            if isinstance(difference, float) and difference <= TOLERANCE:
                return Graph(target, kind.name, includes_front_end, difference, tuple(reasons))
            target.unlink(missing_ok=True)
            failed = f"differs by {difference:.1g}" if isinstance(difference, float) else difference
            reasons.append(f"{kind.name}{' with front end' if includes_front_end else ''}: {failed}")
    return Graph(None, reasons=tuple(reasons))


def attempt(model: Model, waveforms: Tensor, target: Path, write: Write, *, whole: bool) -> float | str:
    """Write a graph, of `whole` model or of its network; gives the largest difference of a probability, or a reason.

    What exporters raise for a graph that they cannot write has no common type.
    """
    several = model.header.several_labels
    expected = probabilities(model.logits(waveforms), several=several)
    try:
        with silenced():
            module, inputs = (Whole(model), waveforms) if whole else (model.network, model.front_end(waveforms))
            run = write(module, inputs, target, not whole)
            logits = torch.cat([run(each) for each in inputs.split(1)]) if whole else run(inputs)
            found = probabilities(logits, several=several)
    except Exception as error:
        return reason(error)
    return float((found - expected).abs().max())


def write_onnx(module: nn.Module, inputs: Tensor, path: Path, many: bool) -> Run:
    """Write ONNX for one window or `many`, and give what ONNX Runtime makes of it."""
    import onnxruntime  # noqa: PLC0415

    torch.onnx.export(
        module,
        (inputs[: 1 + many],),
        path,
        input_names=[INPUT],
        output_names=[OUTPUT],
        dynamic_shapes=({0: torch.export.Dim("windows")},) if many else None,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda values: torch.from_numpy(session.run([OUTPUT], {INPUT: values.numpy()})[0])


def write_torchscript(module: nn.Module, inputs: Tensor, path: Path, many: bool) -> Run:
    """Write TorchScript as traced on one window or two, and give what it makes of inputs when it is read again."""
    torch.jit.save(torch.jit.trace(module, (inputs[: 1 + many],), check_trace=False), path)
    loaded: Run = torch.jit.load(path)
    return loaded


@dataclass(frozen=True)
class Kind:
    """A kind of graph: how it is written, and what its files end in."""

    name: str
    write: Write
    suffix: str


KINDS = (Kind("ONNX", write_onnx, ".onnx"), Kind("TorchScript", write_torchscript, ".torchscript"))


@contextmanager
def silenced() -> Iterator[None]:
    """Keep exporters' notes off the terminal: what matters of them is said by `Graph`."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), torch.no_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def reason(error: Exception) -> str:
    """The first words of an error of an exporter."""
    return " ".join("".join(filter(str.isprintable, str(error))).split())[:REASON] or type(error).__name__
