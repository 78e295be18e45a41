"""The parts that a corpus was published with to evaluate on (B4)."""

import pandas as pd

from trainables.corpora.audit.check import Check, passed, share
from trainables.corpora.splits import Split

EVALUATION = ("valid", "validation", "test")
"""Names of official parts that were published to evaluate on, not to train on."""


def evaluation_part(clips: pd.DataFrame, split: Split) -> Check:
    """B4: what was published to evaluate on may not be trained on; `part` is the column of the official parts."""
    name = "evaluation part trained on"
    trained = share(clips["part"].iloc[split.train].isin(EVALUATION))
    explanation = f"{trained:.1%} of the training clips are of a part that was published to evaluate on."
    return Check("B4", name, passed(trained == 0), trained, explanation)
