"""The parts that a corpus was published with: its test set (B3), its evaluation parts (B4), its filtered lists (B6)."""

import pandas as pd

from trainables.corpora.audit.check import Check, not_applicable, noun, passed, share
from trainables.corpora.gtzan_lists import TEST, TRAIN, VALIDATION, list_of, run_of
from trainables.corpora.splits import Split

EVALUATION = ("valid", "validation", "test")
"""Names of official parts that were published to evaluate on, not to train on."""


def official_test(clips: pd.DataFrame, split: Split) -> Check:
    """B3: of a corpus with an official test part of several labels a clip, all of it has to be tested."""
    name = "official test part"
    if not {"part", "labels"} <= set(clips.columns):
        return not_applicable("B3", name, "The corpus has no official test part with several labels a clip.")
    official = clips["part"] == TEST
    missed = 1 - share(official.iloc[split.test])
    tested, there = int(official.iloc[split.test].sum()), int(official.sum())
    several = int(clips["labels"].iloc[split.test].str.contains("|", regex=False).sum())
    explanation = (
        f"{missed:.1%} of the test clips are not of the official test part; {tested} of its {there} excerpts are "
        f"tested, {several} of them with several labels. Without all of them no figure is comparable with the "
        "literature (micro-F1, macro-F1, label ranking average precision)."
    )
    return Check("B3", name, passed(missed == 0 and tested == there > 0), missed, explanation)


def evaluation_part(clips: pd.DataFrame, split: Split) -> Check:
    """B4: what was published to evaluate on may not be trained on."""
    name = "evaluation part trained on"
    if "part" not in clips:
        return not_applicable("B4", name, "The corpus was published in one part.")
    trained = share(clips["part"].iloc[split.train].isin(EVALUATION))
    explanation = f"{trained:.1%} of the training clips are of a part that was published to evaluate on."
    return Check("B4", name, passed(trained == 0), trained, explanation)


def filtered_lists(clips: pd.DataFrame, split: Split) -> Check:
    """B6: songs of GTZAN outside the fault-filtered lists, and tested songs next to one that is trained on.

    No file says which artist a song is by, but songs that follow one another in a list are often by one; a list never
    shares a run of songs with another.
    """
    name = "fault-filtered and artist-filtered lists"
    if "song" not in clips:
        return not_applicable("B6", name, "The corpus is not GTZAN.")
    lists, runs = clips["song"].map(list_of()), clips["song"].map(run_of())
    used = pd.concat([lists.iloc[part] for part in (split.train, split.validation, split.test)])
    outside = share(used.isna())
    known = runs.iloc[split.test].dropna().isin(runs.iloc[split.train])
    explanation = (
        f"{outside:.1%} of the {noun(clips)} used are of songs outside the lists (repeated, mislabelled or distorted); "
        f"{share(known):.1%} of the test {noun(clips)} that are in the lists belong to a run of songs that is trained "
        f"on. The split is {'' if follows_lists(lists, split) else 'not '}that of the lists."
    )
    return Check("B6", name, passed(outside == 0 and not known.any()), max(outside, share(known)), explanation)


def follows_lists(lists: pd.Series, split: Split) -> bool:
    """Whether each part holds songs of its own list alone."""
    parts = ((split.train, TRAIN), (split.validation, VALIDATION), (split.test, TEST))
    return all((lists.iloc[rows] == name).all() for rows, name in parts)
