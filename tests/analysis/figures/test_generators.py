"""The losses of generators and discriminators, step by step."""

from dataclasses import replace

import pandas as pd
import pytest
from counted import Counted
from scipy import stats

from analysis.figures.generators import draw_steps, losses, steps_data
from analysis.results import Results
from analysis.runs import STEP_COLUMNS

BELOW = {0: (1.0, 3.0), 1: (2.0, 1.0), 2: (3.0, 9.0)}
"""By step the losses of discriminator and generator in the first seed; in the second each is 2 nats more."""


def stepped(results: Results, count: int = 3) -> Results:
    rows = [
        {"trial": f"corrected gan {seed}", "epoch": 1 + step // 2}
        | dict(zip(STEP_COLUMNS[2:], (BELOW[step][0] + 2 * seed, BELOW[step][1] + 2 * seed, 0.5, 0.5), strict=True))
        for seed in (0, 1)
        for step in range(count - seed)
    ]
    return replace(results, run=replace(results.run, steps=pd.DataFrame(rows)))


@pytest.fixture
def results(counted: Counted) -> Results:
    return stepped(counted({"gan": (7, 8), "cnn": (7, 8)}))


def test_each_step_is_the_mean_of_the_seeds_that_have_it(results: Results) -> None:
    data = steps_data(results.headline, "gan")
    found = dict(iter(data.means.groupby("network")))
    assert found["discriminator"]["step"].tolist() == found["generator"]["step"].tolist() == [1, 2, 3]
    # The second seed has two steps.
    assert found["discriminator"]["mean"].tolist() == [2.0, 3.0, 3.0]
    assert found["generator"]["mean"].tolist() == [4.0, 2.0, 9.0]
    half = stats.t.ppf(0.975, 1)  # times the standard error of two values that are 2 apart, which is 1
    assert found["generator"]["high"].tolist()[:2] == pytest.approx([4 + half, 2 + half])
    assert found["generator"]["low"].tolist()[:2] == [0.0, 0.0]
    assert (data.below, data.repetitions) == (3 / 5, 2)


def test_arms_that_generate_are_shown_with_the_share_of_steps(results: Results) -> None:
    (figure,) = losses(results, ["gan", "cnn"])
    assert figure.title == "gan" and figure.caption.startswith(
        "The discriminator's loss is below the generator's in 60 %"
    )
    assert [trace.name for trace in figure.drawing.data if trace.name] == ["discriminator", "generator"]


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), 1.0])
def test_one_step_and_losses_that_are_not_numbers_are_drawn(results: Results, loss: float) -> None:
    steps = results.run.steps.head(1).assign(generator_loss=loss, discriminator_loss=loss)
    data = steps_data(replace(results, run=replace(results.run, steps=steps)).headline, "gan")
    figure = draw_steps(data)
    assert figure.layout.height > 0 and "Infinity" not in figure.to_json()
    assert bool(figure.data) == (loss == 1.0) and (figure.data or figure.layout.annotations)
