"""Detectors of known flaws in data and splits (B1 to B19); `card` has them all, one module each theme.

Each is a small function that gives a `Check`: an outcome, the figure behind it, and a sentence on what was counted.
"""

from trainables.corpora.audit.card import card
from trainables.corpora.audit.check import Check, Outcome, worst
from trainables.corpora.audit.fingerprints import Fingerprints
from trainables.corpora.audit.groups import leak_share

__all__ = ["Check", "Fingerprints", "Outcome", "card", "leak_share", "worst"]
