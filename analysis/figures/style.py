"""The look shared by all figures: one template, one style per arm, and helpers that draw intervals and bands."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.protocols import HEADLINE, shown

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif'
INK, QUIET, GRID, BAND, PAPER = "#1d2430", "#5b6472", "#e6e8ec", "#eceff4", "#ffffff"

# Okabe and Ito's colours, which differ for all common kinds of colour vision, with grey for their yellow, which is too
# faint on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7A7A7A")
TONES = {
    INK: "#e4e8ee",
    QUIET: "#a5aebb",
    GRID: "#2a313c",
    BAND: "#252d38",
    PAPER: "#14181f",
    "#b6bcc6": "#55606f",
    "#000000": "#ffffff",
    # The scale of confusion matrices, and what is written on a hatched block.
    "#eef4f9": "#1b2735",
    "#7fb1d3": "#2b6496",
    "#08457a": "#9ccdf3",
    "#7a2d00": "#f6b48f",
}
"""What becomes of a colour on a dark page; the others can be told from dark paper as from white."""


def opening(colour: str) -> str:
    """How a "#rrggbb" colour of any opacity begins."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},"


DARK = TONES | {opening(colour): opening(tone) for colour, tone in TONES.items()}
"""The same of opaque colours and of translucent ones, of which the opacity stays."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
FEW = 10
"""Epochs, or trials, that an axis names one by one."""
SYMBOLS = ("circle", "square", "triangle-up", "cross", "x", "triangle-down", "pentagon", "star", "diamond")


COSTS = "cost: the dearer ÷ the cheaper, as claimed"
"""The title of an axis of ratios of costs."""
Numbers = Sequence[float] | pd.Series | np.ndarray


class Style(NamedTuple):
    """How one series is told from the others: by colour, and by dash and marker for who sees no colour."""

    colour: str
    dash: str
    symbol: str


def arm_styles(arms: Sequence[str]) -> dict[str, Style]:
    """One style per arm; colour, dash and marker all change from arm to arm, so that any one of them tells them apart.

    Colours are 8, dashes 5 and markers 9: no two of them have a common factor, so 360 arms pass before a style returns.
    """
    return {
        arm: Style(COLOURS[i % len(COLOURS)], DASHES[i % len(DASHES)], SYMBOLS[i % len(SYMBOLS)])
        for i, arm in enumerate(dict.fromkeys(arms))
    }


def protocol_style(protocol: str) -> Style:
    """The style of a protocol, by its place among those that are shown; the headline's for one of another version."""
    styles = arm_styles([each.name for each in shown()])
    return styles.get(protocol, styles[HEADLINE.name])


def plain(text: object) -> str:
    """`text` as plotly shows it literally: plotly reads a few HTML tags in labels."""
    return escape(str(text), quote=False)


def short(label: str, longest: int = 18) -> str:
    """A label as plotly shows it literally, cut where it is longer than an axis has room for."""
    return plain(label if len(label) <= longest else label[: longest - 1] + "…")


def in_lines(label: str, width: int = 18) -> str:
    """A label as plotly shows it literally, on as many lines as it takes: nothing of it is cut."""
    return "<br>".join(plain(line) for line in wrap(label, width, break_long_words=False))


def translucent(colour: str, alpha: float) -> str:
    """A "#rrggbb" colour with an opacity of 0 to 1."""
    return f"{opening(colour)}{alpha})"


def _template() -> go.layout.Template:
    axis = {
        "automargin": True,
        "gridcolor": GRID,
        "linecolor": "#b6bcc6",
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "#b6bcc6",
        "zeroline": False,
        "title": {"standoff": 8, "font": {"size": 13, "color": QUIET}},
        "tickfont": {"size": 12, "color": INK},
    }
    layout = {
        "font": {"family": FONT, "size": 13, "color": INK},
        "colorway": list(COLOURS),
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "xaxis": axis,
        "yaxis": axis,
        "hoverlabel": {"font": {"family": FONT, "size": 12}, "bgcolor": PAPER, "bordercolor": "#b6bcc6"},
        "hovermode": "closest",
        "dragmode": False,
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
    }
    return go.layout.Template(layout=layout)


TEMPLATE = _template()


def blank(x: str, y: str, height: int = 340) -> go.Figure:
    """An empty figure in the shared template with titled axes, `height` in pixels."""
    axes = {"xaxis": {"title": {"text": x}}, "yaxis": {"title": {"text": y}}}
    return go.Figure(layout={"template": TEMPLATE, "height": height, **axes})


def nothing(figure: go.Figure, reason: str) -> go.Figure:
    """Say in the middle of a figure why it shows nothing."""
    figure.add_annotation(text=plain(reason), x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure.update_layout(height=120)


def whiskers(mean: Numbers, low: Numbers, high: Numbers, look: Mapping[str, Any], digits: int = 4) -> dict:
    """Error bars from `low` to `high` around `mean`; `look` is their colour, thickness and width in pixels."""
    above, below = np.subtract(high, mean), np.subtract(mean, low)
    return {"array": rounded(above, digits), "arrayminus": rounded(below, digits), **look}


def broken(lines: Iterable[tuple[Numbers, Numbers]]) -> tuple[list[float], list[float]]:
    """The points of several lines as those of one trace, a gap after each: many traces are slow to draw."""
    xs: list[float] = []
    ys: list[float] = []
    for x, y in lines:
        xs += [*x, np.nan]
        ys += [*y, np.nan]
    return xs, ys


def outline(x: Numbers, low: Numbers, high: Numbers) -> dict[str, Any]:
    """The area between `low` and `high`, to be filled; points where either is not finite are left out."""
    xs, lows, highs = (np.asarray(values, dtype=float) for values in (x, low, high))
    kept = np.isfinite(lows) & np.isfinite(highs)
    points = {"x": rounded([*xs[kept], *xs[kept][::-1]]), "y": rounded([*highs[kept], *lows[kept][::-1]])}
    return {**points, "mode": "lines", "fill": "toself", "hoverinfo": "skip", "showlegend": False}


def band(x: Numbers, low: Numbers, high: Numbers, style: Style, group: str) -> go.Scatter:
    """A shaded band between `low` and `high`."""
    fill = translucent(style.colour, 0.16)
    return go.Scatter(**outline(x, low, high), line={"width": 0}, fillcolor=fill, legendgroup=group)


def rounded(values: Numbers, digits: int = 4) -> list[float]:
    """Floats with as many digits as a screen can show; what is not finite becomes NaN, which plotly leaves out."""
    array = np.asarray(values, dtype=float)
    return [float(v) for v in np.round(np.where(np.isfinite(array), array, np.nan), digits)]


def padded(values: Numbers, share: float = 0.06, logarithmic: bool = False) -> list[float] | None:
    """An axis range that leaves `share` of it free on both sides of the finite values; None without any.

    For a logarithmic axis the range is in powers of ten, as plotly wants it.
    """
    array = np.asarray(values, dtype=float)
    array = np.log10(array[array > 0]) if logarithmic else array
    array = array[np.isfinite(array)]
    if not len(array):
        return None
    low, high = float(array.min()), float(array.max())
    room = share * (high - low) or 0.5
    return [low - room, high + room]


def over_epochs(figure: go.Figure, last: float) -> go.Figure:
    """The axis of epochs, from the first to the last, with a tick at each of a few: there is none between them."""
    return figure.update_xaxes(range=[0.5, last + 0.5], dtick=step(last))


def step(last: float) -> int | None:
    """From tick to tick of an axis of whole numbers up to the last; None where they are too many to name each."""
    return 1 if last <= FEW else None


def thinned(length: int, limit: int = 150) -> list[int]:
    """At most `limit` positions of a curve of `length` points, evenly spaced, with the first and the last."""
    if length <= limit:
        return list(range(length))
    return sorted({int(i) for i in np.linspace(0, length - 1, limit).round()})
