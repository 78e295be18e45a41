"""Features of a corpus on the training device, computed once for all trials of a process that share a front end."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from trainables.configuration import Configuration, entries
from trainables.corpora.store import Store, load
from trainables.segments import Segments

# Features are always computed in these blocks of consecutive clips, so that no bit of them depends on which clips a
# trial asks for; 8 clips of 1 s is what a processor's cache holds.
BLOCK = 8


class Features:
    """Features of the clips of a store under one segmentation and one front end; `rows` computes what is missing."""

    def __init__(self, store: Store, segments: Segments, front_end: nn.Module, device: torch.device):
        self.store, self.segments = store, segments
        self.front_end = front_end.to(device).eval()
        self.device = device
        shape = tuple(int(size) for size in front_end.shape)  # type: ignore[union-attr]
        self.values = torch.empty((len(segments.clip), *shape), device=device)
        self.known = np.zeros(-(-len(segments.clip) // BLOCK), dtype=bool)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one item: (channels, height, time)."""
        return tuple(self.values.shape[1:])

    def rows(self, rows: np.ndarray) -> Tensor:
        """Features of the given rows of the segments, in that order."""
        for block in np.unique(rows // BLOCK):
            if not self.known[block]:
                self._compute(int(block))
        return self.values[torch.as_tensor(rows, device=self.device)]

    @torch.no_grad()
    def _compute(self, block: int) -> None:
        rows = range(block * BLOCK, min((block + 1) * BLOCK, len(self.segments.clip)))
        waveforms = np.zeros((len(rows), self.segments.samples), dtype=np.float32)
        for place, row in enumerate(rows):
            start, available = self.segments.start[row], self.segments.available[row]
            waveforms[place, :available] = self.store.audio[start : start + available]
        batch = torch.from_numpy(waveforms).to(self.device) / 32768
        self.values[rows.start : rows.stop] = self.front_end(batch)
        self.known[block] = True


@dataclass
class FeatureCache:
    """The last few Features that a process used, by store, segmentation, front end and device."""

    size: int = 2
    held: OrderedDict[str, Features] = field(default_factory=OrderedDict)
    stores: dict[Path, Store] = field(default_factory=dict)

    def get(self, path: Path, configuration: Configuration, device: torch.device) -> Features:
        """The Features for a configuration over the store at `path`."""
        key = json.dumps([str(path), str(device), *(feature_settings(configuration))], sort_keys=True)
        if key not in self.held:
            self.held[key] = build(self.store(path), configuration, device)
            while len(self.held) > self.size:
                self.held.popitem(last=False)
        self.held.move_to_end(key)
        return self.held[key]

    def store(self, path: Path) -> Store:
        """The opened store at `path`."""
        if path not in self.stores:
            self.stores[path] = load(path)
        return self.stores[path]


def feature_settings(configuration: Configuration) -> list[object]:
    """The settings that features depend on."""
    settings = configuration.settings
    names = [settings["segmentation"], settings["front_end"]]
    return [*names, configuration.part("segmentation"), configuration.part("front_end")]


def build(store: Store, configuration: Configuration, device: torch.device) -> Features:
    """Segments and front end of a configuration over a store."""
    functions = entries(configuration.settings)
    segments = functions["segmentation"].build(store.clips, store.rate, **configuration.part("segmentation"))
    front_end = functions["front_end"].build(store.rate, segments.samples, **configuration.part("front_end"))
    return Features(store, segments, front_end, device)
