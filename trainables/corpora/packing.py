"""Writing a store: decoded file by file into a temporary folder, which is renamed when it is whole."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from trainables.corpora.corpus import Clip, Corpus, Progress, Rejected
from trainables.corpora.decoding import Undecodable, decode, in_parallel
from trainables.corpora.folders import publish, unfinished
from trainables.corpora.sources import Sources
from trainables.errors import UserError

AUDIO, CLIPS, PROBLEMS, STORE = "audio.npy", "clips.parquet", "problems.parquet", "store.json"
FORMAT = 1
"""To be raised when the stores written so far, or what was measured in them, no longer serve."""


@dataclass(frozen=True)
class Decoded:
    """The samples of a clip (int16, mono), what the corpus measured on them, and their digest."""

    clip: Clip
    samples: np.ndarray
    measured: dict[str, int]
    digest: str


Accept = Callable[[pd.DataFrame, int], None]
"""Called with the table of the files that are not used and the number of all; raises UserError to pack nothing."""


def accept_all(problems: pd.DataFrame, files: int) -> None:
    """Pack whatever can be used."""


def write_store(
    corpus: Corpus, folder: Path, sources: Sources, root: Path, progress: Progress, accept: Accept = accept_all
) -> Path:
    """Write the store of the sources below `root` and return its folder; of a failed attempt nothing remains.

    To be called `alone` in `root`.
    """
    with unfinished(root, "packing") as target:
        digest = _fill(target, corpus, folder, sources, progress)
        accept(pd.read_parquet(target / PROBLEMS), sources.files)
        kind = "rendered" if sources.rendered else "real"
        return publish(target, root / f"{corpus.name}-{kind}-{digest[:12]}")


def _fill(target: Path, corpus: Corpus, folder: Path, sources: Sources, progress: Progress) -> str:
    with (target / AUDIO).open("wb") as file:
        clips, undecodable = _write_audio(file, corpus, folder, sources, progress)
    digest = digest_of_clips(clips, corpus)
    about = {
        "format": FORMAT,
        "corpus": corpus.name,
        "rate": corpus.rate,
        "rendered": sources.rendered,
        "digest": digest,
        "source": sources.key,
        "samples": int(clips["length"].sum()),
        "clips": len(clips),
        "facts": corpus.facts(folder, sources.files, clips),
        "about": corpus.about(folder, clips),
    }
    clips.to_parquet(target / CLIPS)
    problem_table([*sources.rejected, *undecodable]).to_parquet(target / PROBLEMS)
    (target / STORE).write_text(json.dumps(about, indent=1))
    return digest


def _write_audio(
    file: BinaryIO, corpus: Corpus, folder: Path, sources: Sources, progress: Progress
) -> tuple[pd.DataFrame, list[Rejected]]:
    """Append each clip as it is decoded, so that memory does not grow with the corpus."""
    _write_header(file, 0)
    clips, rejected = table(corpus, folder, sources, progress, lambda samples: file.write(samples.tobytes()))
    file.seek(0)
    _write_header(file, int(clips["length"].sum()))
    _to_disk(file)
    return clips, rejected


def table(
    corpus: Corpus, folder: Path, sources: Sources, progress: Progress, keep: Callable[[np.ndarray], object]
) -> tuple[pd.DataFrame, list[Rejected]]:
    """The table of the clips that can be decoded, each of which is given to `keep`, and the others."""
    rows, rejected, start = [], [], 0
    for done, result in enumerate(in_parallel(partial(_decoded, corpus, folder), sources.clips), start=1):
        if isinstance(result, Rejected):
            rejected.append(result)
        else:
            keep(result.samples)
            rows.append(row(result, start))
            start += len(result.samples)
        progress(done, len(sources.clips))
    if not rows:
        raise UserError(f"None of the files in {folder} can be used ({rejected[0].path} {rejected[0].reason}).")
    # In an order that the content decides, so that a split does not depend on the names of files.
    return pd.DataFrame(rows).sort_values(["label", "group", "digest", "clip"], ignore_index=True), rejected


def _to_disk(file: BinaryIO) -> None:
    """Have the disk report now that it is full, not after the store is announced."""
    file.flush()
    os.fsync(file.fileno())


def _write_header(file: BinaryIO, samples: int) -> None:
    """The head of a .npy file, which NumPy pads to the same size for every length."""
    np.lib.format.write_array_header_1_0(file, {"descr": "<i2", "fortran_order": False, "shape": (samples,)})


def _decoded(corpus: Corpus, folder: Path, clip: Clip) -> Decoded | Rejected:
    try:
        samples = decode(folder / clip.path, corpus.rate)
    except Undecodable as error:
        return Rejected(clip.path, str(error))
    if len(samples) < corpus.shortest * corpus.rate:
        return Rejected(clip.path, f"lasts {1000 * len(samples) / corpus.rate:.0f} ms, less than {corpus.shortest:g} s")
    return Decoded(clip, samples, corpus.measure(samples, corpus.rate), digest_of_samples(samples))


def digest_of_samples(samples: np.ndarray) -> str:
    """The digest of a clip: of its samples, as little-endian int16."""
    return blake2b(samples.astype("<i2").tobytes(), digest_size=16).hexdigest()


def row(decoded: Decoded, start: int) -> dict[str, object]:
    """The row of a clip in the table; its samples begin at `start`."""
    clip = decoded.clip
    names = {"clip": clip.path, "label": clip.label, "group": clip.group}
    place = {"start": start, "length": len(decoded.samples)}
    return {**names, **place, **decoded.measured, **clip.features, "digest": decoded.digest}


def digest_of_clips(clips: pd.DataFrame, corpus: Corpus) -> str:
    """The digest of a store: of the rate, and of what a result can depend on of each clip, in the table's order."""
    content = blake2b(f"{corpus.rate}\n".encode(), digest_size=16)
    for values in clips[["label", "group", "digest", *corpus.decisive]].itertuples(index=False):
        content.update("\n".join([*map(str, values), ""]).encode())
    return content.hexdigest()


def problem_table(rejected: Iterable[Rejected]) -> pd.DataFrame:
    rows = sorted((item.path, item.reason) for item in rejected)
    return pd.DataFrame(rows, columns=["path", "reason"], dtype="str")
