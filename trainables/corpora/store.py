"""The packed store: every clip of a corpus, decoded once, in one memory-mapped array."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trainables.corpora.corpus import Corpus, Progress, silent_progress
from trainables.corpora.folders import alone, writable
from trainables.corpora.packing import AUDIO, CLIPS, FORMAT, PROBLEMS, STORE, Accept, accept_all, write_store
from trainables.corpora.sources import Sources, gather
from trainables.errors import UserError


@dataclass(frozen=True)
class Store:
    """A packed corpus.

    `audio` holds the samples of all clips (int16, mono, at `rate` Hz) and is read from disk on access. `clips` has one
    row per clip: clip (its path in the corpus folder), label, group, start and length in samples, the measurements of
    the corpus (such as onset, in samples after start), the features in the clip's name, and digest (of its samples).
    The order of the clips and the `digest` of the store depend on the decoded audio, the labels and the groups alone.
    `problems` lists the files that were not used; `about` is what the folder said of itself.
    """

    path: Path
    digest: str
    rate: int
    rendered: bool
    audio: np.ndarray
    clips: pd.DataFrame
    problems: pd.DataFrame
    facts: dict[str, float | None]
    about: dict[str, str] = field(default_factory=dict)

    @cached_property
    def labels(self) -> list[str]:
        return sorted(self.clips["label"].unique())

    def samples(self, row: int) -> np.ndarray:
        """The samples of one clip, int16, shape (length,)."""
        start, length = (int(self.clips[column].iloc[row]) for column in ("start", "length"))
        return self.audio[start : start + length]


def pack(
    corpus: Corpus,
    folder: Path,
    root: Path,
    progress: Progress = silent_progress,
    accept: Accept = accept_all,
) -> Store:
    """Decode the files in `folder` into a store below `root`, or find the store of these files.

    A store is written whole or not at all. Packings below the same `root` wait for each other. Raises UserError for a
    folder that cannot be used or a root that cannot be written, and what `accept` raises of what would be left out.
    """
    sources = gather(corpus, folder)
    if found := _found(root, corpus, sources):
        return found
    with writable(root, "the packed corpus"), alone(root):
        # Another process may have packed these files while this one waited.
        if found := _found(root, corpus, sources):
            return found
        path = write_store(corpus, folder, sources, root, progress, accept)
        mark_requested(path, root, corpus.name, sources.rendered)
        return load(path)


def mark_requested(path: Path, root: Path, corpus: str, rendered: bool) -> None:
    """Mark a store as the most recently requested one, which `open_store` opens.

    Its modification time becomes later than that of every other store, whatever the clock says.
    """
    newest = max(map(requested, stores(root, corpus, rendered)))
    (path / STORE).touch()
    if requested(path) <= newest:
        os.utime(path / STORE, ns=(newest + 1, newest + 1))


def requested(path: Path) -> int:
    """When a store was last requested, in nanoseconds."""
    return (path / STORE).stat().st_mtime_ns


def _found(root: Path, corpus: Corpus, sources: Sources) -> Store | None:
    for path in stores(root, corpus.name, sources.rendered):
        try:
            if _about(path)["source"] == sources.key:
                store = load(path)
                with suppress(OSError):  # The store may be on a file system that is read-only.
                    mark_requested(path, root, corpus.name, sources.rendered)
                return store
        except UserError:
            continue  # A damaged store is packed again.
    return None


def open_store(root: Path, corpus: str, rendered: bool | None = None) -> Store:
    """The store of a corpus that was packed or requested last; with `rendered` None, real audio before rendered.

    Raises UserError if there is none or it is damaged.
    """
    kinds = [False, True] if rendered is None else [rendered]
    for kind in kinds:
        if found := stores(root, corpus, kind):
            return load(max(found, key=requested))
    kind_named = {None: "", True: "rendered ", False: "real "}[rendered]
    raise UserError(
        f"There is no packed {kind_named}audio of '{corpus}' in {root}: pack it with `etude data {corpus} --from DIR`."
    )


def load(path: Path) -> Store:
    """Open the store in the folder `path`; raises UserError if it is missing, damaged or of another version."""
    about = _about(path)
    try:
        audio = np.load(path / AUDIO, mmap_mode="r")
        clips, problems = pd.read_parquet(path / CLIPS), pd.read_parquet(path / PROBLEMS)
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from error
    if len(audio) != about["samples"] or len(clips) != about["clips"]:
        raise _damaged(path, "its parts do not belong together")
    stated = about.get("about", {})
    return Store(
        path, about["digest"], about["rate"], about["rendered"], audio, clips, problems, about["facts"], stated
    )


def stores(root: Path, corpus: str, rendered: bool) -> list[Path]:
    """The folders of the packed stores of a corpus, including damaged ones."""
    kind = "rendered" if rendered else "real"
    return [path.parent for path in sorted(root.glob(f"{corpus}-{kind}-*/{STORE}"))]


def _about(path: Path) -> dict[str, Any]:
    try:
        about = json.loads((path / STORE).read_text())
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']} instead of {FORMAT}")
        return about
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, reason: object) -> UserError:
    return UserError(
        f"The packed store {path} cannot be used ({reason}): delete that folder and pack the corpus again."
    )
