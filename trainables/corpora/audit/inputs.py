"""What a network is given: a normalisation that heard test clips (B16), side features that tell the label (B17)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trainables.corpora.audit.check import Check, evenly, not_applicable, passed
from trainables.corpora.splits import Split

LARGEST_KNOWLEDGE = 0.95
MOST_ROWS = 20_000


def normalisation(before: np.ndarray, after: np.ndarray) -> Check:
    """B16: the inputs of training clips may not change with the audio of test clips.

    `before` and `after` (N, ...) are the features of the same training clips, computed once with the test clips as they
    are and once with other audio in their place; what was fitted on all clips differs.
    """
    same = np.array_equal(before, after, equal_nan=True)
    changed = 0.0 if same else float((before != after).reshape(len(before), -1).any(axis=1).mean())
    explanation = (
        f"With other audio in place of the test clips, the features of {changed:.1%} of {len(before)} training clips "
        "change."
    )
    return Check("B16", "normalisation", passed(same), changed, explanation, "of the training clips", "at most 0")


def side_features(clips: pd.DataFrame, split: Split, names: Sequence[str], offered: Sequence[str]) -> Check:
    """B17: what a network is told beside the audio is offered by the corpus, and may not tell it the label, alone.

    The figure is the larger of two, over all columns: the accuracy on the validation part (or, without one, on the
    training part) of a decision tree of this one feature, and the share of the information on the label that it holds.
    """
    title = "side features that tell the label"
    if not names:
        return not_applicable("B17", title, "The networks are given nothing beside the audio.")
    known = {name: max(one_feature(clips, split, name)) for name in names}
    most = max(known, key=lambda name: known[name])
    denied = [name for name in names if name not in offered]
    explanation = (
        f"Of {', '.join(names)}, '{most}' tells most of the label: {known[most]:.1%} by a decision tree, or as a share "
        "of the information on it." + (f" Not to be used: {', '.join(denied)}." if denied else "")
    )
    return Check(
        "B17",
        title,
        passed(not denied and known[most] <= LARGEST_KNOWLEDGE),
        known[most],
        explanation,
        "of the label",
        f"at most {LARGEST_KNOWLEDGE:g}",
    )


def one_feature(clips: pd.DataFrame, split: Split, name: str) -> tuple[float, float]:
    """What one column tells of the label: the accuracy of a decision tree, and I(label; column) / H(label)."""
    # It takes a second to import, and most networks are given nothing beside the audio.
    from sklearn.metrics import mutual_info_score  # noqa: PLC0415
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415

    train = evenly(split.train, MOST_ROWS)
    scored = evenly(split.validation, MOST_ROWS) if len(split.validation) else train
    codes = pd.factorize(clips[name], sort=True)[0].astype(np.float64)[:, None]
    labels = clips["label"].to_numpy(str)
    tree = DecisionTreeClassifier(random_state=0).fit(codes[train], labels[train])
    information = mutual_info_score(labels[train], codes[train, 0])
    entropy = mutual_info_score(labels[train], labels[train])
    return float(tree.score(codes[scored], labels[scored])), float(information / entropy) if entropy else 0.0
