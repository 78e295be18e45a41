"""Timeline: what each process trained and when, with launches, pauses, and trials that were stopped.

Each epoch records when it ended and in which process. Runs of older versions recorded only when a confirmed trial was
tested: there a bar ends at its test and is as long as its training, and has no process.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.figure import Figure
from analysis.figures.style import PAPER, QUIET, Style, arm_styles, blank, broken, nothing, plain, rounded
from analysis.results import Results
from analysis.runs import Run

ROW, EDGE, THICK = 16, 110, 9
HOUR, SECOND = pd.Timedelta(hours=1), pd.Timedelta(seconds=1)
PAUSE = 30.0
"""Seconds between two epochs of a trial, in one process, from which on they are two bars."""
COLUMNS = ["arm", "phase", "trial", "begin", "end", "lane", "stopped"]


class Timeline(NamedTuple):
    """`bars`: `COLUMNS`, with begin and end in hours after the first launch, and lanes in which no two overlap.

    `launches` are hours, too; the first is 0. `processes` have lanes of their own; there are 0 where none is recorded.
    `untimed` trials have no bar: a version trained them that did not record times.
    """

    bars: pd.DataFrame
    launches: tuple[float, ...]
    processes: int
    untimed: int


def side_by_side(results: Results) -> Iterator[Figure]:
    """None for a run that recorded no times."""
    data = timeline_data(results.run)
    if data.bars.empty:
        return
    before = int((data.bars["end"] < 0).sum())
    taken_over = f" {before} bars are from before, of a run that this one took over." if before else ""
    several = "es" if len(data.launches) != 1 else ""
    caption = f"{rows_in_words(data)} Upright lines: {len(data.launches)} launch{several}.{taken_over}"
    drawing = draw_timeline(data, arm_styles(results.run.arms))
    yield Figure(drawing, "When trials were trained.", caption, "When it ran", wide=True)


def rows_in_words(data: Timeline) -> str:
    """What a row and a bar are."""
    if not data.processes:
        return (
            "Confirmed trials, each as long as its training took, up to its test; those of one time in rows of their "
            "own. Explored trials, and stops within a trial, were not recorded by the version of this run."
        )
    untimed = f" Trials of an older version have no recorded times ({data.untimed})." if data.untimed else ""
    return (
        f"{data.processes} processes; a row is of processes of which each began after the one before had ended. A bar "
        f"is what a process trained of a trial without a pause of {PAUSE:.0f} s. Crosses: trials that were stopped "
        f"because others were ahead ({int(data.bars['stopped'].sum())}).{untimed}"
    )


def timeline_data(run: Run) -> Timeline:
    """The bars of a run by their begin; none for a run without recorded times."""
    launches, recorded = launches_of(run), of_epochs(run)
    bars = of_tests(run) if recorded.empty else recorded
    if bars.empty or launches.empty:
        return Timeline(pd.DataFrame(columns=COLUMNS), (), 0, 0)
    bars = bars.assign(**{name: (bars[name] - launches.iloc[0]) / HOUR for name in ("begin", "end")})
    bars = bars.sort_values(["begin", "end"], kind="stable").reset_index(drop=True)
    spans = bars.groupby("worker").agg(begin=("begin", "min"), end=("end", "max")).sort_values("begin")
    bars["lane"] = bars["worker"].map(dict(zip(spans.index, free_lanes(spans), strict=True)))
    hours = tuple(((launches - launches.iloc[0]) / HOUR).tolist())
    untimed = run.epochs["trial"].nunique() - bars["trial"].nunique()
    return Timeline(bars[COLUMNS], hours, 0 if recorded.empty else len(spans), 0 if recorded.empty else untimed)


def launches_of(run: Run) -> "pd.Series[pd.Timestamp]":
    """When the run was launched, in order; empty where that is not recorded."""
    provenance = run.study["provenance"]
    starts = [str(each["started"]) for each in provenance.get("launches", ())] or [provenance.get("started")]
    return pd.to_datetime(pd.Series([start for start in starts if start]), utc=True, format="ISO8601").sort_values()


def of_epochs(run: Run) -> pd.DataFrame:
    """Bars of all trials from the records of their epochs: begin and end (UTC), and the `worker`."""
    epochs = (
        run.epochs.reindex(columns=["trial", "seconds", "ended", "worker"])
        .dropna()
        .sort_values(["trial", "ended"], kind="stable")
    )
    begin, before = epochs["ended"] - epochs["seconds"], epochs.shift()
    same = (epochs["trial"] == before["trial"]) & (epochs["worker"] == before["worker"])
    number = (~same | (begin - before["ended"] > PAUSE)).cumsum()
    found = epochs.assign(begin=begin, bar=number).groupby("bar")
    bars = found.agg(trial=("trial", "first"), worker=("worker", "first"), begin=("begin", "min"), end=("ended", "max"))
    times = {name: pd.to_datetime(bars[name], unit="s", utc=True) for name in ("begin", "end")}
    bars = with_roles(bars.assign(**times), run)
    return bars.assign(stopped=bars["state"].eq("stopped") & ~bars["trial"].duplicated(keep="last"))


def of_tests(run: Run) -> pd.DataFrame:
    """Bars of the trials in the ledger of tests that took some time, each of a `worker` of its own."""
    ledger = run.test_evaluations
    if ledger is None or ledger.empty:
        return pd.DataFrame()
    rows = ledger.drop_duplicates("trial", keep="last").reset_index(drop=True)
    seconds = rows["trial"].map(run.trials.drop_duplicates("trial").set_index("trial")["seconds"]).astype(float)
    end = pd.to_datetime(rows["tested"], utc=True, format="ISO8601")
    bars = rows[["trial"]].assign(begin=end - seconds * SECOND, end=end, worker=rows.index, stopped=False)
    return with_roles(bars[seconds.notna()], run)


def with_roles(bars: pd.DataFrame, run: Run) -> pd.DataFrame:
    """The bars with arm, phase and state of their trials: those of the first role of a trial that has several."""
    roles = run.trials.drop_duplicates("trial").set_index("trial")[["arm", "phase", "state"]]
    return bars[bars["trial"].isin(roles.index)].join(roles, on="trial")


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
    """A row for each lane, a thick line for each bar in the colour of its arm, and a line at each launch."""
    figure = blank("hours after the first launch", "row", EDGE + ROW * lanes(data))
    if data.bars.empty:
        return nothing(figure, "No times were recorded.")
    for hour in data.launches:
        figure.add_vline(x=hour, line={"color": QUIET, "width": 1, "dash": "dot"})
    for arm in [arm for arm in styles if arm in set(data.bars["arm"])]:
        figure.add_trace(_bars(data.bars[data.bars["arm"] == arm], styles[arm]))
    figure.add_trace(_stops(data.bars[data.bars["stopped"]]))
    first, last = min(0.0, data.bars["begin"].min()), max([*data.launches, data.bars["end"].max()])
    figure.update_xaxes(range=[first - 0.02 * (last - first), last + 0.02 * (last - first)])
    ticks = {"tickvals": list(range(lanes(data))), "ticktext": [str(lane + 1) for lane in range(lanes(data))]}
    return figure.update_yaxes(range=[-0.7, lanes(data) - 0.3], showgrid=False, **ticks)


def _bars(rows: pd.DataFrame, style: Style) -> go.Scatter:
    """The bars of an arm as one trace, with a gap after each and a little room between neighbours."""
    name, room = plain(rows["arm"].iloc[0]), 0.03 * np.minimum(rows["end"] - rows["begin"], 0.05)
    spans = zip(rows["begin"] + room, rows["end"] - room, rows["lane"], strict=True)
    xs, ys = broken(([begin, end], [lane, lane]) for begin, end, lane in spans)
    roles = zip(rows["trial"], rows["phase"], strict=True)
    texts = [f"{name}, trial {plain(trial)}, {phase}" for trial, phase in roles for _ in range(3)]
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


def _stops(rows: pd.DataFrame) -> go.Scatter:
    """A cross at the end of each trial that was stopped."""
    return go.Scatter(
        x=rounded(rows["end"], 5),
        y=rows["lane"],
        mode="markers",
        marker={"symbol": "x", "size": THICK, "color": QUIET, "line": {"width": 1, "color": PAPER}},
        name="stopped",
        showlegend=bool(len(rows)),
        text=[f"trial {plain(trial)} stopped" for trial in rows["trial"]],
        hovertemplate="%{text}: %{x:.2f} h<extra></extra>",
    )
