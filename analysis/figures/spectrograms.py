"""Spectrograms of sounds side by side, as a run has stored them, for the figures that show sounds to hear."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.features import BAR, SPACING, TICKS, Image, colour_axis, heatmap, rows_axis
from analysis.figures.style import blank, nothing

HEIGHT = 320
UNIT = "dB relative to the peak"


def stored(name: str, spectrogram: Mapping[str, Any], seconds: float) -> Image:
    """A spectrogram of rows by frames, in dB relative to its peak, whose rows are centred at `hertz`."""
    values, centres = (np.asarray(spectrogram[part], dtype=float) for part in ("values", "hertz"))
    return Image(name, np.atleast_2d(values), centres, False, seconds, UNIT)


def side_by_side(images: Sequence[Image], titles: Sequence[str]) -> go.Figure:
    """Spectrograms on one scale of colours, each under its title."""
    figure = blank("", "", HEIGHT)
    if not any(np.isfinite(image.values).any() for image in images):
        return nothing(figure, "No spectrogram was stored.")
    make_subplots(1, len(images), figure=figure, subplot_titles=titles, shared_yaxes=True, **SPACING)
    for column, image in enumerate(images, 1):
        figure.add_trace(heatmap(image), 1, column)
        figure.update_yaxes(**rows_axis(image, TICKS), row=1, col=column)
        figure.update_xaxes(range=[0, image.seconds], row=1, col=column)
    figure.update_xaxes(title_text="time (s)", showgrid=False, nticks=4)
    figure.update_yaxes(title_text="frequency (Hz)", row=1, col=1)
    figure.update_layout(coloraxis=colour_axis(images), margin={"t": BAR + 24})
    return figure.update_annotations(font_size=12)
