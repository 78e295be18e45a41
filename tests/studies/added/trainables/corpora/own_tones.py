"""A corpus that is added: low and high tones."""

from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from trainables.corpora.audit.check import Check, passed
from trainables.corpora.corpus import Clip, Corpus, Progress, Scan, silent_progress
from trainables.corpora.folders import audio_files
from trainables.corpora.onsets import measure
from trainables.corpora.regrouping import drawn, regrouped
from trainables.corpora.rendering.notes import rendered_folder
from trainables.corpora.splits import Split, by_class, folded, generator, grouped_split
from trainables.registry import Registry

RATE = 8_000
HERTZ = {"low": 220, "high": 880}
SHARES = (0.6, 0.2, 0.2)
PROTOCOLS = Registry("protocol")


def scan(folder: Path) -> Scan:
    """The WAV files below `folder`, named label_group_number; two clips of each group."""
    paths = [path.relative_to(folder).as_posix() for path in audio_files(folder, ".wav")]
    parts = [Path(path).stem.split("_") for path in paths]
    return Scan(
        tuple(Clip(path, label, f"{label} {group}") for path, (label, group, _) in zip(paths, parts, strict=True)), ()
    )


def render(folder: Path, seed: int = 0, *, clips_per_class: int = 24, progress: Progress = silent_progress) -> None:
    """Tones of a quarter of a second in noise."""
    random, time = np.random.default_rng(seed), np.arange(RATE // 4) / RATE
    with rendered_folder(folder) as target:
        for place, (label, hertz) in enumerate(HERTZ.items()):
            for number in range(clips_per_class):
                tone = 0.5 * np.sin(2 * np.pi * hertz * random.uniform(0.8, 1.2) * time)
                sound = tone + 0.1 * random.normal(size=len(time))
                soundfile.write(target / f"{label}_{number // 2}_{number}.wav", sound, RATE)
                progress(place * clips_per_class + number + 1, len(HERTZ) * clips_per_class)


@PROTOCOLS("S9-S1")
def as_published(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """At random."""
    return drawn(clips, np.arange(len(clips)), SHARES, generator(split_seed, fold, folds))


@PROTOCOLS("S9-S1")
def grouped_same_sizes(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """The same clips, whole groups in each part."""
    random = generator(split_seed, fold, folds)
    return regrouped(clips, drawn(clips, np.arange(len(clips)), SHARES, random), random)


@PROTOCOLS("S9-S1")
def corrected(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """Whole groups in each part."""
    rows = [each for _, each in by_class(clips)]
    if folds == 1:
        return grouped_split(clips, rows, split_seed)
    return folded(clips, rows, grouped_split(clips, rows, 0).validation, split_seed, fold, folds)


@PROTOCOLS("S9-S1")
def own_halves(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """Half of the groups to train on."""
    random = generator(split_seed, fold, folds)
    return regrouped(clips, drawn(clips, np.arange(len(clips)), (0.5, 0.25, 0.25), random), random)


def loud(clips: pd.DataFrame, split: Split) -> Check:
    """B11: a check of this corpus alone."""
    return Check("B11", "a check of its own", passed(True), float(len(split.test)), "All tones are equally loud.")


CORPUS = Corpus(
    name="own_tones",
    title="Low and high tones",
    bibliography="None: they are computed.",
    licence="None is needed.",
    home_page="https://example.org",
    remotes=(),
    rate=RATE,
    endings=(".wav",),
    scan=scan,
    measure=measure,
    render=render,
    protocols=PROTOCOLS,
    facts=lambda folder, files, clips: {"files": float(files)},
    classes=tuple(HERTZ),
    audits=(loud,),
)
