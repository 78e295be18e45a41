"""Figures in a page: their data as JSON that a script draws when scrolled to, and a legend in HTML."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, NamedTuple

import plotly.graph_objects as go
from markupsafe import Markup

from analysis.figures.figure import Figure, Player


class Entry(NamedTuple):
    """One line of a legend: `group` names the traces that it stands for."""

    name: str
    group: str
    colour: str
    dash: str
    symbol: str


@dataclass(frozen=True)
class Embedded:
    """A figure ready for a template: `label` is read out in its place, `json` its traces and layout.

    `origin` is JSON, too, and goes with the figure where a reader saves it: study, run, commit, and digest of the data.
    `folder` is where the files of players lie, from the root of a book; "" where that is beside the page.
    """

    id: str
    json: Markup
    legend: tuple[Entry, ...]
    height: int
    label: str
    caption: str
    title: str = ""
    wide: bool = False
    players: tuple[Player, ...] = ()
    origin: str = "{}"
    folder: str = ""


Embed = Callable[[Figure], Embedded]


def embedder(origin: Mapping[str, str], prefix: str = "figure", folder: str = "") -> Embed:
    """A function that embeds one figure after another, all of one origin, under ids that begin with the prefix."""
    made: list[str] = []

    def embed(figure: Figure) -> Embedded:
        made.append(f"{prefix}-{len(made) + 1}")
        drawing = figure.drawing
        words = figure.label, figure.caption, figure.title, figure.wide, figure.players, json.dumps(origin), folder
        return Embedded(made[-1], content(drawing), legend(drawing), int(drawing.layout.height or 340), *words)

    return embed


def content(figure: go.Figure) -> Markup:
    """Traces and layout without the template, which a page holds once, and without plotly's own legend."""
    plain: dict[str, Any] = json.loads(figure.to_json())
    plain["layout"].pop("template", None)
    plain["layout"]["showlegend"] = False
    return script_json(plain)


def script_json(value: Any) -> Markup:
    """JSON that cannot end the script element which holds it, whatever its texts say."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def legend(figure: go.Figure) -> tuple[Entry, ...]:
    """The traces that a legend names; none where a single one needs no name."""
    entries = [entry(trace) for trace in figure.data if trace.name and trace.showlegend is not False]
    return tuple(entries) if len(entries) > 1 else ()


def entry(trace: Any) -> Entry:
    mode = trace.mode or "lines"
    line, marker = trace.line, trace.marker
    colour = marker.color if "markers" in mode and isinstance(marker.color, str) else line.color
    symbol = marker.symbol if "markers" in mode else ""
    symbol = symbol if isinstance(symbol, str) else next((s for s in symbol or () if "open" not in s), "circle")
    dash = (line.dash or "solid") if "lines" in mode else ""
    return Entry(unescape(trace.name), str(trace.legendgroup or trace.name), colour or "#555555", dash, symbol)
