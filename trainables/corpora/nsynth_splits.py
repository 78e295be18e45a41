"""How NSynth is split: as S3 did, and without an instrument on two sides."""

from typing import Annotated

import numpy as np
import pandas as pd

from trainables.corpora.nsynth_names import SYNTH_LEAD
from trainables.corpora.regrouping import drawn, regrouped
from trainables.corpora.splits import (
    Split,
    apart,
    check_fold,
    folded,
    generator,
    grouped_split,
    groups_of,
    strata,
)
from trainables.errors import InvalidSetting, checked
from trainables.registry import Neutral, Registry

TRAINING_PARTS = ("train", "valid")
PARTS = (*TRAINING_PARTS, "test")
MODEL_1_NOTES = 3_000
"""Most notes of a family and source that Model 1 is trained on: 56,284 in all, 19.46 % of the training part (X20)."""

MODEL_1_VALIDATION_NOTES = 221
MODEL_2_VALIDATION_SHARE = 0.33
VALIDATION_SHARE = 0.1
"""The share of the corrected training notes whose instruments validate."""
WITHIN_SHARES = (0.6, 0.2, 0.2)
"""Training, validation and test shares of one part that is divided by itself."""

PROTOCOLS = Registry("protocol")


@PROTOCOLS("S3-S3", "S3-S4", "S3-S7", "X20", "X21", "B4", "B5")
def as_published(
    clips: pd.DataFrame,
    split_seed: int,
    fold: int,
    folds: int,
    *,
    trained_on: str = "train",
    shuffled: bool = False,
    per_key: int = MODEL_1_NOTES,
    synth_lead: bool = False,
    within: Annotated[str, Neutral("")] = "",
) -> Split:
    """S3's Model 1 (`trained_on` "train") or Model 2 ("valid"), both tested on the whole test part.

    Model 1 is trained on the first `per_key` notes (0: all) of each family and source and validated by the first 221
    of the validation part. Model 2 is trained on the validation part, of which the last third validates. First and
    last are by the names of the files, which begin with the family; `shuffled` puts them in random order before.
    Notes of synth_lead are left out unless `synth_lead`. Each fold is another draw where there is one. With `within`
    the notes of that part alone are divided at random, class by class, as one that names instruments would be.
    Raises InvalidSetting if a part that it uses is missing.
    """
    random = generator(split_seed, fold, folds)
    if within:
        return drawn(clips, _parts(clips, synth_lead, within)[0], WITHIN_SHARES, random)
    if checked("trained_on", trained_on, TRAINING_PARTS) == "valid":
        valid, test = _parts(clips, synth_lead, "valid", "test")
        notes = in_order(clips, valid, shuffled, random)
        train, valid = np.split(notes, [int(len(notes) * (1 - MODEL_2_VALIDATION_SHARE))])
    else:
        train, valid, test = _parts(clips, synth_lead, "train", "valid", "test")
        train = kept(clips, in_order(clips, train, shuffled, random), per_key)
        valid = kept(clips, in_order(clips, valid, shuffled, random), MODEL_1_VALIDATION_NOTES)
    return Split(np.sort(train), np.sort(valid), test)


@PROTOCOLS("S3-S3", "S3-S4", "S3-S7", "B4", "B5")
def grouped_same_sizes(
    clips: pd.DataFrame,
    split_seed: int,
    fold: int,
    folds: int,
    *,
    trained_on: str = "train",
    shuffled: bool = False,
    per_key: int = MODEL_1_NOTES,
    synth_lead: bool = False,
    within: Annotated[str, Neutral("")] = "",
) -> Split:
    """The very notes of `as_published`, divided so that no group is on two sides, at about the same sizes.

    Groups are instruments, or where notes are labelled by these, pitches on an instrument.
    Model 1 shares no instrument between training and test part as it is: there, only validation and test part, which
    share theirs, are divided again.
    """
    published = as_published(
        clips,
        split_seed,
        fold,
        folds,
        trained_on=trained_on,
        shuffled=shuffled,
        per_key=per_key,
        synth_lead=synth_lead,
        within=within,
    )
    random = np.random.default_rng([split_seed, fold, 1])
    if trained_on == "valid" or within:
        return regrouped(clips, published, random)
    split = regrouped(clips, Split(published.train[:0], published.validation, published.test), random)
    return Split(apart(groups_of(clips), published.train, split.validation, split.test), split.validation, split.test)


@PROTOCOLS("S3-S3", "S3-S7", "B1", "B4", "B5")
def corrected(
    clips: pd.DataFrame,
    split_seed: int,
    fold: int,
    folds: int,
    *,
    trained_on: str = "train",
    shuffled: bool = False,
    per_key: int = MODEL_1_NOTES,
    synth_lead: bool = False,
    within: Annotated[str, Neutral("")] = "",
) -> Split:
    """No instrument on two sides: trained on the training part, tested on the official test part.

    As validation and test part share their instruments, instruments of the training part validate, about a tenth of
    its notes; `per_key` and `shuffled` choose the notes as in `as_published`. The official part is tested
    whole, also with folds > 1. With `trained_on` "valid", the notes of validation and test part are divided, in folds
    too, as in `instruments_held_out`; with `within` those of that part alone. Raises InvalidSetting if a part that it
    uses is missing, or for a class with too few groups.
    """
    check_fold(fold, folds)
    if within:
        return _instruments_apart(clips, _parts(clips, synth_lead, within)[0], split_seed, fold, folds)
    used, test = _parts(clips, synth_lead, checked("trained_on", trained_on, TRAINING_PARTS), "test")
    if trained_on == "valid":
        return _instruments_apart(clips, np.concatenate([used, test]), split_seed, fold, folds)
    random = np.random.default_rng([split_seed, fold])
    train = kept(clips, in_order(clips, used, shuffled, random), per_key)
    train = apart(groups_of(clips), train, test)
    split = regrouped(clips, drawn(clips, train, (1 - VALIDATION_SHARE, 0.0, VALIDATION_SHARE), random), random)
    return Split(split.train, split.validation, test)


@PROTOCOLS("B1", "B4")
def instruments_held_out(clips: pd.DataFrame, split_seed: int, fold: int, folds: int, *, within: str = "test") -> Split:
    """About 60 % / 20 % / 20 % of one part alone, or with folds > 1 a k-fold, whole instruments in each.

    For a copy that has a single part. A family with two instruments has none in the validation part, which is the same
    in each fold. Raises InvalidSetting if the part is missing or a family has one instrument.
    """
    check_fold(fold, folds)
    (rows,) = _parts(clips, True, within)
    return _instruments_apart(clips, rows, split_seed, fold, folds)


def _instruments_apart(clips: pd.DataFrame, rows: np.ndarray, split_seed: int, fold: int, folds: int) -> Split:
    families = [each for _, each in strata(clips, rows)]
    if folds == 1:
        return grouped_split(clips, families, split_seed, fewest=2)
    chosen_by = grouped_split(clips, families, 0, fewest=2).validation
    return folded(clips, families, chosen_by, split_seed, fold, folds, fewest=2)


def first_of_each(notes: pd.DataFrame, count: int) -> pd.DataFrame:
    """The first `count` notes (0: all) of each family and source, in the order of the table."""
    return notes[notes.groupby(["label", "source"]).cumcount() < count] if count else notes


def kept(clips: pd.DataFrame, rows: np.ndarray, count: int) -> np.ndarray:
    """The first `count` rows (0: all) of each family and source, in their order."""
    table = clips.iloc[rows][["label", "source"]].assign(row=rows)
    return first_of_each(table, count)["row"].to_numpy()


def in_order(clips: pd.DataFrame, rows: np.ndarray, shuffled: bool, random: np.random.Generator) -> np.ndarray:
    """The rows in the order of their names, or in random order."""
    return random.permutation(rows) if shuffled else rows[np.argsort(clips["clip"].to_numpy(str)[rows], kind="stable")]


def _parts(clips: pd.DataFrame, synth_lead: bool, *names: str) -> list[np.ndarray]:
    """The rows of each of these parts, ascending; raises InvalidSetting, which says how to get those that lack."""
    there = set(clips["part"])
    if missing := [name for name in names if name not in there]:
        raise _missing(there, missing)
    used = (clips["label"] != SYNTH_LEAD) | synth_lead
    return [np.flatnonzero(used & (clips["part"] == name)) for name in names]


def _missing(there: set[str], missing: list[str]) -> InvalidSetting:
    # Whoever gets the training part, of 24 GB, will want the others too: other protocols use them.
    wanted = PARTS if "train" in missing else [name for name in PARTS if name in there.union(missing)]
    only = "".join(f" --only nsynth-{name}" for name in wanted) if len(wanted) < len(PARTS) else ""
    lacking, held = " and no part ".join(f"'{name}'" for name in missing), ", ".join(sorted(there))
    return InvalidSetting(
        f"The packed NSynth has no part {lacking} (it has: {held}): get it with `etude data nsynth --download{only}`, "
        f"or pack one folder that holds {', '.join(f'nsynth-{name}' for name in wanted)} with --from; the protocol "
        "'instruments_held_out' does with one part."
    )
