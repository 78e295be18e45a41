"""S0-G1, S3-G4: the way from a recording to what a network is given, as blocks with the values that are set."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from analysis.results import Results

Rates = Sequence[int]

OFF: dict[str, object] = {"target_rate": 0, "pre_emphasis": 0.0, "frames": 0, "crop": 0}
OFF |= dict.fromkeys(("without", "augmentation", "side_features", "withheld"), "")
"""What a parameter is where its step is not done, or where it says nothing."""

PER = {"clip": "mean 0, deviation 1 over each clip", "frame": "mean 0, deviation 1 over each frame", "none": "none"}


class Line(NamedTuple):
    """A setting in words; `role` says "differs between arms", "tuned" or nothing."""

    text: str
    role: str = ""


class Step(NamedTuple):
    """One block of the diagram."""

    title: str
    lines: tuple[Line, ...]


class Pipeline(NamedTuple):
    """The blocks of one kind of input, from the recording on, and the arms that have it."""

    arms: tuple[str, ...]
    steps: tuple[Step, ...]


def workflow(results: Results, arms: Sequence[str]) -> Iterator[Pipeline]:
    """The blocks of each kind of input that some of the arms have."""
    tuned = results.run.study["study"].get("tuned", {})
    for found in results.run.pictures.get("inputs", ()):
        if set(arms) & set(found["arms"]):
            yield pipeline_data(found, tuned)


def pipeline_data(found: Mapping[str, Any], tuned: Collection[str] = ()) -> Pipeline:
    """The blocks of one stored kind of input; `tuned` are the parameters that each arm may choose."""
    rates = rates_of(found)
    steps = [step(each, rates, tuned) for each in found["steps"] if done(each["parameters"])]
    recording = Step("Recording", (Line(f"{found['rate']:,} Hz, mono"),))
    shapes = " or ".join(" × ".join(f"{size:,}" for size in shape) for shape in found["shapes"])
    given = Line(shapes, "differs between arms" if len(found["shapes"]) > 1 else "")
    return Pipeline(tuple(found["arms"]), (recording, *steps, Step("Given to the network", (given, Line(AXES)))))


AXES = "channels × rows × columns"


def rates_of(found: Mapping[str, Any]) -> Rates:
    """The rates, in Hz, at which frames are counted: those resampled to, else that of the recording."""
    targets = [rate for each in found["steps"] for rate in each["parameters"].get("target_rate", ())]
    return list(dict.fromkeys(int(rate) or int(found["rate"]) for rate in targets)) or [int(found["rate"])]


def done(parameters: Mapping[str, list[Any]]) -> bool:
    """Whether a step is done by some arm: one whose settings are all off is not."""
    return not parameters or any(set(values) - {OFF.get(name)} for name, values in parameters.items())


def step(found: Mapping[str, Any], rates: Rates, tuned: Collection[str]) -> Step:
    """A block with a line for each of its settings that says something."""
    lines = [
        line(name, values, rates, tuned)
        for name, values in found["parameters"].items()
        if set(values) - {OFF.get(name)}
    ]
    return Step(found["title"], tuple(lines))


def line(name: str, values: list[Any], rates: Rates, tuned: Collection[str]) -> Line:
    """A setting in words, all its values if arms differ."""
    role = "differs between arms" if len(values) > 1 else "tuned; here as printed" if name in tuned else ""
    return Line(" or ".join(dict.fromkeys(worded(name, value, rates) for value in values)), role)


def worded(name: str, value: Any, rates: Rates = ()) -> str:
    """A setting with its unit; one that is not known here by its own name."""
    if name in WORDS:
        return WORDS[name](value, rates)
    return f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name.replace('_', ' ')} {value}"


def listed(names: str) -> str:
    """Names as in "time_stretch+noise" in words."""
    return names.replace("_", " ").replace("+", ", ")


def samples(value: int, rates: Rates) -> str:
    return f"{value:,} samples" + (f" ({1000 * value / rates[0]:.1f} ms)" if len(rates) == 1 else "")


def top(value: float, rates: Rates) -> str:
    """The upper end of the bands; 0 is half the rate."""
    return f"to {value or max(rates) / 2:,.0f} Hz" if value or len(rates) == 1 else "to half the rate"


WORDS: Mapping[str, Callable[[Any, Rates], str]] = {
    "seconds": lambda value, rates: f"{value:g} s",
    "segment_hop": lambda value, rates: f"one every {value:g} s" if value else "one after another",
    "count": lambda value, rates: f"{value} to a clip",
    "target_rate": lambda value, rates: f"to {value:,} Hz" if value else "none",
    "pre_emphasis": lambda value, rates: f"y[n] = x[n] − {value:g} x[n−1]" if value else "none",
    "frame": lambda value, rates: f"frames of {samples(value, rates)}",
    "hop": lambda value, rates: f"hop of {samples(value, rates)}",
    "padding": lambda value, rates: {"zeros": "ends padded with zeros", "reflect": "ends reflected"}.get(value, value),
    "bands": lambda value, rates: f"{value} bands",
    "low": lambda value, rates: f"from {value:,.0f} Hz",
    "lowest": lambda value, rates: f"from {value:,.0f} Hz",
    "high": top,
    "top_db": lambda value, rates: f"at most {value:g} dB below the peak" if value else "no floor",
    "amplitude": lambda value, rates: str(value),
    "coefficients": lambda value, rates: f"{value} coefficients",
    "frames": lambda value, rates: f"{value} frames" if value else "all frames",
    "crop": lambda value, rates: f"{value:,} samples" if value else "all samples",
    "side": lambda value, rates: f"{value} bands",
    "windows": lambda value, rates: f"windows of {value.replace('-', ', ')} samples",
    "scales": lambda value, rates: value.replace("-", ", "),
    "without": lambda value, rates: f"without {value.replace('+', ', ')}" if value else "all of them",
    "augmentation": lambda value, rates: listed(value) or "none",
    "side_features": lambda value, rates: listed(value) or "none",
    "withheld": lambda value, rates: f"as zeros: {listed(value)}" if value else "all with their values",
    "snr_low": lambda value, rates: f"at least {value:g} dB below the clip",
    "snr_high": lambda value, rates: f"at most {value:g} dB below it",
    "gain_db": lambda value, rates: f"up to ±{value:g} dB",
    "roll_seconds": lambda value, rates: f"up to ±{value:g} s",
    "semitones": lambda value, rates: f"up to ±{value:g} semitones",
    "stretch_low": lambda value, rates: f"from {value:g} times the speed",
    "stretch_high": lambda value, rates: f"to {value:g} times",
    "most_mixed": lambda value, rates: f"up to {value} clips",
    "normalise": lambda value, rates: PER.get(value, value),
}
