"""IRMAS: excerpts of recorded music, labelled with the predominant instrument (S0-S1, S1-S1)."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from trainables.corpora.audit.check import Check, passed
from trainables.corpora.audit.groups import evaluation_part, excerpts_crossing
from trainables.corpora.corpus import Clip, Corpus, Rejected, Remote, Scan, known, scanned
from trainables.corpora.irmas_names import INSTRUMENTS, S1_LABELS
from trainables.corpora.regrouping import drawn, regrouped
from trainables.corpora.rendering.irmas_rendering import render
from trainables.corpora.splits import Split, distinct, folded, generator, strata
from trainables.errors import InvalidSetting, checked
from trainables.registry import Registry

RATE = 44_100
ENDINGS = (".wav",)
TRAINING_CLIPS, TEST_CLIPS = 6_705, 2_874
PART_TRAIN, PART_TEST = "train", "test"
TRAINING_NAME = re.compile(
    r"(?:(?P<prefix>.+?)__)?\[(?P<code>\w+)\](?:\[(?P<drums>dru|nod|---)\])?\[(?P<genre>\w+)\]"
    r"(?P<number>\d+)__(?P<excerpt>\d+)"
)
SHARES = {"72/18/10": (0.72, 0.18, 0.10), "80/20": (0.80, 0.0, 0.20)}
"""Training, validation and test shares: of S0, and of S1, where the test part validates as well."""

PROTOCOLS = Registry("protocol")


def scan(folder: Path) -> Scan:
    """Read the WAV files below `folder`: training clips by their names, test excerpts by the annotation beside them.

    A training clip is `[instrument][genre]NNNN__K.wav`, with a drum tag and a prefix or without; its group is the
    recording, of which K numbers the excerpts. A test excerpt is any other WAV file with a text file of the same name
    that has a code of an instrument on each line; its group is its name without the number at the end.
    """
    return scanned(folder, ENDINGS, _read)


def _read(path: Path, name: str) -> Clip | Rejected:
    if match := TRAINING_NAME.fullmatch(path.stem):
        return training_clip(path, name, match)
    annotation = path.with_suffix(".txt")
    if annotation.is_file():
        return annotated_excerpt(path, name, annotation.read_text(errors="replace").split())
    return Rejected(name, "has no training clip's name and no annotation (.txt) beside it")


def training_clip(path: Path, name: str, match: re.Match[str]) -> Clip | Rejected:
    """The clip that the parts of its name describe, unless name and folder contradict each other."""
    code, genre = match["code"], match["genre"]
    if code not in INSTRUMENTS:
        return Rejected(name, f"is labelled '{code}', which is none of the eleven instruments")
    if path.parent.name in INSTRUMENTS.keys() - {code}:
        return Rejected(name, f"is labelled '{code}' but lies in the folder '{path.parent.name}'")
    recording = " ".join(part for part in (code, genre, match["number"], match["prefix"]) if part)
    features: dict[str, str | int] = {
        "part": PART_TRAIN,
        "labels": INSTRUMENTS[code],
        "genre": genre,
        "drums": match["drums"] or "",
        "excerpt": int(match["excerpt"]),
    }
    return Clip(name, INSTRUMENTS[code], recording, features)


def annotated_excerpt(path: Path, name: str, codes: list[str]) -> Clip | Rejected:
    """The test excerpt with these codes; its label is the first of them, and `labels` names all."""
    if unknown_codes := [code for code in codes if code not in INSTRUMENTS]:
        return Rejected(name, f"is annotated with '{unknown_codes[0]}', which is none of the eleven instruments")
    if not codes:
        return Rejected(name, "has an empty annotation")
    labels = [INSTRUMENTS[code] for code in dict.fromkeys(codes)]
    recording, _, number = path.stem.rpartition("-")
    if not number.isdigit():
        recording, number = path.stem, "0"
    named: dict[str, str | int] = {"part": PART_TEST, "labels": "|".join(labels), "genre": "", "drums": ""}
    return Clip(name, labels[0], f"test {recording}", {**named, "excerpt": int(number)})


def facts(folder: Path, files: int, clips: pd.DataFrame) -> dict[str, float | None]:
    """What S0 and S1 say of the data, counted; None where this copy has not all clips of the part it is about."""
    train, test = (clips[clips["part"] == part] for part in (PART_TRAIN, PART_TEST))
    return {
        **known(len(train) == TRAINING_CLIPS, training_facts(folder, train)),
        **known(len(test) == TEST_CLIPS, excerpt_facts(test)),
    }


def training_facts(folder: Path, clips: pd.DataFrame) -> dict[str, float]:
    """Sizes of the classes (X5, S0-F34) and of the files, in GB (S0-F36), and the mean length of a clip (S1-F20).

    And how many of S1's labels there are (X7).
    """
    sizes = clips["label"].value_counts()
    spelt = {label.replace(" ", "_") for label in sizes.index}
    return {
        "training_clips": len(clips),
        "largest_to_smallest_class": sizes.max() / sizes.min(),
        "largest_to_mean_class": sizes.max() / sizes.mean(),
        "training_gigabytes": sum((folder / path).stat().st_size for path in clips["clip"]) / 1e9,
        # Two channels, four bytes a sample.
        "training_gigabytes_as_float32": 8 * clips["length"].sum() / 1e9,
        "training_clip_seconds": clips["length"].mean() / RATE,
        "printed_labels_found": len(S1_LABELS.keys() & spelt),
    }


def excerpt_facts(clips: pd.DataFrame) -> dict[str, float]:
    """Labels and lengths of the test excerpts (X8, S0-F35, S1-F20)."""
    labels = clips["labels"].str.count(r"\|") + 1
    return {
        "test_excerpts": len(clips),
        "most_labels_of_a_test_excerpt": labels.max(),
        "test_excerpts_with_1_to_3_labels": (labels <= 3).mean(),
        "shortest_test_excerpt_seconds": clips["length"].min() / RATE,
        "longest_test_excerpt_seconds": clips["length"].max() / RATE,
    }


@PROTOCOLS("S0-S2", "S1-S2")
def as_published(clips: pd.DataFrame, split_seed: int, fold: int, folds: int, *, shares: str = "72/18/10") -> Split:
    """The training part divided at random, file by file, class by class: S0's 72/18/10, or S1's 80/20.

    S1 holds no test part out and never reports the official one: its validation part stands in both places. Excerpts
    of one recording, and equal files, come to lie on both sides. Each fold is another draw.
    """
    return drawn(clips, _training(clips), _shares(shares), generator(split_seed, fold, folds))


@PROTOCOLS("S0-S2", "S1-S2", "B2")
def grouped_same_sizes(
    clips: pd.DataFrame, split_seed: int, fold: int, folds: int, *, shares: str = "72/18/10"
) -> Split:
    """The very clips of `as_published`, divided so that no recording is on two sides, at about the same sizes."""
    random = generator(split_seed, fold, folds)
    return regrouped(clips, drawn(clips, _training(clips), _shares(shares), random), random)


@PROTOCOLS("S0-S2", "S1-S2", "B1", "B2", "B9")
def corrected(clips: pd.DataFrame, split_seed: int, fold: int, folds: int, *, shares: str = "72/18/10") -> Split:
    """Whole recordings in each part, repeated files used once, files that bear two labels not at all.

    Of 80/20 the test part gives half for validation. With folds > 1, fold `fold` of a grouped k-fold of all but the
    clips that validate without folds; they do in each fold. Raises InvalidSetting for a class with too few recordings.
    """
    rows = distinct(clips, _training(clips))
    if folds > 1:
        chosen_by = corrected(clips, 0, 0, 1, shares=shares).validation
        return folded(clips, [each for _, each in strata(clips, rows)], chosen_by, split_seed, fold, folds)
    train, validation, test = _shares(shares)
    random = generator(split_seed, fold, folds)
    halves = (train, validation, test) if validation else (train, test / 2, test / 2)
    return regrouped(clips, drawn(clips, rows, halves, random), random)


def _training(clips: pd.DataFrame) -> np.ndarray:
    rows = np.flatnonzero(clips["part"] == PART_TRAIN)
    if not len(rows):
        raise InvalidSetting(
            "The packed corpus has no clips of the training part: add IRMAS-TrainingData and pack again."
        )
    return rows


def _shares(text: str) -> tuple[float, float, float]:
    return SHARES[checked("shares", text, SHARES)]


def official_test_part(clips: pd.DataFrame, split: Split) -> Check:
    """B3: the official test part, with its several labels an excerpt, has to be tested whole beside the trial's own.

    It is where it is packed: see `Corpus.excerpts`.
    """
    labels = clips.loc[clips["part"] == PART_TEST, "labels"]
    missing = max(0.0, 1 - len(labels) / TEST_CLIPS)
    several = int(labels.str.contains("|", regex=False).sum())
    explanation = (
        f"{len(labels)} of the {TEST_CLIPS:,} excerpts of the official test part are packed, {several} of them with "
        "several labels; every trial that is tested is tested on these as well. Without all of them no figure is "
        "comparable with the literature (micro F1, macro F1, label ranking average precision)."
    )
    return Check(
        "B3",
        "official test part",
        passed(missing == 0 and several > 0),
        missing,
        explanation,
        "of the official test part",
        "at most 0",
    )


def _remote(name: str, md5: str) -> Remote:
    url = f"https://zenodo.org/record/1290750/files/{name}.zip?download=1"
    mirror = f"https://zenodo.org/api/records/1290750/files/{name}.zip/content"
    return Remote(url, sha256=None, bytes=None, verified=True, md5=md5, mirrors=(mirror,))


CORPUS = Corpus(
    name="irmas",
    title="IRMAS",
    bibliography=(
        "Bosch, J. J., Janer, J., Fuhrmann, F. and Herrera, P. (2012). A comparison of sound segregation techniques "
        "for predominant instrument recognition in musical audio signals. ISMIR, 559-564."
    ),
    licence=(
        "Free of charge for non-commercial use, not to be redistributed or modified; elsewhere given as "
        "CC BY-NC-SA 3.0. Nothing of it is part of this software."
    ),
    home_page="https://www.upf.edu/web/mtg/irmas",
    remotes=(
        _remote("IRMAS-TrainingData", "4fd9f5ed5a18d8e2687e6360b5f60afe"),
        _remote("IRMAS-TestingData-Part1", "5a2e65520dcedada565dff2050bb2a56"),
        _remote("IRMAS-TestingData-Part2", "afb0c8ea92f34ee653693106be95c895"),
        _remote("IRMAS-TestingData-Part3", "9b3fb2d0c89cdc98037121c25bd5b556"),
    ),
    rate=RATE,
    endings=ENDINGS,
    scan=scan,
    render=render,
    protocols=PROTOCOLS,
    facts=facts,
    audits=(excerpts_crossing, evaluation_part, official_test_part),
    excerpts=PART_TEST,
    keeps_repeats=True,
    decisive=("part", "labels"),
    classes=tuple(INSTRUMENTS.values()),
)
