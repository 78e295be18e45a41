"""The drawing steps never fail, whatever the data: nothing, one point, or numbers that are not finite."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis.claims import Better, ClassShare, Cost, Interaction, Recall, Runs, Spread, Unequal
from analysis.confirmed import Confirmed
from analysis.figures.confusion import confusion_data, draw_confusion
from analysis.figures.costs import costs_data, draw_costs
from analysis.figures.courses import course_data, draw_course
from analysis.figures.curves import (
    MEAN_COLUMNS,
    Curves,
    arm_curves_data,
    banded,
    curves_data,
    draw_arm_curves,
    draw_curves,
)
from analysis.figures.differences import (
    BESIDE,
    EDGE,
    Differences,
    Slopes,
    differences_data,
    draw_differences,
    draw_slopes,
    slopes_data,
)
from analysis.figures.dumbbell import draw_dumbbell, dumbbell_data
from analysis.figures.forest import draw_forest, forest_data, line
from analysis.figures.frames import draw_frame_sizes, frame_sizes_data
from analysis.figures.isolation import draw_explored, draw_isolation, explored_data
from analysis.figures.kernels import draw_kernels, kernels_data
from analysis.figures.leakage import draw_leakage, leakage_data
from analysis.figures.levels import accuracies_data, draw_accuracies
from analysis.figures.probabilities import draw_probabilities, probabilities_data
from analysis.figures.progress import Progress, draw_progress
from analysis.figures.style import (
    DARK,
    PAPER,
    QUIET,
    arm_styles,
    in_lines,
    opening,
    padded,
    plain,
    rounded,
    short,
    thinned,
)
from analysis.findings.register import Levels, every
from analysis.results import Results
from analysis.runs import Run
from analysis.verdicts import Verdict, verdicts

ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80", "LSTM_64_64*80", "LSTM_128_64*80")
CLAIMS = (
    Better(finding="S4-F5", better=ARMS[3], worse=ARMS[2], printed=4.0),
    Cost(finding="S4-F6", cheaper=ARMS[0], dearer=ARMS[2]),
    Interaction(finding="S4-F13", plus=(ARMS[1], ARMS[0]), minus=(ARMS[3], ARMS[2])),
    Better(finding="S4-F8", better=(ARMS[0], ARMS[1]), worse=99.0),
    ClassShare(finding="S4-F9", better=ARMS[0], worse=ARMS[2], classes=("cello", "flute", "tuba")),
    Recall(finding="S4-F10", arm=ARMS[0], classes=("cello", "flute"), less=("tuba",)),
    Runs(finding="S4-F11", of=ARMS, low=50.0),
    Spread(finding="S4-F12", closer=ARMS[:2], wider=ARMS[2:]),
    Unequal(finding="S4-F14", among=ARMS),
)
PROTOCOLS = ("as_published", "corrected", "grouped_same_sizes")


@pytest.fixture(scope="module")
def whole(synthetic_run, tmp_path_factory) -> Run:
    path = tmp_path_factory.mktemp("drawing") / "run"
    return Run.load(synthetic_run(path, arms=ARMS, claims=CLAIMS, repetitions=3, epochs=9, explored=4, notes=2))


def emptied(run: Run) -> Run:
    return replace(run, trials=run.trials[:0], epochs=run.epochs[:0], predictions=run.predictions[:0])


def single(run: Run) -> Run:
    trials = run.trials.groupby(["arm", "phase", "protocol", "configuration"]).head(1)
    return replace(run, trials=trials, epochs=run.epochs[run.epochs["epoch"] == 1])


def not_finite(run: Run) -> Run:
    numbers = dict.fromkeys(("validation_accuracy", "train_accuracy", "test_accuracy", "seconds"), np.nan)
    epochs = {"validation_accuracy": np.nan, "validation_loss": np.inf}
    return replace(run, trials=run.trials.assign(**numbers), epochs=run.epochs.assign(**epochs))


KINDS = {"whole": lambda run: run, "empty": emptied, "one": single, "nan": not_finite}


@pytest.fixture(scope="module")
def drawn(whole: Run) -> dict[str, list[go.Figure]]:
    return {kind: drawings(change(whole)) for kind, change in KINDS.items()}


def drawings(run: Run) -> list[go.Figure]:
    styles = arm_styles(run.arms)
    confirmed = {protocol: Confirmed(run, protocol) for protocol in PROTOCOLS}
    data, judged = confirmed["corrected"], verdicts(run)
    explored = explored_data(run)
    by_claim = [(claim, [v for v in judged if v.finding == claim.finding]) for claim in CLAIMS]
    return [
        draw_forest(forest_data(judged)),
        *(draw_differences(differences_data(confirmed, *pair)) for pair in by_claim),
        *(draw_slopes(slopes_data(data, claim), styles[ARMS[0]]) for claim in CLAIMS),
        draw_curves(curves_data(data, run.arms), styles),
        draw_arm_curves(arm_curves_data(data, ARMS[0]), styles[ARMS[0]], 9),
        draw_isolation(explored, styles),
        *(draw_explored(explored, parameter, styles) for parameter in explored.parameters),
        draw_confusion(confusion_data(data, ARMS[0])),
        draw_leakage(leakage_data(run)),
        draw_costs(costs_data(run, data), styles),
        draw_course(course_data(data, ARMS[0])),
        draw_accuracies(accuracies_data(data, run.arms, Levels("bands", "bands", {"all": every}, parity=True))),
        draw_frame_sizes(frame_sizes_data(data, run.arms, {})),
        *(
            draw_dumbbell(dumbbell_data(Results.of(run), {"pair": ARMS[:2]}, m, {}))
            for m in ("accuracy", "gap_running")
        ),
        draw_probabilities(probabilities_data(data, ARMS[0])),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_draws(drawn, kind: str):
    for figure in drawn[kind]:
        assert figure.layout.height > 0
        assert "Infinity" not in figure.to_json()
        assert figure.data or figure.layout.annotations


def test_every_axis_of_the_whole_run_is_named_and_grows_with_its_labels(drawn):
    for figure in drawn["whole"]:
        assert figure.layout.xaxis.title.text or not figure.data
        assert figure.layout.template.layout.xaxis.automargin
        assert figure.layout.template.layout.yaxis.automargin


@pytest.mark.parametrize("explored", [True, False])
def test_a_legend_names_explored_trials_where_there_are_some(whole: Run, explored: bool):
    data = arm_curves_data(Confirmed(whole, "corrected"), ARMS[0])
    shown = data if explored else data._replace(explored=data.explored[:0])
    figure = draw_arm_curves(shown, arm_styles(ARMS)[ARMS[0]], 9)
    assert any(str(trace.name).startswith("explored") for trace in figure.data) == explored


def test_kernels_draw_over_values_that_are_not_finite():
    for values in (np.full((8, 9), np.nan), np.zeros((8, 9)), [[1.0]]):
        data = kernels_data({"step": 0.008, "hertz": [100.0] * 8, "values": np.asarray(values).tolist()}, ["3x8"])
        assert data is not None
        assert draw_kernels(data).layout.height > 0


def test_long_curves_are_thinned_to_what_a_screen_shows():
    places = thinned(5000)
    assert len(places) <= 150
    assert (places[0], places[-1]) == (0, 4999)
    assert thinned(3) == [0, 1, 2]


def test_ranges_leave_room_and_bear_nothing():
    assert padded([np.nan]) is None
    assert padded([0.0, 10.0], share=0.1) == [-1.0, 11.0]
    low, high = padded([1.0, 100.0], logarithmic=True)
    assert low < 0
    assert high > 2


def test_labels_show_tags_as_text():
    assert plain("<b>&") == "&lt;b&gt;&amp;"
    assert short("<b>a long label</b>", 9) == "&lt;b&gt;a lon…"


def test_numbers_that_are_not_finite_become_gaps():
    assert np.isnan(rounded(pd.Series([np.inf]))[0])
    assert rounded([0.123456], 2) == [0.12]


def test_a_long_name_is_broken_into_lines_and_not_cut():
    name = "1-D CNN, global average pooling, dropout of .1 after pooling"
    lines = in_lines(name).split("<br>")
    assert " ".join(lines) == name and len(lines) > 1 and max(map(len, lines)) <= 18
    assert in_lines("<b>") == plain("<b>")


@pytest.mark.parametrize("times", [1, 3, 5])
def test_runs_stand_below_a_name_of_several_lines(times: int):
    name = f"{'recurrent 1-D CNN, pooled, ' * times}− {'last output of the LSTM, ' * times}"
    runs = pd.DataFrame({"comparison": name, "protocol": ["corrected"] * 8, "repetition": range(8), "difference": 1.0})
    intervals = pd.DataFrame([{"comparison": name, "protocol": "corrected", "effect": 1, "low": 0, "high": 2, "n": 8}])
    figure = draw_differences(Differences(runs, intervals, "points", 2.0))
    pixels = (figure.layout.height - EDGE) * (min(figure.data[0].y) + 0.5)
    (label,) = figure.layout.annotations
    assert pixels > 17 * (1 + label.text.count("<br>")) and label.text.count("<br>") >= times - 1


@pytest.mark.parametrize(("arms", "epochs", "step"), [(2, 3, 1), (7, 30, None)])
def test_few_epochs_are_named_one_by_one_and_only_few_arms_have_bands(arms: int, epochs: int, step: int | None):
    names = tuple(f"arm {n}" for n in range(arms))
    points = [(arm, epoch, 0.5, 0.4, 0.6, 8) for arm in names for epoch in range(1, epochs + 1)]
    data = Curves(pd.DataFrame(points, columns=MEAN_COLUMNS), names, 8)
    figure = draw_curves(data, arm_styles(names))
    assert figure.layout.xaxis.dtick == step
    assert len(figure.data) == (2 * arms if "Bands" in banded(data) else arms)


@pytest.mark.parametrize("count", [BESIDE, BESIDE + 1])
def test_many_arms_stand_below_each_other_with_room_for_their_names(count: int):
    arms = tuple(f"recurrent 1-D CNN, global average pooling, frames of {n}" for n in range(count))
    data = Slopes(pd.DataFrame(50.0 + np.arange(count * 8.0).reshape(8, count), columns=list(arms)), arms, "accuracy")
    figure = draw_slopes(data, arm_styles(arms)[arms[0]], (40, 60))
    down = count > BESIDE
    named, valued = (figure.layout.yaxis, figure.layout.xaxis) if down else (figure.layout.xaxis, figure.layout.yaxis)
    assert [len(named.ticktext), named.title.text, valued.title.text] == [count, "arm (n = 8 seeds)", "accuracy"]
    assert tuple(valued.range) == (40, 60) and (named.range[0] > named.range[1]) == down
    lines = 1 + max(text.count("<br>") for text in named.ticktext)
    assert not down or figure.layout.height - EDGE >= count * 14 * lines
    means = figure.data[-1]
    assert list((means.x, means.y)[down]) == list(arms)
    assert list((means.y, means.x)[down]) == pytest.approx(data.values.mean().to_list())


def test_where_a_claim_has_no_margin_none_is_shaded():
    key = {"comparison": "a − b", "protocol": "corrected"}
    runs = pd.DataFrame([{**key, "repetition": seed, "difference": 1.0} for seed in range(8)])
    intervals = pd.DataFrame([{**key, "effect": 1.0, "low": 0.0, "high": 2.0, "n": 8}])
    shapes = (draw_differences(Differences(runs, intervals, "points", each)).layout.shapes for each in (2.0, None))
    assert [[shape.type for shape in each] for each in shapes] == [["rect", "line"], ["line"]]


def test_beside_its_runs_the_effect_of_a_claim_has_a_title_of_narrow_lines():
    found = {"effect": 1.5, "low": 1.4, "high": 1.6, "low90": 1.41, "high90": 1.59, "unit": "ratio", "margin": 1.1}
    verdict = Verdict("S4-F3", "", "COST", "corrected", "reproduced", n=8, **found)
    wide, narrow = draw_forest(forest_data([verdict])), line([verdict]).drawing
    title = narrow.layout.xaxis.title.text
    assert title.replace("<br>", " ") == wide.layout.xaxis.title.text
    assert max(map(len, title.split("<br>"))) <= 22
    assert narrow.layout.height - wide.layout.height >= 14 * title.count("<br>") > 0


def test_few_trials_are_named_one_by_one():
    rows = pd.DataFrame({"arm": "a", "trials": [1, 2], "hours": [0.1, 0.2], "best": [0.5, 0.6]})
    assert draw_progress(Progress(rows, ("a",)), arm_styles(("a",))).layout.xaxis.dtick == 1


COLOUR = re.compile(r"#[0-9a-f]{6}|rgba\(\d+,\d+,\d+,", re.IGNORECASE)


def luminance(colour: str) -> float:
    """WCAG's relative luminance, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)] if colour[0] == "#" else map(int, colour[5:-1].split(","))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in parts)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_on_a_dark_page_no_ground_stays_white_and_no_ink_black(drawn):
    """What is as light as paper or as dark as ink changes, of whatever opacity."""
    found = {
        colour.lower() for figures in drawn.values() for each in figures for colour in COLOUR.findall(each.to_json())
    }
    assert {opening(PAPER), QUIET} <= found
    assert not {colour for colour in found if colour not in DARK and not 0.06 < luminance(colour) < 0.75}
    assert all(luminance(DARK[colour]) > 0.1 for colour in found & DARK.keys() if luminance(colour) < 0.06)


def test_a_ratio_of_costs_is_hovered_as_one_and_its_interval_is_of_the_median(drawn):
    texts = {trace.hovertemplate for each in drawn["whole"] for trace in each.data if trace.hovertemplate}
    assert {
        "seed %{customdata}: ×\u202f%{x:.2f}<extra></extra>",
        "seed %{customdata}: %{x:+.2f}<extra></extra>",
    } <= texts
    assert "median of n = %{customdata}: ×\u202f%{x:.2f}<extra></extra>" in texts
    assert "mean of n = %{customdata}: %{x:+.2f}<extra></extra>" in texts


@pytest.mark.parametrize(
    ("second", "words"), [(3, "the 3 paired seeds"), (2, "the paired seeds (corrected 3, as published 2)")]
)
def test_seeds_are_counted_by_protocol_where_they_differ(second, words):
    rows = [("a − b", "corrected", r, 0.0) for r in range(3)] + [
        ("a − b", "as_published", r, 0.0) for r in range(second)
    ]
    runs = pd.DataFrame(rows, columns=["comparison", "protocol", "repetition", "difference"])
    assert Differences(runs, pd.DataFrame(), "points", 2.0).seeds == words
