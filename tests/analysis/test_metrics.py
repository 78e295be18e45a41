"""Every metric: its value worked out by hand, its unit, its direction and its words."""

import json
import math
import re
import subprocess
import sys
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from analysis.metrics import METRICS, Metric, Totals, TrialResult, shared_level
from analysis.metrics.annotated import f1_of
from analysis.metrics.tested import mean_recall, recall_deviation, recall_slope, recalls
from analysis.metrics.totals import Floats, Of, cells_of
from analysis.statistics import two_way

ROW = pd.Series(
    {
        "train_accuracy": 0.9,
        "train_accuracy_evaluated": 0.95,
        "validation_accuracy": 0.8,
        "parameters": 1234,
        "device": "cpu",
        "peak_memory": 5e6,
        "input_bytes": 20480,
        "step_bytes": 4e6,
        "front_end_milliseconds": 0.25,
        "settings": json.dumps({"training": "classification", "seconds": 3.0}),
    }
)
OLD = ROW.copy()
OLD[["train_accuracy_evaluated", "peak_memory", "input_bytes", "front_end_milliseconds", "step_bytes"]] = math.nan
EPOCHS = pd.DataFrame(
    {
        "epoch": [1, 2, 3, 4, 5],
        "train_loss": [2.0, 1.6, 1.1, 0.8, 0.6],
        "train_accuracy": [0.3, 0.5, 0.7, 0.8, 0.9],
        "validation_accuracy": [0.2, 0.5, 0.71, 0.82, 0.8],
        "validation_loss": [2.0, 1.5, 1.0, 1.2, 1.4],
        "seconds": [9.5, 7.0, 2.5, 2.5, 2.5],
        "cpu_seconds": [9.0, 2.0, 2.0, 2.0, 2.0],
    }
)
# Softmaxes (.5, .5), (.5, .5), (.25, .75), (.75, .25).
LOGITS = [[0.0, 0.0], [1.0, 1.0], [0.0, math.log(3)], [math.log(3), 0.0]]
PREDICTIONS = pd.DataFrame(
    {"label": ["a", "a", "a", "b"], "prediction": ["a", "a", "b", "a"], "logits": LOGITS, "group": ["1", "2", "3", "4"]}
)
CLASSIFIER = TrialResult(ROW, EPOCHS, PREDICTIONS, level=0.7, labels=("a", "b"))
# Two doublings more of one class than of the other.
COUNTED = replace(CLASSIFIER, predictions=PREDICTIONS.assign(class_trained_on=[32, 32, 32, 8]))
GAN = TrialResult(
    pd.Series({**ROW, "settings": json.dumps({"training": "dcgan", "seconds": 0.3})}),
    pd.DataFrame(
        {
            "epoch": [1, 2],
            "train_loss": [0.5, 0.25],
            "train_accuracy": [0.9, 0.96],
            "generator_loss": [2.0, 3.5],
            "discriminator_below": [0.5, 1.0],
            "distance_generated": [math.nan, 12.0],
            "distance_noise": [math.nan, 15.0],
            "flatness_generated": [math.nan, 0.4],
            "flatness_recorded": [math.nan, 0.1],
            "confidence_generated": [math.nan, 0.3],
            "confidence_noise": [math.nan, 0.2],
            "confidence_recorded": [math.nan, 0.5],
        }
    ),
    PREDICTIONS,
)
# The second network is right on two of four items, the first one alone on three by its sums.
STACKED = TrialResult(
    ROW,
    EPOCHS,
    PREDICTIONS.assign(
        segments_right=[0.5, 0.25, 0.75, 0.0],
        sum_right=[1.0, 1.0, 1.0, 0.0],
        product_right=[1.0, 0.0, 0.0, 0.0],
        vote_right=[1.0, 1.0, 0.0, 0.0],
    ),
)
ANNOTATED = TrialResult(
    ROW,
    EPOCHS,
    PREDICTIONS,
    excerpts=pd.DataFrame(
        {
            "label": ["voice", "piano", "organ"],
            "prediction": ["voice", "piano", "piano"],
            "labels": ["voice|piano", "piano", "organ"],
            "named": ["voice", "piano|voice", "piano"],
            "ranked": ["voice|organ|piano", "piano|voice|organ", "piano|organ|voice"],
            "group": ["1", "2", "3"],
        }
    ),
)


INVERTED = TrialResult(
    ROW,
    EPOCHS,
    pd.DataFrame(
        {
            "label": ["violin", "violin"],
            "prediction": [None, None],
            "signal_to_noise": [-1.0, -3.0],
            "spectral_distance": [4.0, 6.0],
            "spectral_distance_of_another": [16.0, 8.0],
            "spectral_distance_of_noise": [40.0, 20.0],
            "flatness_recorded": [0.1, 0.2],
            "flatness_inverted": [0.2, 0.4],
            "group": ["1", "2"],
        }
    ),
)


class Expected(NamedTuple):
    """A value by hand of one of the trials above, the unit, and whether more is better."""

    of: TrialResult
    value: float
    unit: str
    higher: bool


GIVEN = TrialResult(ROW, EPOCHS, PREDICTIONS.assign(score=[0.5, 0.25, 0.75, 1.0], error=[1.0, 2.0, 3.0, 4.0]))
SUITE: dict[str, Expected] = {
    "score": Expected(GIVEN, 0.625, "units", True),
    "error": Expected(GIVEN, 2.5, "units", False),
    "accuracy": Expected(CLASSIFIER, 50.0, "points", True),
    # Recalls are 2 / 3 and 0.
    "minimum_recall": Expected(CLASSIFIER, 0.0, "points", True),
    "balanced_accuracy": Expected(CLASSIFIER, 100 / 3, "points", True),
    "recall_spread": Expected(CLASSIFIER, 100 / 3, "points", False),
    "recall_per_doubling": Expected(COUNTED, 100 / 3, "points a doubling", True),
    "accuracy_over_majority": Expected(CLASSIFIER, 50.0 - 75.0, "points", True),
    "test_loss": Expected(CLASSIFIER, (2 * math.log(2) + 2 * math.log(4)) / 4, "nats", False),
    "gap": Expected(CLASSIFIER, 45.0, "points", False),
    "gap_running": Expected(CLASSIFIER, 40.0, "points", False),
    "validation_less_test": Expected(CLASSIFIER, 30.0, "points", False),
    "train_accuracy": Expected(CLASSIFIER, 90.0, "points", True),
    "train_accuracy_evaluated": Expected(CLASSIFIER, 95.0, "points", True),
    "train_loss": Expected(CLASSIFIER, 0.6, "nats", False),
    "validation_accuracy": Expected(CLASSIFIER, 80.0, "points", True),
    "accuracy_at_1": Expected(CLASSIFIER, 20.0, "points", True),
    "accuracy_at_5": Expected(CLASSIFIER, 80.0, "points", True),
    "area": Expected(CLASSIFIER, 60.6, "points", True),
    "epochs_to_90": Expected(CLASSIFIER, 4.0, "epochs", False),
    "epochs_to_share": Expected(CLASSIFIER, 3.0, "epochs", False),
    "seconds_to_share": Expected(CLASSIFIER, 13.0, "seconds", False),
    "best_epoch": Expected(CLASSIFIER, 3.0, "epochs", True),
    "validation_loss": Expected(CLASSIFIER, 1.0, "nats", False),
    "last_validation_loss": Expected(CLASSIFIER, 1.4, "nats", False),
    "validation_loss_rise": Expected(CLASSIFIER, 0.4, "nats", False),
    # Through (0, 1.0), (1, 1.2), (2, 1.4).
    "validation_loss_slope": Expected(CLASSIFIER, 0.2, "nats an epoch", False),
    "seconds_per_epoch": Expected(CLASSIFIER, 2.0, "seconds", False),
    "parameters": Expected(CLASSIFIER, 1234.0, "parameters", False),
    "peak_memory": Expected(CLASSIFIER, 5e6, "bytes", False),
    "step_bytes": Expected(CLASSIFIER, 4e6, "bytes", False),
    "input_bytes": Expected(CLASSIFIER, 20480.0, "bytes", False),
    "front_end_milliseconds": Expected(CLASSIFIER, 0.25, "milliseconds", False),
    "sample_seconds": Expected(GAN, 0.3, "seconds", True),
    "discriminator_accuracy": Expected(GAN, 93.0, "points", True),
    "discriminator_below": Expected(GAN, 75.0, "points", True),
    "loss_gap": Expected(GAN, 2.0, "nats", False),
    "distance": Expected(GAN, 12.0, "dB", False),
    "distance_over_noise": Expected(GAN, -3.0, "dB", False),
    "flatness": Expected(GAN, 0.4, "flatness", False),
    "flatness_over_recorded": Expected(GAN, 0.3, "flatness", False),
    "confidence_over_noise": Expected(GAN, 0.1, "share", True),
    "segment_accuracy": Expected(STACKED, 37.5, "points", True),
    "gain_over_segments": Expected(STACKED, 12.5, "points", True),
    "gain_over_sum": Expected(STACKED, -25.0, "points", True),
    "gain_over_product": Expected(STACKED, 25.0, "points", True),
    "gain_over_vote": Expected(STACKED, 0.0, "points", True),
    # Right: voice, piano. Named: 4, labels: 4.
    "micro_f1": Expected(ANNOTATED, 50.0, "points", True),
    # voice: 1 right of 2 named, 1 label; piano: 1 right of 2 named, 2 labels; organ: never named.
    "macro_f1": Expected(ANNOTATED, 100 * (2 / 3 + 2 / 4 + 0) / 3, "points", True),
    # Right 2, 3 and 4 of 3, 6 and 9 named.
    "micro_f1_top_1": Expected(ANNOTATED, 100 * 4 / 7, "points", True),
    "micro_f1_top_2": Expected(ANNOTATED, 100 * 6 / 10, "points", True),
    "micro_f1_top_3": Expected(ANNOTATED, 100 * 8 / 13, "points", True),
    "micro_f1_gain_2": Expected(ANNOTATED, 100 * (6 / 10 - 4 / 7), "points", True),
    "micro_f1_gain_3": Expected(ANNOTATED, 100 * (8 / 13 - 4 / 7), "points", True),
    "micro_f1_gain_named": Expected(ANNOTATED, 100 * (4 / 8 - 4 / 7), "points", True),
    # voice at rank 1: 1/1, piano at rank 3: 2/3; piano at 1: 1/1; organ at 2: 1/2.
    "ranking_precision": Expected(ANNOTATED, 100 * ((1 + 2 / 3) / 2 + 1 + 1 / 2) / 3, "points", True),
    # Pairs of a label and another class that are right: 1 of 2, 2 of 2, 1 of 2.
    "ranking_area": Expected(ANNOTATED, 100 * (1 / 2 + 1 + 1 / 2) / 3, "points", True),
    "inversion_signal_to_noise": Expected(INVERTED, -2.0, "dB", True),
    "inversion_distance": Expected(INVERTED, 5.0, "dB", False),
    "inversion_of_noise": Expected(INVERTED, 100 * (4 / 40 + 6 / 20) / 2, "points", False),
    "inversion_of_another": Expected(INVERTED, 100 * (4 / 16 + 6 / 8) / 2, "points", False),
    "inversion_flatness": Expected(INVERTED, 0.15, "flatness", False),
}
OF_AN_INVERSION = [name for name, expected in SUITE.items() if expected.of is INVERTED]
OF_A_GAN = [name for name, expected in SUITE.items() if expected.of is GAN]
OF_SEVERAL_LABELS = [name for name, expected in SUITE.items() if expected.of is ANNOTATED]
OF_TWO_NETWORKS = [name for name, expected in SUITE.items() if expected.of is STACKED]


def test_every_metric_stands_in_the_suite() -> None:
    assert set(SUITE) == set(METRICS)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_worked_out_by_hand(name: str) -> None:
    expected, metric = SUITE[name], METRICS[name]
    assert metric.compute(expected.of) == pytest.approx(expected.value)
    assert (metric.unit, metric.higher, metric.name) == (expected.unit, expected.higher, name)


def axis_unit(metric: Metric) -> str:
    """A level is in %, as in tables; a difference of two is in points."""
    apart = re.search("gain|above|less|deviation", metric.axis)
    return metric.unit if apart or metric.unit != "points" else "(%)"


@pytest.mark.parametrize("name", METRICS)
def test_words_fit_in_a_sentence_and_an_axis_has_its_unit(name: str) -> None:
    metric = METRICS[name]
    assert metric.words[0].islower() or metric.words.startswith("F1")
    assert not metric.words.endswith(".") and axis_unit(metric) in metric.axis
    assert METRICS[name].words not in [other.words for other in METRICS.values() if other.name != name]


@pytest.mark.parametrize("name", [*OF_A_GAN, *OF_SEVERAL_LABELS, *OF_AN_INVERSION, *OF_TWO_NETWORKS])
def test_a_classifier_of_one_label_has_no_such_value_and_says_why(name: str) -> None:
    assert math.isnan(METRICS[name].compute(CLASSIFIER)) and METRICS[name].without


@pytest.mark.parametrize(
    "name", ["gap", "train_accuracy_evaluated", "peak_memory", "input_bytes", "front_end_milliseconds", "step_bytes"]
)
def test_a_trial_of_an_older_version_has_no_such_value_and_says_why(name: str) -> None:
    assert math.isnan(METRICS[name].compute(TrialResult(OLD, EPOCHS, PREDICTIONS))) and METRICS[name].without


@pytest.mark.parametrize(("recorded", "known"), [(0.35, False), (0.45, True), (math.nan, False)])
def test_a_judge_that_is_hardly_surer_of_recordings_than_of_noise_says_nothing(recorded: float, known: bool) -> None:
    judged = replace(GAN, epochs=GAN.epochs.assign(confidence_recorded=recorded))
    assert math.isnan(METRICS["confidence_over_noise"].compute(judged)) != known


@pytest.mark.parametrize("counts", [None, [8, 8, 8, 8], [0, 0, 0, 8]])
def test_recalls_have_no_slope_where_training_items_do_not_vary(counts: list[int] | None) -> None:
    found = PREDICTIONS if counts is None else PREDICTIONS.assign(class_trained_on=counts)
    assert math.isnan(METRICS["recall_per_doubling"].compute(replace(CLASSIFIER, predictions=found)))


def test_the_slope_of_recalls_is_that_of_a_line_through_them() -> None:
    generator = np.random.default_rng(2)
    counts, labels = np.array([50, 100, 400, 3000]), generator.integers(0, 4, 200)
    right = generator.random(200) < 0.2 + 0.1 * labels
    found = pd.DataFrame({"label": labels.astype(str), "class_trained_on": counts[labels]})
    found = found.assign(prediction=np.where(right, found["label"], "x"))
    recalled = [100 * right[labels == each].mean() for each in range(4)]
    slope = np.polyfit(np.log2(counts), recalled, 1)[0]
    assert METRICS["recall_per_doubling"].compute(replace(CLASSIFIER, predictions=found)) == pytest.approx(slope)


def test_what_names_no_class_has_no_accuracy_and_no_recall() -> None:
    for name in ("accuracy", "balanced_accuracy", "minimum_recall", "accuracy_over_majority", "gap"):
        assert math.isnan(METRICS[name].compute(INVERTED)), name


def test_a_loss_needs_a_logit_for_each_label() -> None:
    assert math.isnan(METRICS["test_loss"].compute(TrialResult(ROW, EPOCHS, PREDICTIONS, labels=("a", "b", "c"))))


def test_fewer_than_five_epochs_have_no_accuracy_after_the_fifth() -> None:
    assert math.isnan(METRICS["accuracy_at_5"].compute(TrialResult(ROW, EPOCHS[:4], PREDICTIONS)))


def test_a_run_that_never_reaches_the_level_counts_whole() -> None:
    never = TrialResult(ROW, EPOCHS, PREDICTIONS, level=0.95)
    assert METRICS["seconds_to_share"].compute(never) == 17.0
    assert METRICS["epochs_to_share"].compute(never) == 5.0


SPARSE = EPOCHS.assign(epoch=[5, 10, 15, 20, 25], cpu_seconds=2.0)
OF_FIFTHS = {"accuracy_at_1": math.nan, "accuracy_at_5": 20.0, "epochs_to_90": 20.0, "epochs_to_share": 15.0}
OF_FIFTHS |= {"seconds_to_share": 30.0, "best_epoch": 15.0, "validation_loss_slope": 0.04, "last_validation_loss": 1.4}


@pytest.mark.parametrize("name", OF_FIFTHS)
def test_an_epoch_is_known_by_its_number_where_every_fifth_is_recorded(name: str) -> None:
    found = METRICS[name].compute(TrialResult(ROW, SPARSE, PREDICTIONS, level=0.7))
    assert found == pytest.approx(OF_FIFTHS[name], nan_ok=True)


def test_what_is_recorded_in_some_epochs_has_the_area_of_the_lines_between_them() -> None:
    found = METRICS["area"].compute(TrialResult(ROW, EPOCHS.iloc[[0, 2, 4]], PREDICTIONS))
    assert found == pytest.approx((20 + (20 + 71) / 2 + 71 + (71 + 80) / 2 + 80) / 5)


OF_THE_COURSE = [name for name in SUITE if METRICS[name].compute.__module__ == "analysis.metrics.course"]
OF_THE_COURSE.remove("train_accuracy_evaluated")


@pytest.mark.parametrize("name", OF_THE_COURSE)
def test_a_column_of_which_nothing_is_recorded_has_no_value(name: str) -> None:
    empty = EPOCHS.assign(**dict.fromkeys(EPOCHS.columns.drop("epoch"), math.nan))
    assert math.isnan(METRICS[name].compute(TrialResult(ROW, empty, PREDICTIONS, level=0.7)))


@pytest.mark.parametrize("name", OF_THE_COURSE)
def test_epochs_that_do_not_record_a_column_change_nothing(name: str) -> None:
    gaps = EPOCHS.assign(epoch=[2, 3, 5, 7, 8]).set_index("epoch").reindex(range(1, 10)).reset_index()
    record = TrialResult(ROW, gaps, PREDICTIONS, level=0.7)
    same = replace(record, epochs=gaps.dropna())
    assert METRICS[name].compute(record) == pytest.approx(METRICS[name].compute(same), nan_ok=True)


def test_a_run_that_ends_at_its_lowest_loss_has_no_slope() -> None:
    assert METRICS["validation_loss_slope"].compute(TrialResult(ROW, EPOCHS[:3], PREDICTIONS)) == 0.0


def test_on_a_gpu_times_are_those_of_the_wall() -> None:
    record = TrialResult(ROW.replace("cpu", "cuda"), EPOCHS, PREDICTIONS, level=0.7)
    found = [METRICS[name].compute(record) for name in ("seconds_per_epoch", "seconds_to_share")]
    assert found == [2.5, 19.0]


def test_the_shared_level_asks_no_arm_for_more_than_the_lower_ends_at() -> None:
    assert shared_level([0.8, 0.5]) == pytest.approx(0.45)


def test_naming_claims_and_metrics_imports_nothing_large() -> None:
    # `etude list studies` imports the claims of every study.
    large = {"pandas", "scipy", "sklearn", "statsmodels"}
    code = f"import sys, analysis.claims; print(sorted({large} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def counted(generator: np.random.Generator, groups: int, classes: int) -> tuple[Floats, Floats]:
    """Sums (G, 2 classes) of groups of unequal size and difficulty, each of several classes, and their items (G,)."""
    items = generator.integers(0, 6, (groups, classes)).astype(float)
    odds = generator.normal(0.5, 1.0, (groups, 1)) + np.linspace(1.5, -1, classes)
    right = generator.binomial(items.astype(int), 1 / (1 + np.exp(-odds)))
    return np.hstack([100.0 * right, items]), items.sum(axis=1)


def over_named(sums: Floats) -> Floats:
    """Macro F1 where all that is right is named, and as much again."""
    right, items = np.split(sums / 100, 2, axis=-1)
    return f1_of(np.concatenate([right, 1.5 * right, 100 * items], axis=-1), "macro")


def over_doublings(sums: Floats) -> Floats:
    """The slope of recalls where each class has twice as many training items as the one before."""
    _, items = np.split(sums, 2, axis=-1)
    return recall_slope(np.concatenate([sums, items * np.arange(items.shape[-1])], axis=-1))


@pytest.mark.parametrize(
    "of",
    [mean_recall, recall_deviation, over_named, lambda sums: np.fmin.reduce(recalls(sums), axis=-1), over_doublings],
    ids=["balanced accuracy", "spread of recalls", "macro F1", "lowest recall", "recall per doubling"],
)
def test_the_variance_between_groups_is_that_of_a_bootstrap_over_groups(of: Of) -> None:
    generator = np.random.default_rng(0)
    sums, items = counted(generator, groups=80, classes=4)
    sums, items = sums[items > 0], items[items > 0]
    found = two_way(cells_of(sums[None], items[None], of), items[None])
    drawn = generator.integers(0, len(sums), (4000, len(sums)))
    assert found.effect == pytest.approx(float(of(sums.sum(axis=0))))
    assert math.sqrt(found.v_group) == pytest.approx(float(of(sums[drawn].sum(axis=1)).std()), rel=0.08)


def test_the_cells_of_a_mean_are_the_means_of_the_groups_either_way() -> None:
    generator = np.random.default_rng(1)
    sums, items = counted(generator, groups=12, classes=3)
    right, items = sums[:, :3].sum(axis=1), np.where(items > 0, items, 1)
    by_jackknife = cells_of(
        np.stack([right, items], axis=-1)[None], items[None], lambda sums: sums[..., 0] / np.maximum(sums[..., 1], 1)
    )
    assert by_jackknife == pytest.approx(cells_of(right[None, :, None], items[None]))


def test_a_group_that_is_alone_and_a_gap() -> None:
    sums = np.array([[[2.0, 3.0], [0.0, 0.0]], [[1.0, 2.0], [2.0, 2.0]]])
    with np.errstate(invalid="ignore"):
        cells = cells_of(sums, sums[..., 1], lambda sums: np.divide(sums[..., 0], sums[..., 1]) ** 2)
    assert cells[0, 0] == pytest.approx(4 / 9) and math.isnan(cells[0, 1])


def test_totals_over_all_items() -> None:
    assert Totals.mean(np.array([1.0, 2.0, 6.0])).value == 3.0
