"""Features of a corpus on the training device, computed once for all trials of a process that share a front end."""

import json
import math
import time
from functools import cached_property
from operator import attrgetter
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.store import Store, load
from trainables.data.lru import LeastRecentlyUsed
from trainables.data.segments import Segments, audio_on
from trainables.data.splitting import Divisions, segments_of
from trainables.errors import InvalidSetting, checked
from trainables.frontends import FRONT_ENDS

# Features are always computed in these blocks of consecutive segments, so that no bit of them depends on which segments
# a trial asks for; 8 clips of 1 s is what a processor's cache holds, and a GPU waits for more.
BLOCK, GPU_BLOCK = 8, 256
# Fixed, and not a share of what is free: how a trial computes must not depend on what else runs beside it.
MOST_KEPT_BYTES = {"cpu": 4 * 2**30, "cuda": 32 * 2**30}

FEWEST_TIMED, TIMED_SECONDS = 5, 0.2

ROOM = 2**30
"""Bytes of features beyond the last few that a process keeps in a processor's memory.

Trials of several studies take turns in one process: without room for the features of each, all are computed each time.
"""


class Features:
    """How the segments of a store become the inputs of a network: waveform, front end, side features.

    `side`, if given, has a row of values for each clip (clips, values), which become further samples at the end of
    features of shape (1, 1, time). `rows` keeps what it has computed, with `frames_first` frame by frame in memory, and
    gives the same bits in the same shape.
    """

    def __init__(
        self,
        store: Store,
        segments: Segments,
        front_end: nn.Module,
        device: torch.device,
        side: np.ndarray | None = None,
        *,
        frames_first: bool = False,
    ):
        self.store, self.segments, self.frames_first = store, segments, frames_first
        self.front_end = front_end.to(device).eval()
        self.device = device
        self.block = BLOCK if device.type == "cpu" else GPU_BLOCK
        self.side = None if side is None else torch.as_tensor(side, dtype=torch.float32, device=device)
        *fixed, steps = (int(size) for size in front_end.shape)  # type: ignore[union-attr]
        if side is not None and fixed != [1, 1]:
            raise InvalidSetting("side_features are added to the samples of a waveform: set front_end to waveform.")
        self.shape = (*fixed, steps + (0 if side is None else side.shape[1]))
        self.known = np.zeros(-(-len(segments.clip) // self.block), dtype=bool)

    def over(self, segments: Segments) -> "Features":
        """Features of other segments, as long as these, of clips without side features."""
        return Features(self.store, segments, self.front_end, self.device)

    @property
    def kept(self) -> bool:
        """Whether the features of all segments are few enough to be kept, for all trials."""
        return self.bytes_of(len(self.segments.clip)) <= MOST_KEPT_BYTES[self.device.type]

    def bytes_of(self, segments: int) -> int:
        """Bytes of the features of so many segments."""
        return 4 * segments * math.prod(self.shape)

    @property
    def weight(self) -> int:
        """Bytes of what has been computed; on a GPU, whose memory trials share, more than there is `ROOM` for."""
        return self.bytes_of(int(self.known.sum()) * self.block) if self.device.type == "cpu" else ROOM + 1

    def bytes_kept(self, segments: int, device: str = "") -> int:
        """What is kept for a trial of so many segments: features of all segments, only of its own, or none.

        On the device of the features, or on another kind of `device`.
        """
        sizes, most = (
            map(self.bytes_of, (len(self.segments.clip), segments)),
            MOST_KEPT_BYTES[device or self.device.type],
        )
        return next((size for size in sizes if size <= most), 0)

    @cached_property
    def values(self) -> Tensor:
        """Features of all segments, of which `ready` has computed some."""
        return self._empty(len(self.segments.clip))

    def _empty(self, rows: int) -> Tensor:
        """Memory for the features of so many segments (rows, *shape)."""
        if not self.frames_first:
            return torch.empty((rows, *self.shape), device=self.device)
        channels, height, time = self.shape
        return torch.empty((rows, time, channels, height), device=self.device).permute(0, 2, 3, 1)

    @cached_property
    def audio(self) -> Tensor:
        return audio_on(self.store.audio, self.device)

    def rows(self, rows: np.ndarray) -> Tensor:
        """Features of the given rows of the segments, in that order."""
        return self.ready(rows)[torch.as_tensor(rows, device=self.device)]

    def ready(self, rows: np.ndarray) -> Tensor:
        """`values`, with those of the given rows computed."""
        for block in np.unique(rows // self.block):
            if not self.known[block]:
                self._compute(int(block))
        return self.values

    def _compute(self, block: int) -> None:
        rows = self.rows_of(block)
        self.values[rows[0] : rows[-1] + 1] = self.of(self.waveforms(rows), rows)
        self.known[block] = True

    def rows_of(self, block: int) -> np.ndarray:
        return np.arange(block * self.block, min((block + 1) * self.block, len(self.segments.clip)))

    def alone(self, rows: np.ndarray) -> Tensor:
        """Features of the given rows in that order, the very bits of `rows`, computed anew and kept by the caller."""
        found = self._empty(len(rows))
        order = np.argsort(rows, kind="stable")
        blocks, first = np.unique(rows[order] // self.block, return_index=True)
        for block, places in zip(blocks, np.split(order, first[1:]), strict=True):
            computed = self.rows_of(int(block))
            values = self.of(self.waveforms(computed), computed)
            found[torch.as_tensor(places)] = values[torch.as_tensor(rows[places] - computed[0])]
        return found

    def waveforms(self, rows: np.ndarray) -> Tensor:
        """Waveforms (rows, samples), float32 in [-1, 1), of the given segments, on the device."""
        if self.device.type != "cpu":
            return self.segments.waveforms(self.audio, rows)
        # Slices of the mapped file: a processor reads them a hundred times faster than by an index for each sample.
        waveforms = np.zeros((len(rows), self.segments.samples), dtype=np.float32)
        for place, row in enumerate(rows):
            start, available = self.segments.start[row], self.segments.available[row]
            waveforms[place, :available] = self.store.audio[start : start + available]
        return torch.from_numpy(waveforms) / 32768

    @torch.no_grad()
    def of(self, waveforms: Tensor, rows: np.ndarray) -> Tensor:
        """Features (rows, *shape) of waveforms (rows, samples) that are, or began as, those of the given segments."""
        values: Tensor = self.front_end(waveforms)
        if self.side is None:
            return values
        return torch.cat([values, self.side[self.segments.clip[rows]][:, None, None]], -1)


class FeatureCache:
    """The last Features that a process used, by store, segmentation, front end and device, and their stores.

    These are `size`, and more as long as there is `ROOM`.
    """

    def __init__(self, size: int = 2):
        self.held: LeastRecentlyUsed[Features] = LeastRecentlyUsed(size, ROOM, attrgetter("weight"))
        self.opened: dict[Path, Divisions] = {}

    def get(self, path: Path, configuration: Configuration, device: torch.device) -> Features:
        layout = frames_first(configuration, device)
        key = json.dumps([str(path), str(device), layout, *feature_settings(configuration)], sort_keys=True)
        divisions = self.divisions(path)
        segments = divisions.segments(configuration)
        return self.held.get(key, lambda: build(divisions.store, configuration, device, segments))

    def divisions(self, path: Path) -> Divisions:
        if path not in self.opened:
            self.opened[path] = Divisions(load(path))
        return self.opened[path]


def milliseconds_of(features: Features) -> float:
    """Time of the features of one segment, the least of several times; of the first block of the store.

    On a processor that is processor time, as other trials may share it; on a GPU wall time. A block of short segments
    takes a few milliseconds, in which a processor may be busy with others: it is repeated for `TIMED_SECONDS`.
    """
    clock = time.process_time if features.device.type == "cpu" else time.perf_counter
    rows = np.arange(min(features.block, len(features.segments.clip)))
    taken: list[float] = []
    while len(taken) < FEWEST_TIMED or sum(taken) < TIMED_SECONDS:
        begun = clock()
        features.of(features.waveforms(rows), rows)
        if features.device.type == "cuda":
            torch.cuda.synchronize(features.device)
        taken.append(clock() - begun)
    return 1000 * min(taken) / len(rows)


def feature_settings(configuration: Configuration) -> list[object]:
    names = [configuration[name] for name in ("corpus", "segmentation", "front_end", "side_features", "withheld")]
    return [*names, configuration.part("segmentation"), configuration.part("front_end")]


def build(
    store: Store, configuration: Configuration, device: torch.device, segments: Segments | None = None
) -> Features:
    """Segments (cut now unless they are given) and front end of a configuration over a store."""
    segments = segments or segments_of(store, configuration)
    build_front_end = FRONT_ENDS[configuration["front_end"]].build
    front_end = build_front_end(store.rate, segments.samples, **configuration.part("front_end"))
    side, layout = side_features(store, configuration), frames_first(configuration, device)
    return Features(store, segments, front_end, device, side, frames_first=layout)


def frames_first(configuration: Configuration, device: torch.device) -> bool:
    """Whether features are kept frame by frame: for networks that slide along time alone, on a processor.

    Their first convolution takes bands as channels, and its kernels are stored with channels last. From features in
    the usual order torch copies each batch twice, which takes longer than the convolution.
    """
    return device.type == "cpu" and configuration.part("architecture").get("dimensions") == 1


def side_features(store: Store, configuration: Configuration) -> np.ndarray | None:
    """What a network is given of each clip beside its audio (clips, values), or None (S3-S6).

    `side_features` lists columns of the table of clips that the corpus offers, as in "pitch+velocity"; those of them
    that are `withheld` are zeros, so that networks that are told more and less are of one size. Raises InvalidSetting
    for any other: a column that names the instrument would tell the answer (X19).
    """
    names, withheld = (listed(configuration[name]) for name in ("side_features", "withheld"))
    offered = CORPORA[configuration["corpus"]].side_features
    columns = [checked("side feature", name, offered) for name in names]
    silent = [checked("side feature of this trial", name, names) for name in withheld]
    return store.clips[columns].assign(**dict.fromkeys(silent, 0)).to_numpy(np.float32, copy=True) if columns else None


def given(configuration: Configuration) -> list[str]:
    """The side features that a network is given with their values."""
    return [name for name in listed(configuration["side_features"]) if name not in listed(configuration["withheld"])]


def listed(names: str) -> list[str]:
    return [name for name in names.split("+") if name]
