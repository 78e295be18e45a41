"""The card of a protocol: what a split does that flatters a result, and what it can decide.

Each check is a function of its own; the ids are those of the list of known flaws (B1, B7, ...).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from trainables.corpora.splits import Split
from trainables.corpora.store import Store

Outcome = Literal["pass", "fail", "not applicable"]

FEWEST_SEEDS = 8
LARGEST_IMBALANCE = 1.5
LARGEST_ERROR = 2.0
"""Points: the margin within which two accuracies count as equal."""
SAFE_FITS = ("each clip", "training part")


@dataclass(frozen=True)
class Check:
    """One check of a split: its outcome, the figure it rests on, and a sentence that says what was counted."""

    id: str
    name: str
    outcome: Outcome
    figure: float | str
    explanation: str


def card(
    store: Store,
    split: Split,
    protocol: str,
    features: np.ndarray | None = None,
    *,
    repetitions: int = 1,
    fitted_on: str = "each clip",
) -> list[Check]:
    """All checks of one split of a packed corpus.

    `features`, if given, has one row a clip (N, D) and adds a nearest-neighbour probe of leaks; `repetitions` is the
    number of seeds a comparison will have; `fitted_on` says on what the normalisation is fitted. Every explanation
    that depends on the protocol names it.
    """
    clips = store.clips
    probes = [] if features is None else [neighbours(clips, split, features)]
    return [
        groups_crossing(clips, split, protocol),
        *probes,
        notes_crossing(clips, split),
        duplicates_crossing(clips, split),
        seeds(repetitions),
        selection_on_test(split, protocol),
        imbalance(clips, split),
        normalisation(fitted_on),
        size_of_test(clips, split),
    ]


def leak_share(clips: pd.DataFrame, split: Split) -> float:
    """The share, 0..1, of test clips whose group occurs in the training part."""
    return _share_known(clips["group"], split)


def groups_crossing(clips: pd.DataFrame, split: Split, protocol: str) -> Check:
    """B1: a group may not lie in the training part and also in the validation or test part."""
    share = leak_share(clips, split)
    trained = set(clips["group"].iloc[split.train])
    crossing = trained & set(clips["group"].iloc[np.concatenate([split.validation, split.test])])
    explanation = (
        f"Under {protocol}, {len(crossing)} of {clips['group'].nunique()} groups are on both sides; "
        f"{share:.1%} of the test clips belong to a group that is trained on."
    )
    return Check("B1", "groups on both sides", _passed(not crossing), share, explanation)


def neighbours(clips: pd.DataFrame, split: Split, features: np.ndarray) -> Check:
    """B1: the share of test clips whose nearest training clip (Euclidean, standardised) is of the same group."""
    scale = features[split.train].std(axis=0)
    scaled = (features - features[split.train].mean(axis=0)) / np.where(scale > 0, scale, 1)
    train, test = scaled[split.train], scaled[split.test]
    distances = np.square(train).sum(axis=1) - 2 * test @ train.T
    groups = clips["group"].to_numpy(str)
    share = float(np.mean(groups[split.test] == groups[split.train][distances.argmin(axis=1)]))
    explanation = f"{share:.1%} of the test clips have a clip of their own group as nearest training clip."
    return Check("B1", "nearest neighbour of the same group", _passed(share == 0), share, explanation)


def notes_crossing(clips: pd.DataFrame, split: Split) -> Check:
    """B7: one note of an instrument may not be trained on in one dynamic or duration and tested in another."""
    name = "one note in several dynamics"
    if "pitch" not in clips:
        return Check("B7", name, "not applicable", 0.0, "The clips of this corpus are not single notes of known pitch.")
    # Where a class has several instruments, the same pitch on another one is another note.
    instrument = clips["instrument"] if "instrument" in clips else clips["label"]
    share = _share_known(instrument + " " + clips["pitch"].astype(str), split)
    explanation = f"{share:.1%} of the test clips are a note of the same instrument and pitch as a training clip."
    return Check("B7", name, _passed(share == 0), share, explanation)


def duplicates_crossing(clips: pd.DataFrame, split: Split) -> Check:
    """B7: no test clip may have the very samples of a training clip."""
    share = _share_known(clips["digest"], split)
    explanation = f"{share:.1%} of the test clips have the same samples as a training clip."
    return Check("B7", "identical audio on both sides", _passed(share == 0), share, explanation)


def seeds(repetitions: int) -> Check:
    """B8: fewer than eight seeds cannot tell an effect from chance."""
    explanation = f"Every arm is trained with {repetitions} seed(s); a decision needs {FEWEST_SEEDS}."
    return Check("B8", "seeds", _passed(repetitions >= FEWEST_SEEDS), float(repetitions), explanation)


def selection_on_test(split: Split, protocol: str) -> Check:
    """B9: what is selected by the validation clips may not be reported on the same clips."""
    share = float(np.isin(split.test, split.validation).mean())
    explanation = f"Under {protocol}, {share:.1%} of the test clips are also validation clips."
    return Check("B9", "selection on the test part", _passed(share == 0), share, explanation)


def imbalance(clips: pd.DataFrame, split: Split) -> Check:
    """B11: with classes of unequal size accuracy alone says little; the figure is the ratio of largest to smallest."""
    counts = clips["label"].iloc[split.test].value_counts()
    ratio = float(counts.max() / counts.min())
    explanation = (
        f"The largest class of the test part has {counts.max()} clips, the smallest {counts.min()}; "
        f"always naming '{counts.idxmax()}' scores {counts.max() / counts.sum():.1%}."
    )
    return Check("B11", "class imbalance", _passed(ratio <= LARGEST_IMBALANCE), ratio, explanation)


def normalisation(fitted_on: str) -> Check:
    """B16: a normalisation may be fitted on each clip by itself or on the training part, never on test clips."""
    explanation = f"The normalisation is fitted on {fitted_on}; no test clip may take part for another."
    return Check("B16", "normalisation", _passed(fitted_on in SAFE_FITS), fitted_on, explanation)


def size_of_test(clips: pd.DataFrame, split: Split) -> Check:
    """B19: the test part bounds what can be seen; the figure is its number of clips."""
    items, groups = len(split.test), clips["group"].iloc[split.test].nunique()
    error = 100 * 0.5 / np.sqrt(items)
    explanation = (
        f"{items} test clips of {groups} groups: an accuracy of 50 % has a standard error of {error:.1f} points, "
        f"more if the clips of a group go together; {LARGEST_ERROR:g} points are asked."
    )
    return Check("B19", "size of the test part", _passed(error <= LARGEST_ERROR), float(items), explanation)


def _share_known(values: pd.Series, split: Split) -> float:
    return float(values.iloc[split.test].isin(values.iloc[split.train]).mean())


def _passed(good: bool) -> Outcome:
    return "pass" if good else "fail"
