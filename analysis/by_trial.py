"""The rows of each trial in a table of many."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ByTrial(Mapping[str, pd.DataFrame]):
    """The rows of each trial in a table, by the trial's name, in the order in which they stand in the table.

    A frame is made only of what is asked for: one of each trial takes longer than all else that reads a large table.
    """

    table: pd.DataFrame
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)

    def __getitem__(self, trial: str) -> pd.DataFrame:
        if trial not in self._frames:
            self._frames[trial] = self.table.iloc[self._places[trial]]
        return self._frames[trial]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, trial: object) -> bool:
        return trial in self._places

    def together(self, trials: Iterable[str]) -> pd.DataFrame:
        """The rows of several trials, one trial after the other; none of a trial that has none."""
        places = [self._places[trial] for trial in trials if trial in self._places]
        return self.table.iloc[np.concatenate(places) if places else []]

    def count(self, trial: str) -> int:
        """The number of rows of a trial; 0 for one that has none."""
        return len(self._places.get(trial, ()))

    @cached_property
    def _places(self) -> dict[str, NDArray[np.intp]]:
        found = self.table.groupby("trial", sort=False).indices
        return {str(trial): np.asarray(each, dtype=np.intp) for trial, each in found.items()}
