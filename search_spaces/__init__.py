"""What a study may vary: small named functions over Optuna's distributions.

Each function returns one dimension under the name of the trial's parameter; `joined` makes a space of several, and
`where` has a dimension drawn only where other settings have certain values.
"""

from search_spaces.space import InvalidSpace, Space, joined, where

__all__ = ["InvalidSpace", "Space", "joined", "where"]
