"""How long the trials took."""

from collections.abc import Iterator

import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.results import Results


def durations(results: Results) -> Iterator[Figure]:
    """The seconds of every trial."""
    drawing = go.Figure(go.Scatter(y=results.run.trials["seconds"].tolist()), {"height": 200})
    yield Figure(drawing, "Seconds of every trial.", "A dot a trial.", "How long trials took")
