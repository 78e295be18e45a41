"""Which seeds trials have: those of the search, of finalists and of confirm are apart, so that none is used twice."""

MOST_TRIALS = 998
"""Explored trials of an arm, at most: the seed of each is its number."""
SEEDS = (MOST_TRIALS, MOST_TRIALS + 1)
"""The seeds of finalists."""
FIRST_SEED = MOST_TRIALS + len(SEEDS)
"""The first seed of confirm."""
