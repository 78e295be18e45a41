"""Metrics of what a run takes: time, parameters, memory. Times and memory are those of the machine that ran it."""

import json
import math

from analysis.metrics.metric import TrialResult, metric

BY_OLDER = "an older version trained without measuring it"


@metric("seconds", "seconds per epoch", "seconds per epoch", higher=False, epochs="any", timed=True)
def seconds_per_epoch(record: TrialResult) -> float:
    """Median time of an epoch by `clock`; the median, because the first epoch also pays for warming up."""
    return float(record.epochs[clock(str(record.row["device"]))].median())


def clock(device: str) -> str:
    """The column of the times that are compared of what ran on a device: processor seconds, or on a GPU wall seconds.

    Where several trials share a processor, wall time measures what else ran at that moment.
    """
    return "cpu_seconds" if device == "cpu" else "seconds"


@metric("parameters", "parameters", "parameters", higher=False, epochs="any", counted=True)
def parameters(record: TrialResult) -> float:
    """Trainable parameters of the network; exact."""
    return float(record.row["parameters"])


@metric(
    "bytes",
    "the peak memory of training",
    "peak memory of training (bytes)",
    higher=False,
    epochs="any",
    without="it is measured on a GPU alone",
)
def peak_memory(record: TrialResult) -> float:
    """The most bytes of a GPU that an epoch holds beside its data and network: gradients, optimiser, activations."""
    return float(record.row["peak_memory"])


@metric("bytes", "bytes of an input", "bytes of an input", higher=False, epochs="any", counted=True, without=BY_OLDER)
def input_bytes(record: TrialResult) -> float:
    """Bytes of what the network is given of one segment, four a number; exact."""
    return float(record.row["input_bytes"])


@metric(
    "bytes",
    "the bytes that a training step holds",
    "bytes held in a training step",
    higher=False,
    epochs="any",
    counted=True,
    without="it is counted of networks that learn from segments one by one, and not by older versions",
)
def step_bytes(record: TrialResult) -> float:
    """Bytes that a network holds of a batch between its forward and its backward pass; counted, exact (S0-F25)."""
    return float(record.row["step_bytes"])


@metric(
    "milliseconds",
    "milliseconds of the front end a segment",
    "front end (milliseconds a segment)",
    higher=False,
    epochs="any",
    timed=True,
    without=BY_OLDER,
)
def front_end_milliseconds(record: TrialResult) -> float:
    """Time of making a network's input of one segment, in blocks as trials do: of the processor, on a GPU wall time."""
    return float(record.row["front_end_milliseconds"])


@metric(
    "seconds",
    "the length of a generated sound",
    "length of a generated sound (seconds)",
    higher=True,
    epochs="any",
    without="it generates nothing of a stated length",
)
def sample_seconds(record: TrialResult) -> float:
    """The length of a sound that a GAN generates, which is that of its training segments; exact (S0-F31)."""
    settings = json.loads(str(record.row["settings"]))
    return float(settings.get("seconds", math.nan)) if settings.get("training") == "dcgan" else math.nan
