"""S0-G3: which groups lie in which parts of a split, and how much of the test part is known from training."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.style import QUIET, blank, nothing, translucent
from analysis.protocols import protocol_name
from analysis.results import Results

PARTS = ("train", "validation", "test")
TRAIN, *TESTED = PARTS
BAR, HEIGHT = 0.84, 340
SHOWN_ARMS = 3
LEAK = "#D55E00"
LEAST_LABELLED = 0.06
"""Share of the axis that a block needs to hold a line of text."""

COLOURS: Mapping[tuple[str, ...], str] = {
    ("train",): "#0072B2",
    ("validation",): "#E69F00",
    ("test",): "#009E73",
    ("validation", "test"): "#CC79A7",
}


class Block(NamedTuple):
    """The `groups` that lie in just these `parts`; `items` are their clips or segments, part by part."""

    parts: tuple[str, ...]
    groups: int
    items: Mapping[str, int]

    @property
    def leaks(self) -> bool:
        """Whether the groups are trained on and also validated or tested with (B1)."""
        return TRAIN in self.parts and len(self.parts) > 1


class SplitMap(NamedTuple):
    """The blocks of a split, from those of one part to those of several, and the segments of each part.

    `shared` says whether all arms have this split under the protocol; `unit` is what is divided, "clips" or "segments";
    `segments` holds several numbers where arms cut clips otherwise.
    """

    protocol: str
    arms: tuple[str, ...]
    shared: bool
    unit: str
    blocks: tuple[Block, ...]
    segments: Mapping[str, Sequence[int]]

    @property
    def groups(self) -> int:
        return sum(block.groups for block in self.blocks)

    @property
    def leaking(self) -> int:
        """How many groups are on both sides: trained on, and validated or tested with."""
        return sum(block.groups for block in self.blocks if block.leaks)

    @property
    def known(self) -> float | None:
        """The share, 0..1, of the test items whose group is trained on; None without any."""
        tested = sum(block.items.get("test", 0) for block in self.blocks)
        found = sum(block.items.get("test", 0) for block in self.blocks if TRAIN in block.parts)
        return found / tested if tested else None

    @property
    def title(self) -> str:
        return split_title(self.protocol, self.arms, self.shared)

    def items(self, part: str) -> int:
        return sum(block.items.get(part, 0) for block in self.blocks)


def split_maps_data(pictures: Mapping[str, Any]) -> list[SplitMap]:
    splits = [split for split in pictures.get("splits", ()) if "sets" in split]
    protocols = [split["protocol"] for split in splits]
    return [
        SplitMap(
            split["protocol"],
            tuple(split["arms"]),
            protocols.count(split["protocol"]) == 1,
            split["unit"],
            tuple(sorted(map(_block, split["sets"]), key=_order)),
            split.get("segments", {}),
        )
        for split in splits
    ]


def _block(found: Mapping[str, Any]) -> Block:
    return Block(tuple(found["parts"]), int(found["groups"]), found["items"])


def _order(block: Block) -> tuple[bool, tuple[int, ...]]:
    # What leaks stands on top, so that the eye meets it first.
    return block.leaks, tuple(PARTS.index(part) for part in block.parts)


def split_title(protocol: str, arms: tuple[str, ...], shared: bool) -> str:
    """The name of a split by a protocol; of one that not all arms share, with its arms."""
    name = protocol_name(protocol).capitalize() if protocol else "The whole corpus"
    return name if shared else f"{name}: {some(arms)}"


def some(names: tuple[str, ...], most: int = SHOWN_ARMS) -> str:
    """The first names and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def of_arms(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """The splits that the arms have."""
    yield from (split_map(data) for data in split_maps_data(results.run.pictures) if set(data.arms) & set(arms))


def split_map(data: SplitMap) -> Figure:
    title = data.title
    label = f"Groups of {title} in each part: {data.leaking} of {data.groups} lie on both sides."
    return Figure(draw_split_map(data), label, words(data), title)


def draw_split_map(data: SplitMap) -> go.Figure:
    """A column for each part, a block for each set of groups; what leaks spans its parts, hatched."""
    figure = blank("", "groups", HEIGHT)
    if not data.groups:
        return nothing(figure, "Nothing was split.")
    base = 0
    for block in data.blocks:
        figure.add_traces(_bars(block, base))
        for pair in pairwise(block.parts):
            figure.add_trace(_bridge(block, base, *pair))
        for part in block.parts if block.groups >= LEAST_LABELLED * data.groups else ():
            figure.add_annotation(_label(block, part, base))
        base += block.groups
    ticks = {"tickvals": [0, 1, 2], "ticktext": [_tick(data, part) for part in PARTS]}
    figure.update_xaxes(range=[-0.5, 2.5], showgrid=False, tickangle=0, ticks="", **ticks)
    return figure.update_yaxes(range=[0, data.groups], nticks=6).update_layout(barmode="overlay")


def _colour(block: Block) -> str:
    return LEAK if block.leaks else COLOURS.get(block.parts, QUIET)


def _bars(block: Block, base: int) -> list[go.Bar]:
    colour, count = _colour(block), f"{block.groups:,}"
    pattern = {"shape": "x", "size": 7, "solidity": 0.35, "fgcolor": colour, "bgcolor": "#ffffff"}
    return [
        go.Bar(
            x=[PARTS.index(part)],
            y=[block.groups],
            base=[base],
            width=BAR,
            marker={
                "color": colour,
                "line": {"color": colour, "width": 2},
                **({"pattern": pattern} if block.leaks else {}),
            },
            hovertemplate=f"{count} groups in {' and '.join(block.parts)}; "
            f"{block.items.get(part, 0):,} of their items in {part}<extra></extra>",
            showlegend=False,
        )
        for part in block.parts
    ]


def _label(block: Block, part: str, base: int) -> dict[str, Any]:
    text = f"<b>✗\u00a0{block.groups:,}</b>" if block.leaks else f"<b>{block.groups:,}</b>"
    where = {"x": PARTS.index(part), "y": base + block.groups / 2, "showarrow": False}
    # On hatching, words need a ground of their own.
    look = {"bgcolor": "#ffffff", "font": {"color": "#7a2d00"}} if block.leaks else {"font": {"color": "#ffffff"}}
    return {"text": text, **where, **look}


def _bridge(block: Block, base: int, first: str, second: str) -> go.Scatter:
    """A band that joins the blocks of the same groups in two parts."""
    left, right, low, high = PARTS.index(first) + BAR / 2, PARTS.index(second) - BAR / 2, base, base + block.groups
    return go.Scatter(
        x=[left, right, right, left, left],
        y=[low, low, high, high, low],
        mode="lines",
        line={"color": _colour(block), "width": 1},
        fill="toself",
        fillcolor=translucent(_colour(block), 0.3),
        hoverinfo="skip",
        showlegend=False,
    )


def _tick(data: SplitMap, part: str) -> str:
    items = data.items(part)
    counts = [] if data.unit == "segments" else sorted(data.segments.get(part, ()))
    cut = "" if not counts or counts == [items] else f"<br>{'–'.join(f'{n:,}' for n in ends(counts))}<br>segments"
    return f"<b>{part}</b><br>{items:,} {data.unit}{cut}"


def ends(counts: Sequence[int]) -> Sequence[int]:
    """The fewest and the most, once where they are the same."""
    return list(dict.fromkeys((min(counts), max(counts))))


def words(data: SplitMap) -> str:
    names = [" and ".join(block.parts) if len(block.parts) < 3 else "all three" for block in data.blocks]
    signs = ["✗\u00a0" if block.leaks else "" for block in data.blocks]
    counts = [f"{sign}{block.groups:,} in {name}" for sign, block, name in zip(signs, data.blocks, names, strict=True)]
    return f"Groups: {'; '.join(counts)}."
