"""A run as tables, verdicts and figures, for a notebook: `etude.load(path)`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.columns import TABLES
from analysis.figures.figure import Figure
from analysis.report.embed import Embedded, embedder
from analysis.report.sections import SECTIONS
from analysis.results import Results
from analysis.runs import VERDICTS, Run, understood
from analysis.verdicts import Verdict

SETTING = "setting_"
"""What the columns begin with that hold the settings of a trial."""
JOIN = "; "


@dataclass(frozen=True)
class Loaded:
    """What the folder of a run holds; verdicts and figures are computed when they are first asked for.

    The columns of the tables are described in `analysis.columns`, and in the README of `analysis`.
    """

    run: Run

    @classmethod
    def of(cls, path: Path | str) -> "Loaded":
        """The run in a folder; raises RunError where a file is missing, unreadable or damaged."""
        return cls(Run.load(path))

    @property
    def path(self) -> Path:
        return self.run.path

    @property
    def study(self) -> Mapping[str, Any]:
        """What study.json says: arms, claims, scale, data, versions, launches."""
        return self.run.study

    @cached_property
    def trials(self) -> pd.DataFrame:
        """A row for each trial and what it is for, with a column "setting_NAME" for each setting.

        A setting that only other trials have is missing (NaN).
        """
        with understood(self.path):
            settings = pd.DataFrame([json.loads(text) for text in self.run.trials["settings"]])
        return self.run.trials.drop(columns="settings").join(settings.add_prefix(SETTING))

    @property
    def epochs(self) -> pd.DataFrame:
        """A row for each epoch of each trial."""
        return self.run.epochs

    @property
    def predictions(self) -> pd.DataFrame:
        """A row for each test item of each confirmed trial; `labels` name the classes of its logits."""
        return self.run.predictions

    @property
    def labels(self) -> list[str]:
        """The classes, in the order of the logits."""
        return self.run.labels

    @cached_property
    def verdicts(self) -> Sequence[Verdict]:
        """The verdict of each claim under each protocol."""
        return self._results.judged

    @cached_property
    def verdict_table(self) -> pd.DataFrame:
        """The verdicts as a table: that of verdicts.csv."""
        return table_of(self.verdicts)

    @cached_property
    def figures(self) -> Mapping[str, go.Figure]:
        """The figures of the report in its order, by the section that shows them and their number in it."""
        found: dict[str, go.Figure] = {}
        embed = embedder({})
        with understood(self.path):
            for section in SECTIONS:
                drawn: list[go.Figure] = []

                def kept(figure: Figure, drawn: list[go.Figure] = drawn) -> Embedded:
                    drawn.append(figure.drawing)
                    return embed(figure)

                section.of(self._results, kept)
                found |= {f"{section.id}-{number}": each for number, each in enumerate(drawn, 1)}
        return found

    @cached_property
    def _results(self) -> Results:
        with understood(self.path):
            return Results.of(self.run)


def table_of(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Verdicts as a table, a row each, with the columns that verdicts.csv has."""
    rows = [{**asdict(each), "badges": JOIN.join(each.badges), "arms": JOIN.join(each.arms)} for each in verdicts]
    return pd.DataFrame(rows, columns=[column.name for column in TABLES[VERDICTS]])
