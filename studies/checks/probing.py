"""What a few batches of an arm take: seconds, and the memory of a GPU, measured on one or counted without."""

import gc
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from pathlib import Path

import numpy as np
import torch
from optuna.distributions import CategoricalDistribution
from torch.nn.functional import one_hot
from torch.profiler import ProfilerActivity, profile

from studies.study import Arm, Study
from trainables.architectures import network_of
from trainables.configuration import Configuration
from trainables.data.batches import CachedPart
from trainables.data.features import Features, build
from trainables.data.items import Items, classes_of, items_of
from trainables.data.splitting import Division, Divisions, excerpts_of
from trainables.data.trial_data import TrialData
from trainables.fit import EVALUATION_BATCH, Fit, evaluate, start
from trainables.recipe.losses import LOSSES
from trainables.recipe.recipes import Recipe, recipe_of
from trainables.trainings import TRAININGS, Measuring, judge_of, outputs, parameters_of_all, trains, work

# Read when the profiler is first used, which would else tell the user that there is no GPU.
os.environ.setdefault("KINETO_LOG_LEVEL", "99")

PROBE_BATCHES = 8
"""At most; an epoch with fewer is timed whole."""
STREAMED = 32
"""Segments whose features are timed where each epoch computes them anew."""
# Assumed where no GPU is there to measure it: what CUDA and its libraries take in each process before the first tensor.
CONTEXT_BYTES = 600_000_000


@dataclass(frozen=True)
class Probe:
    """What was found of one arm as printed.

    `features` and `epoch` are seconds on one trial's processors, or on its GPU, `excerpts` those of testing a trial on
    published excerpts, and `judge` those of training what judges its last epoch, which trials share. `memory` is in
    bytes of a GPU, for the largest batch that the arm may draw; `busy` is the share of the time in which the GPU
    computes, None without one.
    """

    arm: Arm
    parameters: int
    features: float
    epoch: float
    memory: int
    busy: float | None = None
    excerpts: float = 0.0
    judge: float = 0.0


def probe(study: Study, divisions: Divisions, arm: Arm, device: torch.device) -> Probe:
    """Time one block of features and a few batches of an arm, scale them to an epoch, and see what memory they take.

    Of an arm that only measures, one recording is timed.
    """
    configuration = study.configured(arm, {"epochs": 1})
    reset_peak(device)
    division = divisions.of(configuration)
    features = build(divisions.store, configuration, device, division.segments)
    data = TrialData(configuration, division, features)
    if not trains(configuration):
        return measuring(arm, study.printed(arm), data)
    begun = time.perf_counter()
    segments = len(features.segments.clip)
    features.rows(np.arange(min(features.block, segments)))
    feature_seconds = (time.perf_counter() - begun) * segments / features.block
    items, classes = data.items, outputs(configuration, division)
    trained, held_out = items["train"], items["validation"]
    tried = min(PROBE_BATCHES, ceil(len(trained.rows) / configuration["batch_size"]))
    fit = random_fit(configuration, features, classes, configuration["batch_size"] * tried)
    seconds = epoch_seconds(fit) / tried
    labels = trained.table["label"].to_numpy(str)[trained.item]
    settings = study.printed(arm).settings
    epochs = work(settings, list(labels)) / float(settings["epochs"] or 1)
    batches = epochs * len(trained.rows) / configuration["batch_size"] + len(held_out.rows) / EVALUATION_BATCH
    anew = epochs * streaming_seconds(data, "train", augmented=True) + streaming_seconds(data, "validation")
    memory, busy = taken(with_largest_batch(study, arm), features, classes, data.segments)
    parameters = parameters_of_all(configuration, features.shape, division)
    # To answer is about a third of a step: forward, but not back.
    each = feature_seconds / segments + seconds / configuration["batch_size"] / 3
    published = excerpts_of(divisions.store, configuration, features.segments.samples)
    excerpts = each * len(published.clip) if published else 0.0
    judge = judge_seconds(configuration, division, features, len(trained.rows))
    return Probe(arm, parameters, feature_seconds, seconds * batches + anew, memory, busy, excerpts, judge)


def streaming_seconds(data: TrialData, part: str, *, augmented: bool = False) -> float:
    """Seconds in which a part's features are computed anew in an epoch, and its audio augmented; 0 if they are kept."""
    if not data.streams(part, augmented=augmented):
        return 0.0
    streamed, random = data.part(part, augmented=augmented), torch.Generator(data.device)
    tried = torch.arange(min(len(streamed), STREAMED))
    streamed.batch(tried[:1], random)
    begun = time.perf_counter()
    streamed.batch(tried, random)
    if data.device.type == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - begun) * len(streamed) / len(tried)


def judge_seconds(configuration: Configuration, division: Division, features: Features, segments: int) -> float:
    """Seconds of training what judges the last epoch on so many segments; 0 where nothing is judged."""
    judge, classes, recipe = judge_of(configuration), len(classes_of(division, configuration)), Recipe()
    if judge is None:
        return 0.0
    network, epochs = judge(configuration.settings, features.shape, classes)
    tried, labels = min(PROBE_BATCHES * recipe.batch_size, segments), torch.arange(segments) % classes
    part = CachedPart(torch.randn(tried, *features.shape, device=features.device), labels[:tried].to(features.device))
    return epoch_seconds(start(lambda: network, recipe, 0, part, part)) * epochs * segments / tried


def measuring(arm: Arm, printed: Configuration, data: TrialData) -> Probe:
    """The probe of an arm that only measures: one recording, once all is warm, for all that its epochs share."""
    training: Measuring = TRAININGS[printed["training"]].build(data, **printed.part("training"))
    training.measure(0)
    begun = time.perf_counter()
    training.measure(0)
    each = (time.perf_counter() - begun) * len(training.rows) / printed["epochs"]
    return Probe(arm, 0, 0.0, each, bytes_of_measuring(data.features, segments_in(data.items)))


def bytes_of_measuring(features: Features, segments: int) -> int:
    """Bytes of a GPU's memory that a trial without a network takes."""
    return data_bytes(features, segments) + CONTEXT_BYTES


def untried(study: Study, divisions: Divisions, arm: Arm) -> Probe:
    """The size of the network of an arm that is not trained, which takes nothing."""
    configuration = study.printed(arm)
    division = divisions.of(configuration)
    shape = build(divisions.store, configuration, torch.device("cpu"), division.segments).shape
    return Probe(arm, parameters_of_all(configuration, shape, division), 0.0, 0.0, 0)


def memory_of(study: Study, divisions: Divisions, arm: Arm) -> int:
    """Bytes of a GPU's memory that a trial of an arm takes, counted without one."""
    configuration = with_largest_batch(study, arm)
    division = divisions.of(configuration)
    features = build(divisions.store, configuration, torch.device("cpu"), division.segments)
    segments = segments_in(items_of(division, configuration))
    if not trains(configuration):
        return bytes_of_measuring(features, segments)
    return taken(configuration, features, outputs(configuration, division), segments)[0]


def segments_in(items: Mapping[str, Items]) -> int:
    """How many segments the parts of a split have."""
    return sum(len(each.rows) for each in items.values())


def with_largest_batch(study: Study, arm: Arm) -> Configuration:
    """An arm as printed, with the largest batch that its search space has, if it has one."""
    dimension = study.space(arm).get("batch_size")
    choices = dimension.choices if isinstance(dimension, CategoricalDistribution) else ()
    sizes = [size for size in choices if isinstance(size, int)]
    return study.configured(arm, {"epochs": 1, **({"batch_size": max(sizes)} if sizes else {})})


def random_fit(configuration: Configuration, features: Features, classes: int, items: int) -> Fit:
    """The network of a configuration, about to be trained and evaluated on random features, on the features' device."""
    device = features.device
    labels = labels_like(configuration, items, classes).to(device)
    part = CachedPart(torch.randn(items, *features.shape, device=device), labels)
    return start(lambda: network_of(configuration, features.shape, classes), recipe_of(configuration), 0, part, part)


def labels_like(configuration: Configuration, items: int, classes: int) -> torch.Tensor:
    """Labels of random items in the form that the loss of a configuration takes."""
    numbers = torch.randint(classes, (items,))
    return one_hot(numbers, classes).float() if LOSSES[configuration["loss"]].columns else numbers


def epoch_seconds(fit: Fit) -> float:
    """Seconds of an epoch, the better of two, once all is warm."""
    evaluate(fit.logits, fit.validation, fit.loss)
    return min(fit.epoch()["seconds"] for _ in range(2))


def taken(configuration: Configuration, features: Features, classes: int, segments: int) -> tuple[int, float | None]:
    """Bytes of a GPU's memory that a trial of so many segments takes, and the share of the time in which it computes.

    Of a GPU that is not there nothing is known but the bytes.
    """
    items = max(2 * configuration["batch_size"], EVALUATION_BATCH)
    fit = random_fit(configuration, features, classes, items)
    if features.device.type == "cuda":
        return peak_on_gpu(fit)
    held = [*fit.network.parameters(), *fit.network.buffers()]
    return sum(tensor.nbytes for tensor in held) + data_bytes(features, segments) + peak_of_epoch(
        fit
    ) + CONTEXT_BYTES, None


def data_bytes(features: Features, segments: int) -> int:
    """The audio of a store and the features that are kept for a trial of so many segments, as it has them on a GPU."""
    return int(features.store.audio.nbytes) + features.bytes_kept(segments, "cuda")


def peak_of_epoch(fit: Fit) -> int:
    """The most bytes that an epoch holds at once beside the network and its data.

    These are gradients, the optimiser's state and activations, as a processor's kernels need them; a GPU's may take
    more or less for themselves.
    """
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True, acc_events=True) as found:
        fit.epoch()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        found.export_chrome_trace(str(path))
        events = json.loads(path.read_text())["traceEvents"]
    changes = sorted((event["ts"], event["args"]["Bytes"]) for event in events if event["name"] == "[memory]")
    return max(accumulate(size for _, size in changes), default=0)


def reset_peak(device: torch.device) -> None:
    if device.type == "cuda":
        # A network of an earlier arm that only garbage refers to would count as this one's.
        gc.collect()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def peak_on_gpu(fit: Fit) -> tuple[int, float]:
    """The most bytes that this process has held of its GPU, and the share of an epoch in which the GPU computes.

    What of the GPU is neither free nor this process's tensors counts as its CUDA context: nobody else may use it now.
    """
    fit.epoch()
    begun = time.perf_counter()
    with profile(activities=[ProfilerActivity.CUDA], acc_events=True) as found:
        fit.epoch()
        torch.cuda.synchronize()
    seconds = time.perf_counter() - begun
    free, total = torch.cuda.mem_get_info()
    context = total - free - torch.cuda.memory_reserved()
    computing = sum(event.self_device_time_total for event in found.key_averages()) / 1e6
    return torch.cuda.max_memory_reserved() + context, min(computing / seconds, 1.0)
