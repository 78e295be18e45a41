"""The trail of a verdict: its standing, its parts, what would change it, and every trial."""

from dataclasses import replace

import pytest

from analysis.claims import Better, Claim
from analysis.report.trail import Trail, standing, trail, variance
from analysis.results import Results
from analysis.runs import Run
from analysis.verdicts.verdict import WORDS, Verdict

CLAIM = Better(finding="S4-F14", better="a", worse="b")


def trail_of(run: Run, claim: Claim = CLAIM, protocol: str = "corrected") -> Trail:
    results = Results.of(run)
    (verdict,) = [verdict for verdict in results.judged if verdict.protocol == protocol]
    return trail(results, claim, verdict)


def test_a_decided_verdict_has_the_parts_of_its_interval_and_what_would_be_enough(planted) -> None:
    wide = Better(finding="S4-F14", better="a", worse="b", margin=20.0)
    found = trail_of(planted({"a": 0.9, "b": 0.6}, (wide,)), wide)
    assert found.standing == "Tested and decided: reproduced."
    assert "due to seeds" in found.variance and found.variance.endswith("to both together.")
    seeds, groups = found.changes
    assert seeds.endswith("seeds a difference of 20 points is found in 80 % of studies; this run has 10.")
    assert groups.endswith("this run has 100.")
    assert "No number of seeds alone" in trail_of(planted({"a": 0.9, "b": 0.6}, (CLAIM,), groups=10)).changes[0]


def test_what_bars_a_verdict_is_technical_and_apart_from_an_open_one(planted) -> None:
    barred = trail_of(planted({"a": 0.9, "b": 0.6}, (CLAIM,), rendered=True))
    assert barred.standing == "Tested and not decided, for technical reasons: the audio is a rendered stand-in."
    open_one = trail_of(planted({"a": 0.61, "b": 0.6}, (CLAIM,), groups=8, items=2, noise=0.9))
    assert open_one.standing == "Tested and not decided: the numbers show neither."


def test_what_could_not_be_run_says_why(planted) -> None:
    run = planted({"a": 0.9, "b": 0.6}, (CLAIM,))
    without = trail_of(replace(run, trials=run.trials[run.trials["arm"] == "a"]))
    assert without.standing.startswith("Could not be run: ") and "b" in without.standing
    untrained = {**run.study, "study": {**run.study["study"], "untrained": {"b": "it takes too much memory"}}}
    assert trail_of(replace(run, study=untrained)).standing == (
        "Could not be tested: b was not trained: it takes too much memory."
    )


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_a_standing(word) -> None:
    assert standing(Verdict("S4-F1", "", "DIR", "corrected", word=word)).endswith(".")


def test_networks_that_still_learn_and_fewer_epochs_than_printed_are_named(planted) -> None:
    run = planted({"a": 0.9, "b": 0.6}, (CLAIM,), epochs=10, budget_epochs=100, delay={"a": 9})
    said = " ".join(trail_of(run).changes)
    assert "Trained for 10 of the 100 stated epochs." in said
    assert "More epochs could change it: a " in said


def test_every_trial_of_the_arms_is_listed_and_the_failed_ones_too(planted) -> None:
    run = planted({"a": 0.9, "b": 0.6, "c": 0.5}, (CLAIM,), failed={"b": 2})
    rows = [[cell.text for cell in row] for row in trail_of(run).trials.rows]
    own = run.trials[(run.trials["protocol"] == "corrected") & run.trials["arm"].isin(["a", "b"])]
    assert sorted(row[-1] for row in rows) == sorted(own["trial"])
    assert [row[3] for row in rows].count("failed") == 2


def test_no_parts_where_no_group_is_tested_twice() -> None:
    nested = Verdict("S4-F1", "", "DIR", "corrected", word="inconclusive", low=0.0, high=1.0, groups=5)
    assert "cannot be told apart" in variance(nested)
    assert variance(replace(nested, low=None)) == ""


def test_guesses_and_failed_checks_are_those_of_the_protocol(planted) -> None:
    run = planted({"a": 0.9, "b": 0.6}, (CLAIM,), guessed=["momentum"])
    checks = [{"id": "B1", "name": "groups", "outcome": "fail"}, {"id": "B2", "name": "copies", "outcome": "pass"}]
    card = {**run.study["protocols"]["as_published"], "checks": checks}
    study = {**run.study, "protocols": {**run.study["protocols"], "as_published": card}}
    found = trail_of(replace(run, study=study), protocol="as_published")
    assert (found.guessed, [check["id"] for check in found.failed]) == (["momentum"], ["B1"])
    assert trail_of(replace(run, study=study)).failed == []
