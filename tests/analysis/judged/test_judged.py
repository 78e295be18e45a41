"""Results that were trained elsewhere are judged as those of a run are."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.claims import Better, Equal, Recall
from analysis.errors import RunError
from analysis.judged import judge, read_claims, read_results, run_of
from analysis.report import render
from analysis.runs import Run
from analysis.verdicts import verdicts

CLAIMS = (
    Better(finding="X1", better="a", worse="b", printed=8.0),
    Equal(finding="X2", first="b", second="c"),
    Recall(finding="X3", arm="a", classes=("flute",), less=("cello",), protocols=("as_published",)),
)
BETTER = {"finding": "X1", "kind": "DIR", "better": "a", "worse": "b"}
NUMBERS = ("effect", "low", "high", "low90", "high90", "p_adjusted", "n", "groups", "smallest_detectable")


@pytest.fixture(scope="module")
def run(planted) -> Run:
    return planted({"a": 0.8, "b": 0.7, "c": 0.7}, CLAIMS, groups=12, items=4)


def table(run: Run) -> pd.DataFrame:
    """The answers of a run as somebody else would hand them on."""
    rows = run.trials[["trial", "arm", "repetition", "protocol"]]
    answers = run.predictions.merge(rows, on="trial").rename(columns={"repetition": "seed"})
    return answers[["arm", "seed", "protocol", "item", "group", "label", "prediction"]]


def scores(seeds: int = 10) -> pd.DataFrame:
    """One error of each arm and seed."""
    generator = np.random.default_rng(3)
    means = {"a": 0.46, "b": 0.49}
    rows = [(arm, seed, generator.normal(mean, 0.002)) for arm, mean in means.items() for seed in range(seeds)]
    return pd.DataFrame(rows, columns=["arm", "seed", "error"])


def test_the_answers_of_a_run_have_its_verdicts(run: Run):
    for mine, theirs in zip(verdicts(run), judge(table(run), CLAIMS), strict=True):
        assert (theirs.word, theirs.label, theirs.reason) == (mine.word, mine.label, mine.reason)
        for name in NUMBERS:
            assert getattr(theirs, name) == pytest.approx(getattr(mine, name), nan_ok=True), name


def test_that_an_answer_is_right_is_enough_where_no_class_is_compared(run: Run):
    answers = table(run)
    right = answers.assign(right=answers["label"] == answers["prediction"]).drop(columns=["label", "prediction"])
    for mine, theirs in zip(judge(answers, CLAIMS[:2]), judge(right, CLAIMS[:2]), strict=True):
        assert (theirs.word, theirs.reason, theirs.low) == (mine.word, mine.reason, mine.low)
    (recall,) = judge(right[right["protocol"] == "as_published"], CLAIMS[2:])
    assert recall.word == "untestable" and "'flute'" in recall.reason
    balanced = {**BETTER, "metric": "balanced_accuracy"}
    assert {each.word for each in judge(right, [balanced])} == {"not run"}


def test_one_error_of_each_seed_has_the_t_interval_of_the_pairs(run: Run):
    results = scores()
    (verdict,) = judge(results, [{**BETTER, "margin": 0.01}])
    wide = results.pivot_table(index="seed", columns="arm", values="error")
    expected = stats.ttest_rel(wide["b"], wide["a"]).confidence_interval(0.95)
    assert (verdict.low, verdict.high) == pytest.approx(tuple(expected))
    assert (verdict.n, verdict.groups, verdict.word, verdict.unit) == (10, 0, "reproduced", "units")
    assert verdict.reason.startswith("Over 10 paired seeds alone a is 0.0") and "below b in the error" in verdict.reason
    assert "trained elsewhere" in verdict.badges


@pytest.mark.parametrize(
    "claim",
    [
        {"kind": "COST", "cheaper": "a", "dearer": "b"},
        {"kind": "EQ", "first": "a", "second": "b", "margin": 1.0},
        {"kind": "LEV", "arm": "a", "printed": 1000.0, "relation": "below"},
    ],
)
def test_nothing_is_said_of_parameters_which_results_do_not_count(claim):
    counted = {**claim, "finding": "X1", "metric": "parameters"}
    (verdict,) = judge(scores(), [counted])
    assert (verdict.word, verdict.effect) == ("not run", None)
    assert verdict.reason.startswith("The run has no architecture of ")


def test_few_seeds_decide_nothing():
    (verdict,) = judge(scores(seeds=7), [{**BETTER, "margin": 0.01}])
    assert verdict.word == "inconclusive" and "7 repetitions are fewer than 8" in verdict.reason


def test_what_is_no_group_is_its_own_and_data_sets_may_be_groups():
    generator = np.random.default_rng(0)
    keys = pd.MultiIndex.from_product([("a", "b"), range(8), range(40)], names=["arm", "seed", "item"])
    items = keys.to_frame(index=False).assign(right=lambda rows: generator.random(len(rows)) < 0.7)
    (verdict,) = judge(items, [BETTER])
    assert verdict.groups == 40
    sets = items.rename(columns={"item": "group", "right": "score"}).assign(score=generator.random(len(items)))
    (verdict,) = judge(sets, [{**BETTER, "margin": 0.1}])
    assert verdict.groups == 40 and verdict.unit == "units"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda r: r.drop(columns="arm"), "no column 'arm'"),
        (lambda r: r.drop(columns="error"), "no value: give one column of right, prediction, score, error"),
        (lambda r: r.assign(score=1.0), "both 'score' and 'error'"),
        (lambda r: r.assign(itm=1), "Unknown column 'itm': did you mean 'item'?"),
        (lambda r: r.iloc[:0], "no row"),
        (lambda r: r.assign(seed="x"), "Row 1 of the results has no whole number from 0 in the column 'seed'"),
        (lambda r: r.assign(seed=1), "Row 2 of the results has the same arm, seed, protocol, item"),
        (lambda r: r.assign(error=["1"] * 4 + ["nan"] * 16), "Row 5 of the results has no number"),
        (lambda r: r.assign(protocol="corected"), "Unknown protocol 'corected': did you mean 'corrected'?"),
        (lambda r: r.assign(arm=["a"] * 19 + [""]), "Row 20 of the results has nothing in the column 'arm'"),
        (lambda r: r.rename(columns={"error": "right"}), "neither 1 nor 0"),
        (lambda r: r.rename(columns={"error": "prediction"}), "without the column 'label'"),
        (lambda r: r.assign(epoch=1), "no row without an epoch"),
        (lambda r: r.assign(group=""), "nothing in the column 'item'"),
    ],
)
def test_a_wrong_table_is_one_sentence(change, says: str):
    with pytest.raises(RunError) as error:
        judge(change(scores()), [{**BETTER, "margin": 0.01}])
    assert says in str(error.value)
    assert str(error.value).endswith((".", "?")) or "may stand once" in str(error.value)


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ({"kind": "DRI"}, "Unknown kind of claim 'DRI': did you mean 'DIR'?"),
        ({"worse": "c"}, "Unknown arm in the claim 'X1': 'c'"),
        ({"worze": "c"}, "did you mean 'worse'"),
        ({"metric": "accuracy", "margin": 2.0}, "is of 'accuracy', and the results say 'error'"),
        ({"margin": None}, "margin"),
        ({"finding": ""}, "finding"),
    ],
)
def test_a_wrong_claim_is_one_sentence(claim, says: str):
    with pytest.raises(RunError) as error:
        judge(scores(), [{**BETTER, "margin": 0.01, **claim}])
    assert says in str(error.value)


def test_a_margin_in_points_is_not_taken_for_one_of_scores():
    for fields in ({}, {"printed": 0.03}):
        with pytest.raises(RunError, match="state the margin in that unit"):
            judge(scores(), [{**BETTER, **fields}])


def test_a_claim_that_stands_twice_is_refused():
    with pytest.raises(RunError, match="'X1' stands twice"):
        judge(scores(), [{**BETTER, "margin": 0.01}] * 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[claims", "cannot be read as TOML"),
        ('titel = "x"', "did you mean 'title'?"),
        ("title = 3", "is no text"),
        ('title = "x"', "has no claims"),
        ("claims = [1]", "has no claims"),
    ],
)
def test_a_wrong_file_of_claims_is_one_sentence(tmp_path: Path, text: str, says: str):
    path = tmp_path / "claims.toml"
    path.write_text(text)
    with pytest.raises(RunError) as error:
        read_claims(path)
    assert says in str(error.value) and "\n" not in str(error.value)


def test_files_that_are_not_there_or_no_tables_are_named(tmp_path: Path):
    with pytest.raises(RunError, match="There is no file"):
        read_claims(tmp_path / "no.toml")
    with pytest.raises(RunError, match="There is no file"):
        read_results(tmp_path / "no.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(RunError, match="cannot be read as CSV"):
        read_results(tmp_path / "empty.csv")


def test_the_page_of_scores_says_what_is_not_known():
    stated = {**BETTER, "margin": 0.01, "statement": "Widgets <b>help</b>."}
    page = render(run_of(scores(), [stated], title="Widgets", corpus="Parts"))
    assert "Widgets &lt;b&gt;help&lt;/b&gt;." in page and 'id="given"' in page
    for text in ("nothing of them was repeated", "Intervals are over seeds alone", "cannot be checked here"):
        assert text in page
    for text in ('id="curves"', 'id="confusions"', 'id="costs"', 'id="problems"', "registered before the run"):
        assert text not in page


def test_epochs_and_labels_have_their_sections(run: Run):
    answers = table(run)[lambda rows: rows["protocol"] == "as_published"]
    curves = answers.drop_duplicates(["arm", "seed"])[["arm", "seed", "protocol"]]
    epochs = pd.concat([curves.assign(epoch=each, validation_accuracy=0.5 + each / 10) for each in (1, 2, 3)])
    both = pd.concat([answers, epochs])
    claim = {**BETTER, "metric": "accuracy_at_1"}
    (verdict,) = judge(both, [claim])
    assert verdict.effect == 0.0
    page = render(run_of(both.assign(seconds=2.0), [BETTER]))
    assert 'data-head="Parameters" data-value="nan">–<' in page
    assert 'id="curves"' in page and 'id="confusions"' in page and 'id="arms"' in page
    with pytest.raises(RunError, match="no share of 0 to 1"):
        judge(pd.concat([answers, epochs.assign(validation_accuracy=85)]), [BETTER])
    assert math.isfinite(run_of(both, [BETTER]).trials["validation_accuracy"].iloc[0])
