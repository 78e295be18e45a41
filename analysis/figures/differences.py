"""Every run of a claim: paired slopes over its arms, and the differences of the pairs beside their interval."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.claims import Claim
from analysis.claims.evidence import Comparison
from analysis.confirmed import Confirmed
from analysis.figures.figure import Figure
from analysis.figures.style import (
    BAND,
    COSTS,
    PAPER,
    QUIET,
    Style,
    blank,
    in_lines,
    nothing,
    padded,
    plain,
    protocol_style,
    rounded,
    translucent,
    whiskers,
)
from analysis.figures.values import paired, summary
from analysis.metrics import METRICS
from analysis.protocols import protocol_name
from analysis.statistics.intervals import Floats
from analysis.text import TIMES
from analysis.verdicts.verdict import Verdict

ROW, LINE, EDGE, BOTTOM = 104, 22, 60, 48
PAIR, NARROW = 2, 38
ByProtocol = Mapping[str, Confirmed]
BESIDE, TEXT = 4, 16
"""Arms that have room for their names beside each other, and the height in pixels of a line of a name."""
RIGHT = "Right: the first is ahead, as claimed where a direction is claimed."
SHADED = " Shaded: the margin, within which a difference does not count."


class Slopes(NamedTuple):
    """`values`: one row per repetition, one column per arm, of one protocol; `label` is the title of their axis."""

    values: pd.DataFrame
    arms: tuple[str, ...]
    label: str


class Differences(NamedTuple):
    """`runs`: comparison, protocol, repetition, difference; `intervals`: comparison, protocol, effect, low, high, n.

    `margin` is None where the claim has none.
    """

    runs: pd.DataFrame
    intervals: pd.DataFrame
    unit: str
    margin: float | None

    @property
    def average(self) -> str:
        """What the intervals are of: a cost's is the median."""
        return "median" if self.unit == "ratio" else "mean"

    @property
    def number(self) -> str:
        """How plotly writes a difference, or a ratio of costs."""
        return f"{TIMES}\u202f%{{x:.2f}}" if self.unit == "ratio" else "%{x:+.2f}"

    @property
    def seeds(self) -> str:
        """How many seeds are paired, of each protocol where they are not as many."""
        sizes = self.runs.groupby(["protocol", "comparison"], sort=False).size().groupby("protocol", sort=False).max()
        if sizes.nunique() < 2:
            return f"the {int(sizes.max()) if len(sizes) else 0} paired seeds"
        return f"the paired seeds ({', '.join(f'{protocol_name(str(name))} {n}' for name, n in sizes.items())})"


def every_run(confirmed: ByProtocol, claim: Claim, judged: Sequence[Verdict]) -> Iterator[Figure]:
    data = differences_data(confirmed, claim, judged)
    means = f"{RIGHT}{SHADED if data.margin is not None else ''}"
    caption = f"Small markers: {data.seeds}; large: their {data.average} with its 95 % interval. {means}"
    if len(data.intervals):
        yield Figure(draw_differences(data), f"Every run of {claim.name} beside the interval.", caption, "Every run")


def paired_runs(confirmed: ByProtocol, claim: Claim, judged: Sequence[Verdict]) -> Iterator[Figure]:
    """The paired slopes of a claim of several arms, under each protocol."""
    label = f"{claim.axis} of each seed over the arms of {claim.name}."
    protocols = [verdict.protocol for verdict in judged if len(claim.arms) > 1]
    found = {protocol: slopes_data(confirmed[protocol], claim) for protocol in protocols}
    values = [data.values.to_numpy(float).ravel() for data in found.values()]
    # One axis for all protocols: each with its own made unlike effects look alike.
    shared = padded(np.concatenate(values)) if values else None
    for protocol, data in found.items():
        drawing = draw_slopes(data, protocol_style(protocol), shared)
        title = f"Paired runs, {protocol_name(protocol)}"
        yield Figure(drawing, label, "One line per seed; large: the mean.", title)


def slopes_data(confirmed: Confirmed, claim: Claim) -> Slopes:
    """Each repetition's value in every arm of a claim, of the repetitions that all of them completed.

    Of two arms the first of the claim stands right, as it does where intervals are drawn.
    """
    values = paired(confirmed, claim)
    arms = tuple(values.columns)
    return Slopes(values, arms[::-1] if len(arms) == PAIR else arms, claim.axis)


def draw_slopes(data: Slopes, style: Style, limits: Sequence[float] | None = None) -> go.Figure:
    """One thin line per repetition over the arms, from the left, or of many from the top; the mean of each arm, large.

    `limits` are those of the axis of values, if they are not to follow from them.
    """
    down, labels = len(data.arms) > BESIDE, [in_lines(arm) for arm in data.arms]
    lines = max(label.count("<br>") for label in labels)
    height = EDGE + len(labels) * (TEXT * (lines + 1) + 8) if down else 320 + LINE * lines
    titles = f"arm (n = {len(data.values)} seeds)", data.label
    figure = blank(*(titles[::-1] if down else titles), height)
    wide = data.values.reindex(columns=list(data.arms)).astype(float)
    if not np.isfinite(wide.to_numpy()).any():
        return nothing(figure, "No repetition that all of these arms completed.")
    figure.add_traces([_line(row, style, repetition, down) for repetition, row in wide.iterrows()])
    figure.add_trace(_means(wide, style, down))
    names, ends = [plain(arm) for arm in data.arms], [-0.35, len(labels) - 0.65]
    ticks = {"tickvals": names, "ticktext": labels, "tickangle": 0 if down or len(names) <= PAIR else None}
    arms = {"type": "category", "categoryorder": "array", "categoryarray": names, "range": ends, **ticks}
    if down:
        return figure.update_yaxes(**arms | {"range": ends[::-1]}).update_xaxes(range=limits)
    return figure.update_xaxes(**arms).update_yaxes(range=limits)


def _places(values: "pd.Series[float]", down: bool, words: str = "") -> tuple[dict[str, list], str]:
    """The coordinates of a value of each arm, and the template of what is shown of one, with words before it."""
    arms, numbers = [plain(arm) for arm in values.index], rounded(values)
    if down:
        return {"x": numbers, "y": arms}, f"%{{y}}: {words}%{{x:.2f}}"
    return {"x": arms, "y": numbers}, f"%{{x}}: {words}%{{y:.2f}}"


def _line(values: "pd.Series[float]", style: Style, repetition: object, down: bool) -> go.Scatter:
    places, shown = _places(values, down)
    return go.Scatter(
        **places,
        mode="lines+markers",
        line={"color": translucent(style.colour, 0.4), "width": 1},
        marker={"size": 5, "color": translucent(style.colour, 0.55), "symbol": style.symbol},
        hovertemplate=f"{shown}<extra>seed {repetition}</extra>",
        name="one seed",
        legendgroup="seed",
        showlegend=False,
    )


def _means(wide: pd.DataFrame, style: Style, down: bool) -> go.Scatter:
    places, shown = _places(wide.mean(), down, "mean ")
    return go.Scatter(
        **places,
        mode="markers",
        marker={"size": 11, "color": style.colour, "symbol": style.symbol, "line": {"color": "white", "width": 1.5}},
        hovertemplate=f"{shown}<extra></extra>",
        showlegend=False,
    )


def differences_data(confirmed: ByProtocol, claim: Claim, verdicts: Sequence[Verdict]) -> Differences:
    """The difference of every paired repetition for each comparison of a claim, under each protocol judged.

    Differences are positive in the claimed direction and in the metric's unit; costs are ratios dearer / cheaper.
    """
    runs, intervals = [], []
    for verdict in verdicts:
        wide = paired(confirmed[verdict.protocol], claim)
        for first, second, judged in compared(claim, verdict):
            name = f"{second} / {first}" if claim.ratio else f"{first} − {second}"
            key = {"comparison": name, "protocol": verdict.protocol}
            found = difference(wide, claim, first, second)
            runs += [{**key, "repetition": r, "difference": d} for r, d in found.items()]
            intervals.append({**key, **interval(judged, found, claim.origin(verdict.printed))})
    columns = ["comparison", "protocol"]
    return Differences(
        pd.DataFrame(runs, columns=[*columns, "repetition", "difference"]),
        pd.DataFrame(intervals, columns=[*columns, "effect", "low", "high", "n"]),
        "ratio" if claim.ratio else METRICS[claim.metric].unit,
        claim.judged_margin,
    )


def compared(claim: Claim, verdict: Verdict) -> list[tuple[str, str, Comparison | Verdict]]:
    """What a claim compares and the interval of each: its two sides, or the comparisons of its verdict."""
    if claim.sides:
        return [(*claim.sides, verdict)]
    return [(c.first, c.second, c) for c in verdict.comparisons]


def difference(wide: pd.DataFrame, claim: Claim, first: str, second: str) -> "pd.Series[float]":
    """What is drawn of each repetition that has both sides."""
    found = claim.difference(partial(column, wide), first, second)
    return pd.Series(found, index=wide.index, dtype=float).dropna()


def column(wide: pd.DataFrame, name: str) -> Floats:
    """An arm's values by repetition, or a constant (a number as text); NaN for what the run lacks."""
    if name in wide:
        return wide[name].to_numpy(float)
    try:
        constant = float(name)
    except ValueError:
        constant = float("nan")
    return np.full(len(wide), constant)


def interval(judged: Comparison | Verdict, found: "pd.Series[float]", origin: float) -> dict[str, float]:
    """The judged interval of a comparison, less the origin of the axis.

    Where nothing was judged, the mean and Student's t over repetitions.
    """
    if judged.effect is None:
        mean, low, high, n = summary(found)
        return {"effect": mean, "low": low, "high": high, "n": n}
    low, high = (np.nan if limit is None else limit - origin for limit in (judged.low, judged.high))
    return {"effect": judged.effect - origin, "low": low, "high": high, "n": len(found)}


def draw_differences(data: Differences) -> go.Figure:
    """Dots: one per repetition; the marker beside them with its whiskers: the effect and its 95 % interval."""
    ratio = data.unit == "ratio"
    title = COSTS if ratio else f"difference ({plain(data.unit)})"
    rows = list(dict.fromkeys(data.intervals["comparison"]))
    row = ROW + LINE * max((wrapped(name).count("<br>") for name in rows), default=0)
    figure = blank(title, "", len(rows) * row + EDGE)
    if not np.isfinite(data.intervals["effect"].astype(float)).any():
        return nothing(figure, "No complete pair of runs.")
    if data.margin is not None:
        low, high = (1 / data.margin, data.margin) if ratio else (-data.margin, data.margin)
        figure.add_vrect(x0=low, x1=high, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(x=1 if ratio else 0, line={"color": QUIET, "width": 1})
    for place, protocol in enumerate(dict.fromkeys(data.intervals["protocol"])):
        _runs_and_interval(figure, data, protocol, rows, place, ROW / row)
    for place, name in enumerate(rows):
        # Above its runs, not beside them: the names of two arms leave no room for a figure on a phone.
        where = {"x": 0, "xref": "paper", "xanchor": "left", "y": place - 0.5, "yanchor": "top", "align": "left"}
        figure.add_annotation(
            text=wrapped(name), showarrow=False, font={"size": 12}, bgcolor=translucent(PAPER, 0.8), **where
        )
    figure.update_layout(margin_b=BOTTOM)
    return figure.update_yaxes(visible=False, range=[len(rows) - 0.5, -0.5])


def wrapped(name: str) -> str:
    """A comparison's name, on more lines than one where that would not fit a phone."""
    if len(name) <= NARROW:
        return plain(name)
    middle = next(sign for sign in (") − (", " − ", " / ") if sign in name)
    lines = name.replace(middle, middle.replace("− ", "\n− ").replace("/ ", "\n/ "), 1).split("\n")
    return "<br>".join(in_lines(each, NARROW + 4) for each in lines)


def _runs_and_interval(
    figure: go.Figure, data: Differences, protocol: str, rows: list[str], place: int, share: float
) -> None:
    """The runs of a protocol and their interval below them, in that share of each row that names of more lines leave.

    Rows are 1 high and centred on whole numbers; what is drawn of the protocols stands below each other.
    """
    style = protocol_style(protocol)
    dots = data.runs[data.runs["protocol"] == protocol]
    jitter = 0.05 * share * np.sin(2.4 * np.arange(len(dots)))
    base = 0.5 - share * (0.66 - 0.36 * place)
    figure.add_trace(
        go.Scatter(
            x=rounded(dots["difference"]),
            y=rounded(np.array([rows.index(c) for c in dots["comparison"]], dtype=float) + base + jitter),
            mode="markers",
            marker={"color": translucent(style.colour, 0.5), "symbol": style.symbol, "size": 6},
            customdata=dots["repetition"].to_list(),
            hovertemplate=f"seed %{{customdata}}: {data.number}<extra></extra>",
            legendgroup=protocol,
            showlegend=False,
        )
    )
    means = data.intervals[data.intervals["protocol"] == protocol]
    places = [rows.index(c) + base + 0.16 * share for c in means["comparison"]]
    hover = f"{data.average} of n = %{{customdata}}: {data.number}<extra></extra>"
    figure.add_trace(_interval(means, places, protocol, hover))


def _interval(means: pd.DataFrame, y: list[float], protocol: str, hover: str) -> go.Scatter:
    style = protocol_style(protocol)
    look = {"color": style.colour, "thickness": 2, "width": 4}
    return go.Scatter(
        x=rounded(means["effect"]),
        y=rounded(y),
        error_x=whiskers(means["effect"], means["low"], means["high"], look),
        mode="markers",
        marker={"color": style.colour, "symbol": style.symbol, "size": 10, "line": {"color": "white", "width": 1}},
        customdata=means["n"].to_list(),
        hovertemplate=hover,
        name=protocol_name(protocol),
        legendgroup=protocol,
    )
