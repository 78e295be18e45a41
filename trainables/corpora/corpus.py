"""What a corpus is: where it comes from, how its files are named, and how it may be split."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from trainables.corpora.audit.check import Audit
from trainables.corpora.folders import audio_files
from trainables.corpora.onsets import measure
from trainables.errors import InvalidSetting
from trainables.registry import Registry

MARKER = "RENDERED.txt"
"""A folder that holds this file holds rendered audio, never recordings."""

CORRECTED = "corrected"
PROTOCOLS = ("as_published", "grouped_same_sizes", CORRECTED)
"""Every corpus has these: the document's own split; the same without groups on two sides; the one without a flaw."""

Progress = Callable[[int, int], None]
"""Called with the number of clips done and the number of clips in all."""


@dataclass(frozen=True)
class Remote:
    """An archive to download, its size in bytes.

    `verified` says whether a published checksum was read for what lies at `url`. `mirrors` are other addresses of the
    same file, used in turn where `url` fails; `dead` are addresses that are known to be out of service, and not tried.
    `files` is how many audio files it holds, if that is known.
    """

    url: str
    sha256: str | None
    bytes: int | None
    verified: bool
    md5: str | None = None
    mirrors: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()
    files: int | None = None

    @property
    def name(self) -> str:
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def stem(self) -> str:
        """The name without its endings, such as "nsynth-test"."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Clip:
    """One audio file: its POSIX path in the corpus folder, its label, and the group that must not be split.

    `features` are what else its name, or a file beside it, says: further columns of the table of clips.
    """

    path: str
    label: str
    group: str
    features: Mapping[str, str | int] = field(default_factory=dict)


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

    @classmethod
    def of(cls, found: Iterable[Clip | Rejected]) -> "Scan":
        each = list(found)
        clips = tuple(one for one in each if isinstance(one, Clip))
        return cls(clips, tuple(one for one in each if isinstance(one, Rejected)))

    @property
    def files(self) -> int:
        return len(self.clips) + len(self.rejected)


def scanned(folder: Path, endings: tuple[str, ...], read: Callable[[Path, str], Clip | Rejected]) -> Scan:
    """What `read` makes of each audio file below `folder` and of its POSIX path in there."""
    return Scan.of(read(path, path.relative_to(folder).as_posix()) for path in audio_files(folder, *endings))


class Render(Protocol):
    """Writes a rendered stand-in for the corpus: same layout and names, with the marker file."""

    def __call__(self, folder: Path, seed: int = 0, *, clips_per_class: int = ..., progress: Progress = ...) -> None:
        """Render into `folder`; the same seed gives the same audio."""


def nothing_stated(folder: Path, clips: pd.DataFrame) -> dict[str, str]:
    """What a folder says of itself whose corpus is known."""
    return {}


@dataclass(frozen=True)
class Corpus:
    """A data set of labelled audio files.

    `rate` is the sampling rate in Hz that the clips are packed at, 0 where each folder has its own; `endings` are those
    of its audio files, such as ".wav"; `scan` reads the names in a folder; `measure` takes the samples (int16, mono)
    and the rate of a clip and gives whole numbers, e.g. its onset in samples; `facts` takes the folder, the number of
    audio files in it and the table of clips, and gives what documents claim of the corpus, None if this copy cannot
    say.

    Of files with equal bytes one is used, and none if their labels differ. A corpus that `keeps_repeats`, because a
    published split counts on them, uses them all and joins their groups. Columns that are `decisive`, because a split
    or an input depends on them, count in the digest of a store. Protocols named in `by_segment` divide segments, not
    clips: they are given a table with a row for each segment. `side_features` are columns that a network may be told.
    `classes` are all classes that the corpus is known to have, in its own order, as a copy may lack some; () where only
    the copy can say. `untested` are those that no protocol can test, as the published test part lacks them.

    `labellings` are other classes than its labels that clips can be told apart by: from the table of clips to the same
    with other labels, and with groups that none of these classes is one of.

    `excerpts` is what the column `part` of the table of clips has for published test excerpts that may have several
    labels, named in the column `labels`; "" where there are none. No protocol divides them: every trial that is tested
    is tested on them as well (B3).

    Clips of less than `shortest` seconds are not used. `about` takes the folder and the table of clips, and gives what
    the folder says of itself, such as its `title` and `licence`.

    `audits` are checks of its own, beside those of every corpus; `copies` is the id of the flaw that a recording on
    both sides is: B2, or B6 of songs, B7 of single notes. Raises InvalidSetting where a protocol is missing that every
    corpus has, or that the corpus itself names.
    """

    name: str
    title: str
    bibliography: str
    licence: str
    home_page: str
    remotes: tuple[Remote, ...]
    rate: int
    endings: tuple[str, ...]
    scan: Callable[[Path], Scan]
    render: Render
    protocols: Registry
    facts: Callable[[Path, int, pd.DataFrame], dict[str, float | None]]
    measure: Callable[[np.ndarray, int], dict[str, int]] = measure
    keeps_repeats: bool = False
    decisive: tuple[str, ...] = ()
    by_segment: frozenset[str] = frozenset()
    side_features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    audits: tuple[Audit, ...] = ()
    labellings: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = field(default_factory=dict)
    excerpts: str = ""
    copies: Literal["B2", "B6", "B7"] = "B2"
    shortest: float = 0.0
    about: Callable[[Path, pd.DataFrame], dict[str, str]] = nothing_stated

    def __post_init__(self) -> None:
        for name in (*PROTOCOLS, *self.by_segment):
            if name not in self.protocols:
                raise InvalidSetting(f"The corpus '{self.name}' has no protocol '{name}': register one in its module.")

    def is_excerpt(self, clips: pd.DataFrame) -> np.ndarray:
        """Whether each clip of a table is one of the `excerpts`."""
        return (clips["part"] == self.excerpts).to_numpy() if self.excerpts else np.zeros(len(clips), dtype=bool)


def silent_progress(done: int, total: int) -> None:
    """Report nothing."""


def known(whole: bool, facts: Mapping[str, float]) -> dict[str, float | None]:
    """The facts of a part of a corpus, as None unless the copy has the whole of it."""
    return {name: float(value) if whole else None for name, value in facts.items()}
