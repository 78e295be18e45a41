"""What may not be on both sides of a split: groups (B1), excerpts of a recording (B2), instruments (B4), notes (B7).

And what may not be on the training side: the parts that a corpus was published with to evaluate on (B4).
"""

from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from trainables.corpora.audit.check import Check, not_applicable, noun, passed, share, share_known
from trainables.corpora.splits import Split

EXCERPT = r"__\d+$"
"""The end of a file name that numbers the excerpts of one recording."""
CHUNK = 512
UNGROUPED = "Which clips come from one source is not known: no clip is on both sides, but others of its source may be."
EVALUATION = ("valid", "validation", "test")
"""Names of official parts that were published to evaluate on, not to train on."""


def leak_share(clips: pd.DataFrame, split: Split) -> float:
    """The share, 0..1, of test clips whose group occurs in the training part."""
    return share_known(clips["group"], split)


def groups_crossing(clips: pd.DataFrame, split: Split) -> Check:
    """B1: a group may not lie in the training part and also in the validation or test part."""
    name = "groups on both sides"
    known = leak_share(clips, split)
    crossing = both_sides(clips["group"], split)
    if not crossing and ungrouped(clips):
        return not_applicable("B1", name, UNGROUPED)
    explanation = (
        f"{crossing} of {clips['group'].nunique()} groups are on both sides; "
        f"{known:.1%} of the test {noun(clips)} belong to a group that is trained on."
    )
    return Check("B1", name, passed(not crossing), known, explanation, "of the test part", "at most 0")


def ungrouped(clips: pd.DataFrame) -> bool:
    """Whether it is not known which clips belong together: each clip is a group of its own."""
    return "clip" in clips and bool((clips["group"] == clips["clip"]).all())


def neighbours(clips: pd.DataFrame, train: np.ndarray, test: np.ndarray, features: np.ndarray) -> Check:
    """B1: how many test rows have a training row of their own group as nearest neighbour.

    `features` (N, D) has a row for each row of the table, of which those of `train` and `test` are read; distances are
    Euclidean, of features standardised on the training rows.
    """
    name = "nearest neighbour of the same group"
    if not (len(train) and len(test)):
        return not_applicable("B1", name, "There is no training or no test part to compare.")
    groups = clips["group"].to_numpy(str)
    same = share(groups[test] == groups[nearest(features, train, test)])
    if not same and ungrouped(clips):
        return not_applicable("B1", name, UNGROUPED)
    explanation = (
        f"{same:.1%} of {len(test)} test {noun(clips)} have, of {len(train)} training {noun(clips)}, one of their own "
        "group as the nearest in mean MFCC."
    )
    return Check("B1", name, passed(same == 0), same, explanation, "of the test part", "at most 0")


def nearest(features: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    scale = features[train].std(axis=0)
    scaled = (features - features[train].mean(axis=0)) / np.where(scale > 0, scale, 1)
    reference, found = scaled[train], []
    for rows in np.split(test, range(CHUNK, len(test), CHUNK)):
        distances = np.square(reference).sum(axis=1) - 2 * scaled[rows] @ reference.T
        found.append(train[distances.argmin(axis=1)])
    return np.concatenate(found)


def excerpts_crossing(clips: pd.DataFrame, split: Split) -> Check:
    """B2: excerpts of one recording, as the names of the files tell, may not be on both sides.

    Told from the names alone (`...NNNN__K`, K numbers the excerpts of a recording), so that a loader that groups them
    wrongly is found.
    """
    name = "excerpts of one recording"
    stems = pd.Series([PurePosixPath(clip).stem for clip in clips["clip"]], index=clips.index, dtype="str")
    if not stems.str.contains(EXCERPT).any():
        return not_applicable("B2", name, "The names of these files number no excerpts of a recording.")
    recording = stems.str.replace(EXCERPT, "", regex=True).where(stems.str.contains(EXCERPT), clips["clip"])
    known, crossing = share_known(recording, split), both_sides(recording, split)
    explanation = (
        f"{recording.nunique()} recordings by the names of the files; {crossing} are on both sides, and {known:.1%} of "
        f"the test {noun(clips)} have another excerpt of their recording in the training part."
    )
    return Check("B2", name, passed(not crossing), known, explanation, "of the test part", "at most 0")


def instruments_crossing(clips: pd.DataFrame, split: Split) -> Check:
    """B4: to name the family of a new instrument and to recognise a known instrument are two tasks.

    For a corpus with a column `instrument` beside the labels.
    """
    name = "instruments on both sides"
    known = share_known(clips["instrument"], split)
    tested = clips["instrument"].iloc[split.test]
    same = int(tested.isin(clips["instrument"].iloc[split.train]).sum())
    explanation = (
        f"{same} test {noun(clips)} are of an instrument that is trained on, {len(tested) - same} of one that is not; "
        f"{tested.nunique()} instruments are tested."
    )
    return Check(
        "B4",
        name,
        passed(not both_sides(clips["instrument"], split)),
        known,
        explanation,
        "of the test part",
        "at most 0",
    )


def evaluation_part(clips: pd.DataFrame, split: Split) -> Check:
    """B4: what was published to evaluate on may not be trained on; `part` is the column of the official parts."""
    name = "evaluation part trained on"
    trained = share(clips["part"].iloc[split.train].isin(EVALUATION))
    explanation = f"{trained:.1%} of the training clips are of a part that was published to evaluate on."
    return Check("B4", name, passed(trained == 0), trained, explanation, "of the training part", "at most 0")


def notes_crossing(clips: pd.DataFrame, split: Split) -> Check:
    """B7: one note of an instrument may not be trained on in one dynamic or duration and tested in another.

    For a corpus of single notes with a column `pitch`.
    """
    name = "one note in several dynamics"
    # Where a class has several instruments, the same pitch on another one is another note.
    instrument = clips["instrument"] if "instrument" in clips else clips["label"]
    known = share_known(instrument + " " + clips["pitch"].astype(str), split)
    explanation = f"{known:.1%} of the test clips are a note of the same instrument and pitch as a training clip."
    return Check("B7", name, passed(known == 0), known, explanation, "of the test part", "at most 0")


def both_sides(values: pd.Series, split: Split) -> int:
    """How many values lie in the training part and also in the validation or test part."""
    held_out = np.concatenate([split.validation, split.test])
    return len(set(values.iloc[split.train]) & set(values.iloc[held_out]))
