"""The card of a model: what it is, what it was trained on, how far it can be trusted, and how it is used."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from trainables.models.graphs import Graph
from trainables.models.header import Header, Part


def card(header: Header, path: Path, graph: Graph, difference: float) -> str:
    """The card in Markdown of the model in a file; `difference` is that of its probabilities from the trial's."""
    origin = header.origin
    title = f"{origin.arm or header.architecture.name} on {header.corpus['title']}"
    sections = {
        "What it does": listed(
            [f"Names one of {len(header.labels)} classes: {', '.join(header.labels)}.", *inputs(header)]
        ),
        "How it was chosen": origin.chosen,
        "How well it does": listed([*accuracies(header), *header.verdicts]),
        "Limits": listed([*header.limits, *(f"Badge of the run: {badge}." for badge in header.badges)]),
        "Trained on": pairs(header.corpus),
        "Settings": pairs(header.training),
        "Use": f"```\netude predict {path.name} FILE_OR_FOLDER\n```\n\n```python\n"
        f'from etude.trainables.models import load_model\n\nload_model("{path.name}").predict(samples, rate)\n```',
        "Files": listed(
            [
                f"`{path.name}`: weights and header. Differs from its trial by {difference:.1g} at most in any "
                "probability, over segments of test clips.",
                graph_in_words(graph),
            ]
        ),
        "Made by": made_by(header),
    }
    return "\n\n".join([f"# {title}", *(f"## {name}\n\n{text}" for name, text in sections.items() if text), ""])


def made_by(header: Header) -> str:
    commit = f", commit {header.commit}" if header.commit else ""
    return f"étude {header.etude}{commit}, model format {header.format}."


def inputs(header: Header) -> list[str]:
    """How a recording becomes the input of the network."""
    several = "Each class has a probability of its own." if header.several_labels else "Probabilities add up to 1."
    return [
        several,
        f"Takes {header.rate} Hz; channels are averaged. Recordings of other rates are resampled, and those below "
        f"{header.needed_rate} Hz (less a tenth) are refused.",
        f"Windows of {header.seconds:g} s, cut as `{in_words(header.segmentation)}`, put together by "
        f"`{header.aggregation}`.",
        f"Front end `{in_words(header.front_end)}`, features {' x '.join(map(str, header.shape))}, normalisation "
        f"{header.normalisation}.",
        f"Architecture `{in_words(header.architecture)}`.",
    ]


def accuracies(header: Header) -> list[str]:
    found = {"validation": header.origin.validation_accuracy, "test": header.origin.test_accuracy}
    return [
        f"Accuracy of this trial on its {name} part: {value:.3f}." for name, value in found.items() if value is not None
    ]


def graph_in_words(graph: Graph) -> str:
    """Which graph there is and what it takes, or why there is none."""
    others = f" Tried before: {'; '.join(graph.reasons)}." if graph.path and graph.reasons else ""
    if not graph.path:
        return f"No ONNX and no TorchScript: {'; '.join(graph.reasons)}."
    takes = (
        "one window of a waveform in [-1, 1] at a time, front end included"
        if graph.includes_front_end
        else "features of any number of windows: the front end is not in it"
    )
    return (
        f"`{graph.path.name}`: {graph.kind}; takes {takes}; gives logits. Differs by {graph.difference:.1g} at most in "
        f"any probability.{others}"
    )


def in_words(part: Part) -> str:
    return " ".join([part.name, *(f"{name}={value}" for name, value in part.settings.items() if value != "")])


def listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def pairs(values: Mapping[str, object]) -> str:
    return "\n".join(["| name | value |", "|---|---|", *(f"| {n} | {cell(value)} |" for n, value in values.items())])


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
