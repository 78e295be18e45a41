"""Timeline: when confirmed trials were trained side by side, with gaps where a run stood still.

A run records when each trial was tested and how long its training took, so a bar ends at its test. Of explored trials
no time is recorded.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.style import QUIET, Style, arm_styles, blank, broken, nothing, plain, rounded
from analysis.results import Results
from analysis.runs import Run

ROW, EDGE, THICK = 16, 110, 9
HOUR = pd.Timedelta(hours=1)


class Timeline(NamedTuple):
    """`bars`: arm, trial, begin and end in hours after the first launch, and a lane that no other bar has meanwhile.

    `launches` are hours, too; the first is 0.
    """

    bars: pd.DataFrame
    launches: tuple[float, ...]


def side_by_side(results: Results) -> Iterator[Figure]:
    """None for a run that kept no ledger of its tests."""
    data = timeline_data(results.run)
    before = int((data.bars["end"] < 0).sum())
    taken_over = f" {before} were trained before, by a run that this one took over." if before else ""
    several = "es" if len(data.launches) != 1 else ""
    caption = (
        "Confirmed trials, each as long as its training took, up to its test; those of one time in rows of their own. "
        f"Upright lines: {len(data.launches)} launch{several}.{taken_over} Explored trials, and stops within a trial, "
        "are not recorded."
    )
    if len(data.bars):
        drawing = draw_timeline(data, arm_styles(results.run.arms))
        yield Figure(drawing, "When confirmed trials were trained.", caption, "When it ran", wide=True)


def timeline_data(run: Run) -> Timeline:
    """The trials in the ledger that took some time, by the end of each."""
    columns = ["arm", "trial", "begin", "end", "lane"]
    provenance, ledger = run.study["provenance"], run.test_evaluations
    if ledger is None or ledger.empty or not provenance.get("started"):
        return Timeline(pd.DataFrame(columns=columns), ())
    starts = [str(each["started"]) for each in provenance.get("launches", ())] or [str(provenance["started"])]
    begun = pd.to_datetime(pd.Series(starts), utc=True, format="ISO8601").sort_values()
    seconds = run.trials.drop_duplicates("trial").set_index("trial")["seconds"]
    rows = ledger.drop_duplicates("trial", keep="last")
    end = (pd.to_datetime(rows["tested"], utc=True, format="ISO8601") - begun.iloc[0]) / HOUR
    bars = rows[["arm", "trial"]].assign(end=end, begin=end - rows["trial"].map(seconds).astype(float) / 3600)
    bars = bars.dropna().sort_values(["begin", "end"], kind="stable").reset_index(drop=True)
    bars["lane"] = free_lanes(bars)
    return Timeline(bars[columns], tuple(((begun - begun.iloc[0]) / HOUR).tolist()))


def free_lanes(bars: pd.DataFrame) -> list[int]:
    """For each bar, in the order in which they begin, the first lane in which no bar is left."""
    ends: list[float] = []
    found = []
    for begin, end in zip(bars["begin"], bars["end"], strict=True):
        lane = next((place for place, last in enumerate(ends) if last <= begin), len(ends))
        ends[lane : lane + 1] = [end]
        found.append(lane)
    return found


def lanes(data: Timeline) -> int:
    return int(data.bars["lane"].max()) + 1 if len(data.bars) else 0


def draw_timeline(data: Timeline, styles: Mapping[str, Style]) -> go.Figure:
    """A row for each lane, a thick line for each trial in the colour of its arm, and a line at each launch."""
    figure = blank("hours after the first launch", "row", EDGE + ROW * lanes(data))
    if data.bars.empty:
        return nothing(figure, "No trial was tested.")
    for hour in data.launches:
        figure.add_vline(x=hour, line={"color": QUIET, "width": 1, "dash": "dot"})
    for arm in [arm for arm in styles if arm in set(data.bars["arm"])]:
        figure.add_trace(_bars(data.bars[data.bars["arm"] == arm], styles[arm]))
    first, last = min(0.0, data.bars["begin"].min()), max([*data.launches, data.bars["end"].max()])
    figure.update_xaxes(range=[first - 0.02 * (last - first), last + 0.02 * (last - first)])
    ticks = {"tickvals": list(range(lanes(data))), "ticktext": [str(lane + 1) for lane in range(lanes(data))]}
    return figure.update_yaxes(range=[-0.7, lanes(data) - 0.3], showgrid=False, **ticks)


def _bars(rows: pd.DataFrame, style: Style) -> go.Scatter:
    """The trials of an arm as one trace, with a gap after each and a little room between neighbours."""
    name, room = plain(rows["arm"].iloc[0]), 0.03 * np.minimum(rows["end"] - rows["begin"], 0.05)
    spans = zip(rows["begin"] + room, rows["end"] - room, rows["lane"], strict=True)
    xs, ys = broken(([begin, end], [lane, lane]) for begin, end, lane in spans)
    texts = [f"{name}, trial {plain(trial)}" for trial in rows["trial"] for _ in range(3)]
    return go.Scatter(
        x=rounded(xs, 5),
        y=ys,
        mode="lines",
        line={"color": style.colour, "width": THICK},
        name=name,
        legendgroup=name,
        text=texts,
        hovertemplate="%{text}: %{x:.2f} h<extra></extra>",
    )
