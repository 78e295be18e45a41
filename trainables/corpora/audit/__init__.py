"""Detectors of known flaws in data and splits (B1 to B19), one module each theme; `card.card` has all of a corpus.

Each is a small function that gives a `check.Check`: an outcome, the figure behind it, and a sentence on what was
counted. Some are of every corpus; of the others a corpus declares those that its files allow.
"""
