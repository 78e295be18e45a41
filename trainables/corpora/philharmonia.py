"""The Philharmonia Orchestra's sound samples: single notes of orchestral instruments (S4-S1)."""

import re
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd

from trainables.corpora.audit.groups import notes_crossing
from trainables.corpora.corpus import Clip, Corpus, Rejected, Remote, Scan, scanned
from trainables.corpora.rendering.philharmonia_rendering import render
from trainables.corpora.splits import (
    FEWEST_GROUPS,
    Split,
    by_class,
    check_fold,
    check_groups,
    folded,
    generator,
    grouped_split,
    groups_of,
    joined,
    take_groups,
)
from trainables.errors import InvalidSetting, checked
from trainables.registry import Neutral, Registry

RATE = 44_100
ENDINGS = (".mp3",)
WHOLE_COLLECTION = 13_683
"""The number of MP3 files in the official archive; its size and checksum are not published."""

INSTRUMENTS = (
    "bass clarinet",
    "bassoon",
    "cello",
    "clarinet",
    "contrabassoon",
    "cor anglais",
    "double bass",
    "flute",
    "french horn",
    "oboe",
    "trombone",
    "trumpet",
    "viola",
    "violin",
)
"""S4 uses fourteen instruments and does not name them. These are the fourteen that have, in the whole collection, 320
different clips (200 + 120) of 1 s or more; saxophone (273) and tuba (190) come next."""

PUBLISHED_TRAIN, PUBLISHED_TEST = 200, 120
READINGS = ("per_class", "in_all")
FOURTEEN, ALL = "fourteen", "all"
FEWEST_PITCHES = 10
"""An instrument is one of all where it has so many pitches, as percussion has not: those of each part and each fold."""
ALIASES = {"english horn": "cor anglais"}
NAME_PARTS = ("instrument", "pitch", "duration", "dynamic", "articulation")

PROTOCOLS = Registry("protocol")


def scan(folder: Path) -> Scan:
    """Read instrument, pitch, duration, dynamic and articulation from the name of every MP3 file below `folder`."""
    return scanned(folder, ENDINGS, _note)


def _note(path: Path, name: str) -> Clip | Rejected:
    """The clip that the parts of its name describe; its group is the pitch on that instrument."""
    parts = path.stem.split("_")
    if len(parts) != len(NAME_PARTS) or not parts[0].strip(" -"):
        return Rejected(name, "has a name that is not instrument_pitch_length_dynamic_articulation")
    label, pitch = instrument(parts[0]), parts[1].capitalize()
    features = dict(zip(NAME_PARTS[1:], [pitch, *parts[2:]], strict=True))
    return Clip(name, label, f"{label} {pitch}".strip(), features)


def instrument(text: str) -> str:
    """The label of an instrument however it is spelt: 'Cor-Anglais', 'cor anglais' and 'English horn' are one."""
    name = re.sub(r"[\s-]+", " ", text).strip().lower()
    return ALIASES.get(name, name)


def facts(folder: Path, files: int, clips: pd.DataFrame) -> dict[str, float | None]:
    """How many instruments the collection has (S4-F19); a copy with files missing cannot say."""
    return {"instruments": float(clips["label"].nunique()) if files >= WHOLE_COLLECTION else None}


@PROTOCOLS("X27", "S4-S1")
def as_published(
    clips: pd.DataFrame,
    split_seed: int,
    fold: int,
    folds: int,
    *,
    reading: str = "per_class",
    instruments: Annotated[str, Neutral(FOURTEEN)] = FOURTEEN,
) -> Split:
    """200 training and 120 test clips of each instrument, drawn at random; the test clips validate as well.

    The document says "200 training and 120 test" of 14 instruments: of each (`per_class`), or `in_all`. It has no
    validation part and shows test curves. A class with too few clips gives as many as it has, in the same proportion.
    Each fold is another draw. `instruments` are the "fourteen", or "all" that have enough pitches (S0-F18). Raises
    InvalidSetting for a class with fewer than two clips.
    """
    drawn = _published(clips, reading, instruments, generator(split_seed, fold, folds))
    train, test = [rows[count:] for rows, count in drawn], [rows[:count] for rows, count in drawn]
    return joined(train, test, test)


@PROTOCOLS("X27", "S4-S1", "B7")
def grouped_same_sizes(
    clips: pd.DataFrame,
    split_seed: int,
    fold: int,
    folds: int,
    *,
    reading: str = "per_class",
    instruments: Annotated[str, Neutral(FOURTEEN)] = FOURTEEN,
) -> Split:
    """The very clips of `as_published`, divided so that no pitch of an instrument is both trained on and tested.

    Each class tests whole pitches, as many clips as published or a few less, and trains on the rest. What differs from
    `as_published` is then due to shared pitches alone. Raises InvalidSetting for a class with fewer than 3 pitches.
    """
    random = generator(split_seed, fold, folds)
    groups, train, test = groups_of(clips), [], []
    for rows, count in _published(clips, reading, instruments, random):
        check_groups(clips["label"].iloc[rows[0]], groups[rows], FEWEST_GROUPS)
        tested = take_groups(groups[rows], count, random)
        train.append(rows[~tested])
        test.append(rows[tested])
    return joined(train, test, test)


@PROTOCOLS("S4-S1", "B1", "B7", "B9")
def corrected(
    clips: pd.DataFrame,
    split_seed: int,
    fold: int,
    folds: int,
    *,
    per_class: int = 320,
    instruments: Annotated[str, Neutral(FOURTEEN)] = FOURTEEN,
) -> Split:
    """About 60 % / 20 % / 20 % of up to `per_class` clips an instrument, whole pitches of an instrument in each part.

    With folds > 1, fold `fold` of a grouped k-fold of all but the pitches that validate without folds; they do in each
    fold. Raises InvalidSetting for a class with fewer than three pitches, or with fewer left than folds.
    """
    check_fold(fold, folds)
    random = np.random.default_rng(split_seed)
    rows = [random.permutation(each)[: max(per_class, 1)] for _, each in _classes(clips, instruments)]
    if folds == 1:
        return grouped_split(clips, rows, split_seed)
    chosen_by = corrected(clips, 0, 0, 1, per_class=per_class, instruments=instruments).validation
    return folded(clips, rows, chosen_by, split_seed, fold, folds)


def _classes(clips: pd.DataFrame, instruments: str) -> list[tuple[str, np.ndarray]]:
    """Each instrument that takes part, with the rows of its clips."""
    if checked("instruments", instruments, (FOURTEEN, ALL)) == ALL:
        pitches = clips.groupby("label")["group"].nunique()
        wanted = set(pitches.index[pitches >= FEWEST_PITCHES])
    else:
        wanted = set(INSTRUMENTS)
    classes = [(label, rows) for label, rows in by_class(clips) if label in wanted]
    if len(classes) < 2:
        raise InvalidSetting(
            f"The packed corpus has {len(classes)} of the instruments {', '.join(sorted(wanted)) or 'that take part'}: "
            "pack a folder that holds at least two of them."
        )
    return classes


def _published(
    clips: pd.DataFrame, reading: str, instruments: str, random: np.random.Generator
) -> list[tuple[np.ndarray, int]]:
    """For each class, the rows drawn (training and test) in random order, and how many of them test."""
    checked("reading", reading, READINGS)
    classes = _classes(clips, instruments)
    train, test = published_counts(len(classes), reading, random)
    drawn = []
    for (label, rows), trained, tested in zip(classes, train, test, strict=True):
        share = min(1.0, len(rows) / (trained + tested))
        counts = [max(1, round(count * share)) for count in (trained, tested)]
        if len(rows) < sum(counts):
            counts[0] = len(rows) - counts[1]
        if counts[0] < 1:
            raise InvalidSetting(f"The class '{label}' has {len(rows)} clip where 2 are needed: add its missing clips.")
        drawn.append((random.permutation(rows)[: sum(counts)], counts[1]))
    return drawn


def published_counts(classes: int, reading: str, random: np.random.Generator) -> tuple[list[int], list[int]]:
    """Training and test clips of each class; 'in_all' divides 200 and 120 as evenly as whole clips allow (15 or 14)."""
    if reading == "per_class":
        return [PUBLISHED_TRAIN] * classes, [PUBLISHED_TEST] * classes
    places = random.permutation(classes)
    train, test = (total // classes + (places < total % classes) for total in (PUBLISHED_TRAIN, PUBLISHED_TEST))
    return train.tolist(), test.tolist()


CORPUS = Corpus(
    name="philharmonia",
    title="Philharmonia Orchestra sound samples",
    bibliography="Philharmonia Orchestra, London. Sound samples: single notes recorded by members of the orchestra.",
    licence=(
        "Free to use, also in commercial works; the samples may not be sold or made available as they are. "
        "Nothing of them is part of this software."
    ),
    home_page="https://philharmonia.co.uk/resources/sound-samples/",
    remotes=(
        Remote(
            "https://philharmonia-assets.s3-eu-west-1.amazonaws.com/uploads/2020/02/12112005/all-samples.zip",
            sha256=None,
            bytes=None,
            verified=False,
            files=WHOLE_COLLECTION,
        ),
    ),
    rate=RATE,
    endings=ENDINGS,
    scan=scan,
    render=render,
    protocols=PROTOCOLS,
    facts=facts,
    audits=(notes_crossing,),
    copies="B7",
)
