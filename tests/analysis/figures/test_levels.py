"""Accuracy over levels."""

import pytest
from counted import CELLS, Counted

from analysis.figures.levels import accuracies_data, accuracy, draw_accuracies
from analysis.findings.register import Levels, every, named
from analysis.results import Results

ARMS = {"kernels of 1": (5, 5), "kernels of 2": (4, 5), "printed": (9, 9), "kernels of 1, as large": (6, 6)}
KERNELS = {"kernels of 1": "1", "kernels of 2": "2-2-2", "printed": "3", "kernels of 1, as large": "1"}
LEVELS = Levels(
    "kernel",
    "size of the kernels",
    {
        "kernels alone": named(r"kernels of \d", "printed"),
        "as large": named(r"kernels of \d, as large", "printed"),
        "none": named("nothing"),
    },
    parity=True,
)


@pytest.fixture
def results(counted: Counted) -> Results:
    return counted(ARMS, {arm: {"kernel": size} for arm, size in KERNELS.items()})


@pytest.mark.parametrize(
    ("value", "level"),
    [("3", 3), ("27-27-3", 27), (0.005, 0.005), (1e-4, 1e-4), ("1e-05", 1e-5), ("", None), (512, 512)],
)
def test_the_level_is_the_first_number_of_the_setting(value: object, level: float | None) -> None:
    assert Levels("kernel", "", {}).of({"kernel": value}) == level
    assert Levels("kernel", "", {}).of({}) is None


def test_each_series_has_its_arms_by_level(results: Results) -> None:
    data = accuracies_data(results.headline, results.run.arms, LEVELS)
    found = data.rows[["series", "level", "mean", "n"]].to_numpy().tolist()
    assert found == [
        ["kernels alone", 1, 50, 2],
        ["kernels alone", 2, 45, 2],
        ["kernels alone", 3, 90, 2],
        ["as large", 1, 60, 2],
        ["as large", 3, 90, 2],
    ]


def test_one_level_is_no_figure(results: Results) -> None:
    assert list(accuracy(results, ["printed", "something else"][:1], [LEVELS])) == []
    assert [figure.title for figure in accuracy(results, results.run.arms, [LEVELS])] == [
        "Size of the kernels, corrected",
        "Size of the kernels, as published",
    ]


def test_odd_and_even_levels_differ_in_colour_and_shape(results: Results) -> None:
    figure = draw_accuracies(accuracies_data(results.headline, results.run.arms, LEVELS))
    looks = {trace.name: (trace.marker.color, trace.marker.symbol) for trace in figure.data if trace.mode == "markers"}
    assert looks["odd"][0] != looks["even"][0] and looks["odd"][1] != looks["even"][1]
    levels = {trace.name: set(trace.x) for trace in figure.data if trace.mode == "markers" and trace.showlegend}
    assert levels == {"odd": {1, 3}, "even": {2}}
    assert figure.layout.xaxis.title.text == "size of the kernels (n = 2 seeds)"
    assert figure.layout.xaxis.ticktext == ("1", "2", "3")


def test_without_parity_a_series_has_one_colour(counted: Counted) -> None:
    rates = {"slow": 1e-4, "fast": 0.05}
    results = counted(
        {"slow": (5, 5), "fast": (3, 3)}, {arm: {"rate": rate} for arm, rate in rates.items()}, cells=CELLS[:1]
    )
    (figure,) = accuracy(results, ["slow", "fast"], [Levels("rate", "rate", {"all": every}, logarithmic=True)])
    assert figure.drawing.layout.xaxis.type == "log" and figure.drawing.layout.xaxis.ticktext == ("0.0001", "0.05")
    assert len([trace for trace in figure.drawing.data if trace.mode == "markers"]) == 1
