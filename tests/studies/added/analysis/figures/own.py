"""How long the trials took."""

from collections.abc import Iterator, Sequence

import plotly.graph_objects as go

from analysis.figures.figure import Cell, Figure, Table
from analysis.results import Results


def durations(results: Results) -> Iterator[Figure]:
    """The seconds of every trial."""
    drawing = go.Figure(go.Scatter(y=results.run.trials["seconds"].tolist()), {"height": 200})
    yield Figure(drawing, "Seconds of every trial.", "A dot a trial.", "How long trials took")


def times(results: Results, arms: Sequence[str], unit: str) -> Iterator[Table]:
    """The times of some arms."""
    seconds = results.run.trials.groupby("arm")["seconds"].sum()
    rows = tuple((Cell(arm), Cell(f"{seconds[arm]:.1f} {unit}", float(seconds[arm]))) for arm in arms)
    yield Table(("Network", "Time"), rows, "How long some arms took.")
