"""The data steps: what a figure will show, as numbers."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.claims import Better, Cost, Equal, Interaction, Level, NoDirection, Recall, Spread
from analysis.confirmed import Confirmed
from analysis.figures.confusion import confusion_data
from analysis.figures.costs import costs_data
from analysis.figures.curves import arm_curves_data, curves_data
from analysis.figures.differences import differences_data, slopes_data
from analysis.figures.forest import forest_data
from analysis.figures.isolation import axis_type, best_of, draw_explored, explored_data
from analysis.figures.kernels import extent, kernels_data
from analysis.figures.leakage import leakage_data
from analysis.figures.style import arm_styles
from analysis.figures.values import level, paired, summary
from analysis.runs import Run
from analysis.verdicts import Verdict, verdicts

LENET, OTHER, LSTM, LAST = "LeNet_5*5_64*80", "LeNet_3*8_64*80", "LSTM_64_64*80", "LSTM_128_64*80"
ARMS = (LENET, OTHER, LSTM, LAST)
CLAIMS = (
    Better(finding="S4-F5", better=LAST, worse=LSTM),
    Cost(finding="S4-F6", cheaper=LENET, dearer=LSTM),
    Interaction(finding="S4-F13", plus=(OTHER, LENET), minus=(LAST, LSTM)),
    Better(finding="S4-F4", metric="epochs_to_90", margin=2.0, better=LENET, worse=LSTM),
    Equal(finding="S4-F3", first=OTHER, second=LENET),
    Level(finding="S4-F2", arm=LENET, printed=85.0),
    Better(finding="S4-F8", better=99.0, worse=LENET),
    Better(finding="S4-F9", better=LENET, worse=(LSTM, LAST)),
    Spread(finding="S4-F10", closer=(LENET, OTHER), wider=(LSTM, LAST)),
    Recall(finding="S4-F11", arm=LENET, classes=("cello", "flute"), less=("tuba",)),
    Recall(finding="S4-F12", arm=LENET, than=LSTM, classes=("cello", "flute"), less=("tuba",)),
)


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Run:
    path = tmp_path_factory.mktemp("data") / "run"
    return Run.load(synthetic_run(path, arms=ARMS, claims=CLAIMS, repetitions=4, epochs=12, explored=6, notes=4))


@pytest.fixture(scope="module")
def corrected(run: Run) -> Confirmed:
    return Confirmed(run, "corrected")


def test_summary_is_students_interval():
    values = np.array([1.0, 2.0, 4.0, np.nan])
    mean, low, high, n = summary(values)
    expected = stats.t.interval(0.95, 2, loc=7 / 3, scale=stats.sem([1, 2, 4]))
    assert (mean, n) == (pytest.approx(7 / 3), 3)
    assert (low, high) == pytest.approx(expected)


def test_summary_of_one_value_has_no_interval():
    assert summary(np.array([5.0]))[::3] == (5.0, 1)
    assert np.isnan(summary(np.array([5.0])).low)
    assert summary(np.array([])).n == 0


def test_paired_values_are_the_runs_own_accuracies(run: Run, corrected: Confirmed):
    rows = run.trials.query("phase == 'confirm' and protocol == 'corrected' and configuration == 'chosen'")
    own = rows.pivot_table(index="repetition", columns="arm", values="test_accuracy")
    found = paired(corrected, NoDirection(finding="S4-F5", first=LENET, second=LSTM))
    assert found[LENET].to_numpy() == pytest.approx(100 * own[LENET].to_numpy())
    assert found.index.tolist() == own.index.tolist()


def test_paired_of_an_unknown_arm_is_empty(corrected: Confirmed):
    assert paired(corrected, NoDirection(finding="S4-F5", first=LENET, second="no such arm")).empty


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.finding)
def test_differences_average_to_the_judged_effect(run: Run, claim):
    judged = [v for v in verdicts(run) if v.finding == claim.finding]
    confirmed = {v.protocol: Confirmed(run, v.protocol) for v in judged}
    data = differences_data(confirmed, claim, judged)
    middle = "median" if isinstance(claim, Cost) else "mean"
    means = data.runs.groupby("protocol")["difference"].agg(middle)
    for verdict in judged:
        assert means[verdict.protocol] == pytest.approx(verdict.effect - claim.origin(verdict.printed))
    assert data.margin == claim.margin


def test_slopes_hold_every_arm_of_the_claim(corrected: Confirmed):
    data = slopes_data(corrected, CLAIMS[2])
    assert data.arms == (OTHER, LENET, LAST, LSTM)
    assert data.values.shape == (4, 4)
    assert data.label == "test accuracy (%)"


def test_curves_are_means_over_seeds(run: Run, corrected: Confirmed):
    data = curves_data(corrected, [LENET])
    trials = corrected.rows.loc[corrected.rows["arm"] == LENET, "trial"]
    last = run.epochs[run.epochs["trial"].isin(trials) & (run.epochs["epoch"] == 12)]["validation_accuracy"]
    row = data.means[data.means["epoch"] == 12].iloc[0]
    assert (row["mean"], row["low"], row["high"], row["n"]) == pytest.approx(tuple(summary(last)))
    assert data.repetitions == 4


def test_bands_of_accuracy_end_at_nothing_and_at_all(planted):
    run = planted({"a": 0.8}, n=3)
    high, low = (np.where(run.epochs["trial"].str.endswith("0"), *ends) for ends in ((1.0, 0.9), (0.1, 0.0)))
    run.epochs["validation_accuracy"] = np.where(run.epochs["epoch"] > 5, low, high)
    means = curves_data(Confirmed(run, "corrected"), ["a"]).means
    assert means["low"].min() == 0 and means["high"].max() == 1


def test_arm_curves_hold_explored_trials_and_rungs(corrected: Confirmed):
    data = arm_curves_data(corrected, LSTM)
    assert data.explored["trial"].nunique() == 6
    assert data.rungs == (4,)
    assert set(data.explored["state"]) == {"complete", "stopped"}


def test_best_explored_trial_ran_to_the_end(run: Run):
    data = explored_data(run)
    best = best_of(data).set_index("arm")["accuracy"]
    whole = run.trials.query("phase == 'explore' and state == 'complete' and arm == @LSTM")
    assert best[LSTM] == whole["validation_accuracy"].max()
    assert data.parameters == ("learning_rate", "batch_size")
    rates = [json.loads(text)["learning_rate"] for text in run.trials.query("phase == 'explore'")["settings"]]
    assert data.trials["learning_rate"].tolist() == rates


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.geomspace(1e-4, 1e-2, 20), "log"),
        (np.linspace(0, 1, 20), "linear"),
        ([16, 32, 64] * 4, "category"),
        (["adam", "sgd"], "category"),
    ],
)
def test_axis_type(values, kind: str):
    assert axis_type(pd.Series(values)) == kind


def test_a_learning_rate_is_on_a_logarithmic_axis_with_its_values_on_hover(run: Run):
    data = explored_data(run)
    few = data._replace(trials=data.trials[data.trials["arm"] == LSTM].head(2))
    figure = draw_explored(few, "learning_rate", arm_styles(run.arms))
    trace = next(trace for trace in figure.data if len(trace.x))
    assert figure.layout.xaxis.type == "log" and list(trace.x) == few.trials["learning_rate"].tolist()
    assert [value for _, value in trace.customdata] == [f"{rate:.3g}" for rate in trace.x]


def test_the_value_of_a_category_is_on_hover_and_not_its_place(run: Run):
    data = explored_data(run)
    figure = draw_explored(data, "batch_size", arm_styles(run.arms))
    assert {value for trace in figure.data for _, value in trace.customdata} <= {"16", "32", "64"}
    assert figure.layout.xaxis.ticktext == ("16", "32", "64")


def test_confusion_rows_sum_to_one(corrected: Confirmed):
    data = confusion_data(corrected, LENET)
    assert data.shares.sum(axis=1) == pytest.approx(np.ones(len(data.labels)))
    assert data.counts.sum() == 4 * 14 * 8
    right = np.trace(data.counts) / data.counts.sum()
    assert right == pytest.approx(paired(corrected, CLAIMS[5])[LENET].mean() / 100)


def test_leakage_is_the_mean_of_each_protocol_with_the_configuration_as_printed(run: Run):
    levels = leakage_data(run).levels.set_index(["arm", "protocol"])["mean"]
    for protocol in ("as_published", "corrected", "grouped_same_sizes"):
        data = Confirmed(run, protocol, "as_printed")
        assert levels[LENET, protocol] == pytest.approx(paired(data, CLAIMS[5])[LENET].mean())
    assert levels[LENET, "corrected"] != level(Confirmed(run, "corrected"), LENET).mean


def test_only_arms_whose_inflation_was_measured_are_beside_it(run: Run):
    other = (run.trials["arm"] == OTHER) & (run.trials["protocol"] == "grouped_same_sizes")
    data = leakage_data(replace(run, trials=run.trials[~other]))
    assert data.arms == (LENET, LSTM, LAST) and set(data.levels["arm"]) == set(data.arms)


def test_intervals_of_accuracy_end_at_nothing_and_at_all(planted):
    run = planted({"a": 0.8}, n=3, groups=2)
    first = run.predictions["trial"] == "corrected-chosen-a-0"
    run.predictions.loc[first, "prediction"] = run.predictions.loc[first, "label"]
    found = level(Confirmed(run, "corrected"), "a")
    assert 0 <= found.low < found.mean < found.high == 100
    two = level(Confirmed(planted({"a": 0.8}, n=2, groups=4), "corrected"), "a")
    assert two.n == 2 and np.isnan([two.low, two.high]).all()


def test_costs_count_every_trial_once(run: Run, corrected: Confirmed):
    row = costs_data(run, corrected).arms.set_index("arm").loc[LENET]
    assert (row["explored"], row["confirmed"]) == (6, 16)
    once = run.trials[run.trials["arm"] == LENET].drop_duplicates("trial")
    assert row["seconds"] == pytest.approx(once["seconds"].sum())
    confirmed = run.epochs[run.epochs["trial"].isin(once.loc[once["phase"] == "confirm", "trial"])]
    assert row["epoch_seconds"] == pytest.approx(confirmed["cpu_seconds"].median())


def test_forest_leaves_out_facts_and_centres_levels():
    shown = {"protocol": "corrected", "word": "inconclusive", "effect": 1.5, "low": -1.0, "high": 4.0}
    level = Verdict("S4-F1", "", "LEV", printed=90.0, **shown | {"effect": 92.0, "low": 88.5, "high": 96.0})
    fact = Verdict("S4-F19", "", "FACT", **shown)
    share = Verdict("S4-F2", "", "PROP", unit="share of pairs", printed=0.5, **shown)
    silent = Verdict("S4-F3", "", "DIR", "corrected", "not run")
    data = forest_data([share, level, fact, silent])
    assert data.rows["claim"].tolist() == ["S4-F2", "S4-F1"]
    assert data.rows["printed"].tolist() == [0.5, 0.0]
    assert data.rows[["effect", "low", "high"]].values.tolist() == [[1.5, -1.0, 4.0], [2.0, -1.5, 6.0]]
    assert data.units == ("points", "share of pairs")


CENTRES = np.geomspace(50, 8000, 64).tolist()
EXAMPLE = {"step": 512 / 44100, "hertz": CENTRES, "values": np.zeros((64, 80)).tolist(), "clip": "a", "label": "a"}


def test_kernels_have_their_size_in_hertz_and_milliseconds():
    data = kernels_data(EXAMPLE, ["5x5", "3x8", "3x8", "3x8+8x3", "99x1", ""])
    assert data is not None
    assert [k.name for k in data.kernels] == ["5×5", "3×8", "8×3"]
    assert data.kernels[1].milliseconds == pytest.approx(8 * 512 / 44.1)
    first = data.kernels[0]
    assert (first.low, first.high) == (CENTRES[first.band], CENTRES[first.band + 4])
    assert f"5 bands (centres {first.low:,.0f}–{first.high:,.0f} Hz here) by 5 frames" in extent(first)


def test_a_kernel_of_one_band_lies_at_one_frequency():
    (kernel,) = kernels_data(EXAMPLE, ["1x1"]).kernels
    assert extent(kernel).startswith(f"1×1: 1 band (centre {kernel.low:,.0f} Hz here) by 1 frame (")


@pytest.mark.parametrize("example", [None, {}, {"rate": 44100, "hop": 512, "values": [[1.0]]}])
def test_no_kernels_without_an_example(example):
    assert kernels_data(example, ["5x5"]) is None


def test_styles_differ_in_more_than_colour():
    styles = arm_styles([f"arm {i}" for i in range(360)])
    assert len(set(styles.values())) == 360
    first = list(styles.values())[:5]
    assert len({s.colour for s in first}) == len({s.dash for s in first}) == len({s.symbol for s in first}) == 5


def test_data_steps_leave_the_run_as_it_is(run: Run, corrected: Confirmed):
    before = run.trials.copy(), run.epochs.copy()
    explored_data(run), costs_data(run, corrected), arm_curves_data(corrected, LSTM)
    pd.testing.assert_frame_equal(run.trials, before[0])
    pd.testing.assert_frame_equal(run.epochs, before[1])
    assert isinstance(run.path, Path)
