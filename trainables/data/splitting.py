"""How a configuration cuts and divides the clips of a store: segments, and the split of a protocol."""

import numpy as np
import pandas as pd

from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.splits import Split
from trainables.corpora.store import Store
from trainables.data.lru import LeastRecentlyUsed
from trainables.data.segments import SEGMENTATIONS, Segments
from trainables.errors import InvalidSetting


class Divisions:
    """The last few splits of a store, each made once: a large corpus takes long to divide."""

    def __init__(self, store: Store, size: int = 16):
        self.store = store
        self.made: LeastRecentlyUsed[tuple[pd.DataFrame, Split]] = LeastRecentlyUsed(size)

    def of(self, configuration: Configuration) -> tuple[pd.DataFrame, Split]:
        """The table that a configuration's protocol divides, and its split (see `divided`)."""
        return self.made.get(divided_by(configuration), lambda: divided(self.store, configuration))

    def clips(self, configuration: Configuration, part: str) -> np.ndarray:
        """The clips of a part of a configuration's split, as rows of the table of clips."""
        table, split = self.of(configuration)
        rows: np.ndarray = getattr(split, part)
        return rows if table is self.store.clips else np.unique(segments_of(self.store, configuration).clip[rows])


def divided_by(configuration: Configuration) -> str:
    """What of a configuration its split depends on; segments only where they are what is divided."""
    names = [configuration[name] for name in ("protocol", "split_seed", "fold", "folds")]
    by_segment = configuration["protocol"] in CORPORA[configuration["corpus"]].by_segment
    return str([names, configuration.part("protocol"), segmentation(configuration) if by_segment else ""])


def segmentation(configuration: Configuration) -> str:
    """How a configuration cuts clips."""
    return str([configuration["segmentation"], configuration.part("segmentation")])


def segments_of(store: Store, configuration: Configuration) -> Segments:
    """The segments of all clips of a store."""
    build = SEGMENTATIONS[configuration["segmentation"]].build
    segments: Segments = build(store.clips, store.rate, **configuration.part("segmentation"))
    return segments


def divided(store: Store, configuration: Configuration) -> tuple[pd.DataFrame, Split]:
    """The table that a configuration's protocol divides, and how it does.

    A protocol divides clips, and all segments of a clip go with it. One that is published as dividing segments is
    given a table with a row for each segment, in which segments of one clip may come to lie on both sides. Raises
    InvalidSetting where nothing is left to train on, or to test on.
    """
    corpus, protocol = CORPORA[configuration["corpus"]], configuration["protocol"]
    table = store.clips
    if protocol in corpus.by_segment:
        table = table.iloc[segments_of(store, configuration).clip].reset_index(drop=True)
    place = (configuration[name] for name in ("split_seed", "fold", "folds"))
    split: Split = corpus.protocols[protocol].build(table, *place, **configuration.part("protocol"))
    for part in ("train", "test"):
        if not len(getattr(split, part)):
            raise InvalidSetting(
                f"The protocol '{protocol}' leaves nothing in the {part} part of the {len(store.clips)} "
                "packed clips: pack more of the corpus, or choose another protocol."
            )
    return table, split


def split_of(store: Store, configuration: Configuration) -> Split:
    """The split that a configuration trains, validates and tests on: rows of the table that `divided` gives."""
    return divided(store, configuration)[1]
