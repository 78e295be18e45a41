"""Whether a packed store is still what was packed, and what a folder would give if it were packed."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from trainables.corpora.corpus import Corpus, Progress
from trainables.corpora.packing import digest_of_clips, digest_of_samples, problem_table, table
from trainables.corpora.sources import gather
from trainables.corpora.store import Store


@dataclass(frozen=True)
class Examined:
    """What packing a folder would give: the table of clips as a store has it, the files refused, and the digest."""

    clips: pd.DataFrame
    problems: pd.DataFrame
    rendered: bool
    digest: str


def examine(corpus: Corpus, folder: Path, progress: Progress) -> Examined:
    """Read and decode the files of a folder as packing does, and write nothing; raises UserError as packing does."""
    sources = gather(corpus, folder)
    clips, undecodable = table(corpus, folder, sources, progress, lambda samples: None)
    return Examined(
        clips, problem_table([*sources.rejected, *undecodable]), sources.rendered, digest_of_clips(clips, corpus)
    )


def changed(store: Store, corpus: Corpus, progress: Progress) -> list[str]:
    """The clips whose samples are not those that were packed; all clips, if the table is not the one that was."""
    damaged = []
    for number in range(len(store.clips)):
        if digest_of_samples(store.samples(number)) != store.clips["digest"].iloc[number]:
            damaged.append(str(store.clips["clip"].iloc[number]))
        progress(number + 1, len(store.clips))
    if not damaged and digest_of_clips(store.clips, replace(corpus, rate=store.rate)) != store.digest:
        return [str(clip) for clip in store.clips["clip"]]
    return damaged
