"""Verdict forest: every claim's effect with its interval, the margin shaded, the published value an open diamond."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.claims import KINDS
from analysis.figures.figure import Figure
from analysis.figures.style import (
    BAND,
    COSTS,
    INK,
    QUIET,
    TEMPLATE,
    blank,
    broken,
    in_lines,
    nothing,
    padded,
    plain,
    protocol_style,
    rounded,
)
from analysis.protocols import judging, protocol_name
from analysis.results import Results
from analysis.text import SHARES, Measured, measured
from analysis.verdicts.verdict import Verdict

COLUMNS = ["claim", "protocol", "word", "unit", "margin", "printed", "effect", "low", "high", "low90", "high90", "n"]
PLACES = ["printed", "effect", "low", "high", "low90", "high90"]
ROW, EDGE, BOTTOM, TITLE = 38, 72, 48, 18
FEW_TICKS = 5
LABEL = 22
"""Letters of a line of a claim's name: a figure is half as wide as a page, or as a phone."""
# Between the lines of two protocols, in rows.
APART = 0.28
# Units in which "no effect" is not 0; the first two are drawn on logarithmic axes.
RATIOS = ("ratio", "odds ratio per SD")
NEUTRAL = dict.fromkeys(RATIOS, 1.0) | dict.fromkeys(SHARES, 0.5)


class Forest(NamedTuple):
    """`rows`: one per claim and protocol with an effect, in the order of the claims; `units`: one axis for each."""

    rows: pd.DataFrame
    units: tuple[str, ...]


def forest_data(verdicts: Sequence[Verdict]) -> Forest:
    """The verdicts that have a finite effect, in `COLUMNS`; effects are in each verdict's own unit.

    What has no interval is left out. The effect of a level is its distance from the printed one, which is 0.
    """
    drawn = [v for v in verdicts if KINDS[v.kind].intervals]
    table = pd.DataFrame([{**vars(v), "claim": v.name} for v in drawn], columns=COLUMNS)
    table = table.astype(dict.fromkeys(["margin", *PLACES], "float64"))
    origins = np.array([KINDS[v.kind].origin(v.printed) for v in drawn])
    table[PLACES] = table[PLACES].sub(origins, axis=0)
    table = table[np.isfinite(table["effect"])].reset_index(drop=True)
    units = tuple(sorted(dict.fromkeys(table["unit"]), key=lambda unit: unit != "points"))
    return Forest(table, units)


PRINTED = " Open diamond: what the document printed, where it printed a figure."


def effects(results: Results) -> Iterator[Figure]:
    """All claims on one axis per unit."""
    data = forest_data(results.judged)
    caption = (
        "Right of the line: the first of a claim is ahead, as claimed where a direction is claimed. Thick: 90 % "
        "interval; thin: 95 %, unadjusted for the number of claims. "
        f"Shaded: each claim's margin.{PRINTED if any(v.printed is not None for v in results.judged) else ''}"
    )
    label = f"Verdict forest: effects of {data.rows['claim'].nunique()} claims with their intervals."
    if not data.rows.empty:
        yield Figure(draw_forest(data), label, caption)


def line(judged: Sequence[Verdict]) -> Figure:
    """The verdicts of one claim, without a legend, a third as wide as a page."""
    drawing = draw_forest(forest_data(judged)).update_traces(showlegend=False)
    for axis in drawing.select_xaxes():
        axis.update(title_text=in_lines(axis.title.text, LABEL), nticks=FEW_TICKS, tickangle=0, tickfont_size=10)
        more = TITLE * axis.title.text.count("<br>")
        drawing.update_layout(height=drawing.layout.height + more, margin_b=BOTTOM + more)
    return Figure(drawing, f"Effect of {judged[0].name} with its interval.", title="Effect and interval")


def draw_forest(data: Forest) -> go.Figure:
    """One panel per unit; thin line 95 %, thick line 90 %, shaded the margin, open diamond the published value."""
    if data.rows.empty:
        return nothing(blank("effect", ""), "No effect was measured.")
    panels = [data.rows[data.rows["unit"] == unit] for unit in data.units]
    sizes = [panel["claim"].nunique() for panel in panels]
    height = sum(sizes) * ROW + len(sizes) * EDGE
    figure = make_subplots(
        rows=len(panels), cols=1, row_heights=sizes, vertical_spacing=min(0.3, EDGE / height) if len(panels) > 1 else 0
    )
    figure.update_layout(template=TEMPLATE, height=height, margin_b=BOTTOM)
    for index, panel in enumerate(panels, start=1):
        _panel(figure, panel, index)
    return _legend_once(figure)


def _panel(figure: go.Figure, rows: pd.DataFrame, index: int) -> None:
    claims = list(dict.fromkeys(rows["claim"]))
    unit = rows["unit"].iloc[0]
    for place, claim in enumerate(claims):
        _margin(figure, rows[rows["claim"] == claim], place, index)
    figure.add_vline(x=NEUTRAL.get(unit, 0.0), line={"color": QUIET, "width": 1}, row=index, col=1)
    for protocol in [p.name for p in judging() if p.name in set(rows["protocol"])]:
        _series(figure, rows[rows["protocol"] == protocol], claims, protocol, index)
    _printed(figure, rows, claims, index)
    bounds = rows[["low", "high", "low90", "high90", "effect", "printed"]].to_numpy(dtype=float).ravel()
    shown = padded([*bounds, NEUTRAL.get(unit, 0.0)], logarithmic=unit in RATIOS)
    kind = {"type": "log" if unit in RATIOS else "linear", "range": shown}
    figure.update_xaxes(title_text=axis_title(unit), row=index, col=1, **kind)
    ticks = {"tickvals": list(range(len(claims))), "ticktext": ["<br>".join(wrap(plain(c), LABEL)) for c in claims]}
    figure.update_yaxes(range=[len(claims) - 0.5, -0.5], showgrid=False, row=index, col=1, **ticks)


def axis_title(unit: str) -> str:
    """What the axis of a unit shows."""
    named = {name: name for name in NEUTRAL} | {"ratio": COSTS}
    return named.get(unit, f"effect ({plain(unit)})")


def _margin(figure: go.Figure, rows: pd.DataFrame, place: int, index: int) -> None:
    margin = rows["margin"].max()
    unit = rows["unit"].iloc[0]
    if not np.isfinite(margin) or margin <= 0 or (unit in NEUTRAL and unit not in RATIOS):
        return
    low, high = (1 / margin, margin) if unit in RATIOS else (-margin, margin)
    corners = {"x0": low, "x1": high, "y0": place - 0.5, "y1": place + 0.5}
    figure.add_shape(type="rect", **corners, fillcolor=BAND, line_width=0, layer="below", row=index, col=1)


def _series(figure: go.Figure, rows: pd.DataFrame, claims: list[str], protocol: str, index: int) -> None:
    style, names = protocol_style(protocol), [each.name for each in judging()]
    shift = APART * (names.index(protocol) - (len(names) - 1) / 2)
    y = [claims.index(claim) + shift for claim in rows["claim"]]
    for limits, width in ((rows[["low", "high"]], 1.5), (rows[["low90", "high90"]], 5)):
        figure.add_trace(_whiskers(limits, y, {"color": style.colour, "width": width}, protocol), row=index, col=1)
    texts = [_hover(row) for _, row in rows.iterrows()]
    marker = {"color": style.colour, "symbol": style.symbol, "size": 9, "line": {"color": "white", "width": 1}}
    points = {"x": rounded(rows["effect"]), "y": y, "mode": "markers", "marker": marker, "hoverinfo": "text"}
    figure.add_trace(
        go.Scatter(**points, hovertext=texts, name=protocol_name(protocol), legendgroup=protocol), row=index, col=1
    )


def _whiskers(limits: pd.DataFrame, y: list[float], line: dict[str, object], group: str) -> go.Scatter:
    xs, ys = broken((rounded(row), [at, at]) for row, at in zip(limits.to_numpy(), y, strict=True))
    return go.Scatter(x=xs, y=ys, mode="lines", line=line, hoverinfo="skip", legendgroup=group, showlegend=False)


def _hover(row: "pd.Series[float]") -> str:
    found = measured(cast("Measured", row))
    return (
        f"<b>{plain(row['claim'])}</b>, {protocol_name(str(row['protocol']))}: {plain(row['word'])}<br>"
        f"{found} (95 % interval), n = {row['n']}"
    )


def _printed(figure: go.Figure, rows: pd.DataFrame, claims: list[str], index: int) -> None:
    printed = rows[np.isfinite(rows["printed"])].drop_duplicates("claim")
    if printed.empty:
        return
    marker = {"symbol": "diamond-open", "size": 12, "color": INK, "line": {"width": 2}}
    trace = go.Scatter(
        x=rounded(printed["printed"]),
        y=[claims.index(claim) for claim in printed["claim"]],
        mode="markers",
        marker=marker,
        name="published",
        legendgroup="published",
        hovertemplate="published: %{x}<extra></extra>",
    )
    figure.add_trace(trace, row=index, col=1)


def _legend_once(figure: go.Figure) -> go.Figure:
    seen: set[str] = set()
    for trace in figure.data:
        if trace.showlegend is not False:
            trace.showlegend = trace.legendgroup not in seen
            seen.add(str(trace.legendgroup))
    return figure
