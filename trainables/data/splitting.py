"""How a configuration cuts and divides the clips of a store: segments, and the split of a protocol."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.splits import Split, with_fewer
from trainables.corpora.store import Store
from trainables.data.lru import LeastRecentlyUsed
from trainables.data.segments import SEGMENTATIONS, Segments, windows
from trainables.errors import InvalidSetting, check_bounds, checked

SPLITS_KEPT, SEGMENTATIONS_KEPT = 16, 2
FRACTION_STREAM = 2
"""Of the random numbers of a division: those by which a fraction of the training part is drawn."""


@dataclass(frozen=True)
class Division:
    """The clips of a store, cut into segments and divided by a protocol.

    `split` gives rows of `table`. That is the table of clips, and all segments of a clip go with it; where a protocol
    is published as dividing segments, it has a row for each segment, and those of one clip may lie on both sides.
    """

    clips: pd.DataFrame
    segments: Segments
    table: pd.DataFrame
    split: Split

    @property
    def by_segment(self) -> bool:
        return self.table is not self.clips

    def clips_of(self, part: str) -> np.ndarray:
        """The clips of a part of the split, as rows of the table of clips."""
        rows: np.ndarray = getattr(self.split, part)
        return np.unique(self.segments.clip[rows]) if self.by_segment else rows


class Divisions:
    """The divisions of a store; the last few splits and segments are kept, as a large corpus takes long to divide."""

    def __init__(self, store: Store, size: int = SPLITS_KEPT):
        self.store = store
        self._clips: dict[str, pd.DataFrame] = {}
        self._splits: LeastRecentlyUsed[tuple[pd.DataFrame, Split]] = LeastRecentlyUsed(size)
        self._segments: LeastRecentlyUsed[Segments] = LeastRecentlyUsed(SEGMENTATIONS_KEPT)

    def of(self, configuration: Configuration) -> Division:
        """The division of a configuration.

        Raises InvalidSetting where clips cannot be cut or divided so, or nothing is left to train on or to test on.
        """
        clips, segments = self.clips(configuration), self.segments(configuration)
        table, split = self._splits.get(divided_by(configuration), lambda: divided(clips, segments, configuration))
        return Division(clips, segments, table, split)

    def clips(self, configuration: Configuration) -> pd.DataFrame:
        """The table of clips, with the labels that the configuration asks for; raises InvalidSetting for unknown ones.

        The same object for the same labels.
        """
        name = configuration["labelled_by"]
        if not name:
            return self.store.clips
        if name not in self._clips:
            labellings = CORPORA[configuration["corpus"]].labellings
            self._clips[name] = labellings[checked("labelled_by", name, labellings)](self.store.clips)
        return self._clips[name]

    def segments(self, configuration: Configuration) -> Segments:
        return self._segments.get(segmentation(configuration), lambda: segments_of(self.store, configuration))


def divided_by(configuration: Configuration) -> str:
    """What of a configuration its split depends on; segments only where they are what is divided."""
    names = [
        configuration[name] for name in ("protocol", "split_seed", "fold", "folds", "data_fraction", "labelled_by")
    ]
    cut = segmentation(configuration) if divides_segments(configuration) else ""
    return str([names, configuration.part("protocol"), cut])


def divides_segments(configuration: Configuration) -> bool:
    return configuration["protocol"] in CORPORA[configuration["corpus"]].by_segment


def segmentation(configuration: Configuration) -> str:
    return str([configuration["segmentation"], configuration.part("segmentation")])


def segments_of(store: Store, configuration: Configuration) -> Segments:
    """The segments of the clips that protocols divide: none of them is as long as another for an excerpt's sake."""
    rows = np.flatnonzero(~CORPORA[configuration["corpus"]].is_excerpt(store.clips))
    if not len(rows):
        raise InvalidSetting("The packed corpus has no clips to train on: add its training part and pack again.")
    build = SEGMENTATIONS[configuration["segmentation"]].build
    return build(store.clips.iloc[rows], store.rate, **configuration.part("segmentation")).of_rows(rows)


def excerpts_of(store: Store, configuration: Configuration, samples: int) -> Segments | None:
    """The published test excerpts in windows of so many samples, or None without any (B3).

    They begin as far apart as those of clips do, where these are cut into windows, else one after another.
    """
    rows = np.flatnonzero(CORPORA[configuration["corpus"]].is_excerpt(store.clips))
    if not len(rows):
        return None
    apart = configuration.part("segmentation").get("segment_hop", 0.0)
    return windows(store.clips.iloc[rows], store.rate, seconds=samples / store.rate, segment_hop=apart).of_rows(rows)


def table_of(clips: pd.DataFrame, segments: Segments) -> pd.DataFrame:
    """A row for each segment: that of its clip, with what is the segment's own of start, length and digest."""
    table = clips.iloc[segments.clip].reset_index(drop=True)
    begins = pd.Series(segments.start - table["start"].to_numpy()).astype(str)
    return table.assign(start=segments.start, length=segments.available, digest=table["digest"] + " " + begins)


def divided(clips: pd.DataFrame, segments: Segments, configuration: Configuration) -> tuple[pd.DataFrame, Split]:
    """The table that a configuration's protocol divides, and how it does, with the fraction that is trained on."""
    protocol = configuration["protocol"]
    build = CORPORA[configuration["corpus"]].protocols[protocol].build
    table = table_of(clips, segments) if divides_segments(configuration) else clips
    place = (configuration[name] for name in ("split_seed", "fold", "folds"))
    split: Split = build(table, *place, **configuration.part("protocol"))
    for part in ("train", "test"):
        if not len(getattr(split, part)):
            raise InvalidSetting(
                f"The protocol '{protocol}' leaves nothing in the {part} part of the {len(clips)} packed clips: pack "
                "more of the corpus, or choose another protocol."
            )
    share, drawn_by = configuration["data_fraction"], [configuration[name] for name in ("split_seed", "fold")]
    check_bounds("data_fraction", share, above=0, at_most=1)
    if share < 1:
        split = with_fewer(table, split, share, np.random.default_rng([*drawn_by, FRACTION_STREAM]))
    return table, split
