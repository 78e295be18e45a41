"""What a corpus is: where it comes from, how its files are named, and how it may be split."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from trainables.registry import Registry

MARKER = "RENDERED.txt"
"""A folder that holds this file holds rendered audio, never recordings."""

Progress = Callable[[int, int], None]
"""Called with the number of clips done and the number of clips in all."""


@dataclass(frozen=True)
class Remote:
    """A file to download; `verified` says whether size and checksum were read at their source."""

    url: str
    sha256: str | None
    bytes: int | None
    verified: bool


@dataclass(frozen=True)
class Clip:
    """One audio file: its POSIX path in the corpus folder, its label, and the group that must not be split."""

    path: str
    label: str
    group: str
    features: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejected:
    """A file that is not used, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class Scan:
    """What the names in a folder say: the clips, and the files whose names say nothing."""

    clips: tuple[Clip, ...]
    rejected: tuple[Rejected, ...]

    @property
    def files(self) -> int:
        """The number of audio files."""
        return len(self.clips) + len(self.rejected)


class Render(Protocol):
    """Writes a rendered stand-in for the corpus: same layout and names, with the marker file."""

    def __call__(self, folder: Path, seed: int = 0, *, clips_per_class: int = ..., progress: Progress = ...) -> None:
        """Render into `folder`; the same seed gives the same audio."""


@dataclass(frozen=True)
class Corpus:
    """A data set of labelled audio files.

    `rate` is the sampling rate in Hz that the clips are packed at; `scan` reads the names in a folder; `measure` takes
    the samples (int16, mono) and the rate of a clip and gives whole numbers, e.g. its onset in samples; `facts` takes
    the number of audio files and the labels and gives what documents claim of the corpus, None if this copy cannot say.
    """

    name: str
    title: str
    bibliography: str
    licence: str
    home_page: str
    remotes: tuple[Remote, ...]
    rate: int
    scan: Callable[[Path], Scan]
    measure: Callable[[np.ndarray, int], dict[str, int]]
    render: Render
    protocols: Registry
    facts: Callable[[int, Set[str]], dict[str, float | None]]


def silent_progress(done: int, total: int) -> None:
    """Report nothing."""
