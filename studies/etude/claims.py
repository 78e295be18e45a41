"""The kinds of claim, under a short name for a study's own file."""

from analysis.claims import *  # noqa: F403
