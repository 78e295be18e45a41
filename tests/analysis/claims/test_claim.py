"""Claims: what is accepted, what is refused in one sentence, and that they survive being written down."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import claims
from analysis.claims import (
    KINDS,
    Better,
    Claim,
    Cost,
    Equal,
    Fact,
    Level,
    NoDirection,
    Optimum,
    Ranking,
    Saturates,
    Share,
    Slope,
)
from analysis.claims.sentences import more_needed
from analysis.errors import RunError

FIVE = ("1", "2", "3", "4", "5")
EXAMPLES: list[Claim] = [
    Better(finding="S4-F3", better="a", worse="b"),
    Better(finding="S1-F21", better="a", worse=9.09),
    Better(finding="S3-F20", better=0.0, worse="a", metric="gap"),
    Better(finding="S2-F16", better=("a", "b"), worse="c"),
    Equal(finding="S4-F3", first="a", second="b", margin=3),
    Equal(finding="S0-F39", first="a", second="b", metric="parameters"),
    claims.NeverHurts(finding="S0-F16", levels=FIVE),
    Saturates(finding="S0-F17", levels=FIVE, at="2"),
    Optimum(finding="S0-F15", levels=FIVE, at="3"),
    Optimum(finding="S0-F21", levels=FIVE, at=("2", "3")),
    Level(finding="S0-F7", arm="a", printed=37.65),
    Level(finding="S1-F4", arm="a", printed=15, upper=20, relation="between"),
    Share(finding="S0-F12", pairs=(("a", "b"), ("c", "d")), share="about", printed=0.9),
    Share(finding="S0-F10", pairs=((0.05, "a"), ("b", 10.0)), share="each"),
    Ranking(finding="S2-F39", worst="a", candidates=("a", "b", "c")),
    Ranking(finding="S2-F46", ranking=("a", ("b", "c"), *"defgh")),
    Ranking(finding="S2-F36", chain=("a", "b", "c")),
    Ranking(finding="S4-F9", best="a", candidates=("a", "b", "c")),
    Ranking(finding="S2-F46", ranking=tuple("abcdefgh")),
    claims.Interaction(finding="S4-F13", plus=("a", "b"), minus=("c", "d")),
    claims.Slope(finding="S3-F16", arm="a", covariate="rms", direction="falls"),
    claims.Slope(finding="S3-F15", arm="a", covariate="crest", classes=("x", "y"), less=("z",)),
    claims.Runs(finding="S1-F4", of=("a", "b"), low=15, high=20),
    claims.Runs(finding="S2-F29", of=("a",), failed=True, relation="below", printed=0.2),
    claims.Unequal(finding="S1-F12", among=("a", "b", "c"), margin=4),
    claims.Spread(finding="S2-F42", closer=("a", "b"), wider=("c", "d")),
    claims.Recall(finding="S3-F13", arm="a", classes=("x", "y"), less=("z",)),
    claims.Recall(finding="S1-F17", arm="a", than="b", classes=("x",), less=("z",)),
    claims.ClassShare(finding="S3-F14", better="a", worse="b", classes=("x", "y", "z")),
    claims.Importance(finding="S0-F38", arm="a", parameters=("units", "dropout")),
    NoDirection(finding="S4-F16", first="a", second="b"),
    Cost(finding="S4-F6", cheaper="a", dearer="b"),
    claims.Fact(finding="S4-F19", fact="instruments", printed=25),
    claims.Fact(finding="S3-F9", fact="divergence", printed=0.05, relation="below"),
]


def test_every_kind_has_an_example() -> None:
    assert {type(claim) for claim in EXAMPLES} == set(KINDS.values())


@pytest.mark.parametrize("claim", EXAMPLES, ids=lambda claim: type(claim).__name__)
def test_a_claim_survives_being_written_down(claim: Claim) -> None:
    assert claims.load(claims.dump([claim])) == [claim]


@pytest.mark.parametrize("claim", EXAMPLES, ids=lambda claim: type(claim).__name__)
def test_arms_are_named_once(claim: Claim) -> None:
    assert len(set(claim.arms)) == len(claim.arms)
    assert all(isinstance(arm, str) and arm for arm in claim.arms)


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        (Better, {"better": "a"}, "worse: field required"),
        (Better, {"better": "a", "worse": "b", "wors": "b"}, "not permitted"),
        (Better, {"better": "a", "worse": "a"}, "compared with itself"),
        (Better, {"better": "a", "worse": "b", "metric": "epochs_to_9"}, "did you mean 'epochs_to_90'"),
        (Better, {"better": "a", "worse": "b", "metric": "epochs_to_90"}, "state the margin"),
        (Better, {"better": "a", "worse": "b", "margin": 0}, "greater than 0"),
        (Level, {"arm": "a", "printed": 3, "metric": "best_epoch"}, "state the margin"),
        (Level, {"arm": "a", "printed": 15, "relation": "between"}, "'upper'"),
        (Level, {"arm": "a", "printed": 15, "upper": 10, "relation": "between"}, "above"),
        (Level, {"arm": "a", "printed": 15, "protocols": ("corrected",)}, "as_published"),
        (Better, {"better": "a", "worse": "b", "protocols": ("correct",)}, "'correct': did you mean 'corrected'?"),
        (Better, {"better": "a", "worse": "b", "protocols": ("grouped_same_sizes",)}, "known: as_published, corrected"),
        (Optimum, {"levels": ("1", "2"), "at": "1"}, "at least 5"),
        (Optimum, {"levels": FIVE, "at": "6"}, "unknown level '6'"),
        (Optimum, {"levels": FIVE, "at": ("1", "3")}, "no levels in a row"),
        (Optimum, {"levels": FIVE, "at": ()}, "no levels in a row"),
        (Optimum, {"levels": FIVE, "at": FIVE}, "every level"),
        (Better, {"better": 1.0, "worse": 2.0}, "two constants"),
        (NoDirection, {"first": 1.0, "second": 2.0}, "two constants"),
        (Better, {"better": "a", "worse": ("a", "b")}, "compared with itself"),
        (Share, {"pairs": ((1.0, 2.0), ("c", "d")), "share": "each"}, "two constants"),
        (Share, {"pairs": (("a", "a"), ("c", "d")), "share": "each"}, "with itself"),
        (Saturates, {"levels": FIVE, "at": "5"}, "one above"),
        (Share, {"pairs": (("a", "b"), ("c", "d")), "share": "about"}, "'printed'"),
        (Ranking, {"chain": ("a",)}, "chain of 2 to 7"),
        (Ranking, {"chain": ("a", "b"), "best": "c", "candidates": ("c", "d")}, "chain of 2 to 7"),
        (Ranking, {"best": "a", "worst": "b", "candidates": ("a", "b")}, "chain of 2 to 7"),
        (Ranking, {"ranking": (tuple("abcdefgh"),)}, "ranking of 8"),
        (claims.Importance, {"arm": "a", "most": 2, "parameters": ("x", "y")}, "not both"),
        (claims.Importance, {"arm": "a", "parameters": ("x", "x")}, "name each once"),
        (claims.Importance, {"arm": "a", "protocols": ("as_published",)}, "under 'corrected' alone"),
        (claims.Importance, {"arm": "a", "metric": "gap"}, "of no metric"),
        (Fact, {"fact": "clips", "printed": 3, "relation": "between"}, "'upper'"),
        (Ranking, {"ranking": ("a", "b")}, "ranking of 8"),
        (Cost, {"cheaper": "a", "dearer": "b", "margin": 0.9}, "greater than 1"),
        (Fact, {"fact": "clips", "printed": 3, "metric": "micro_f1"}, "of no metric: leave out 'metric'"),
        (Slope, {"arm": "a", "covariate": "rms", "classes": ("x",), "less": ("x",)}, "each class once"),
        (claims.Runs, {"of": ("a",)}, "'low' or 'high'"),
        (claims.Runs, {"of": ("a",), "low": 2, "high": 1}, "above 'low'"),
        (claims.Spread, {"closer": ("a", "b"), "wider": ("b", "c")}, "compared with itself"),
        (claims.Recall, {"arm": "a", "classes": ("x",), "less": ("x", "y")}, "each class once"),
        (claims.Recall, {"arm": "a", "than": "a", "classes": ("x",), "less": ("y",)}, "compared with itself"),
        (claims.ClassShare, {"better": "a", "worse": "b", "classes": ("x", "x")}, "each class once"),
        (claims.ClassShare, {"better": "a", "worse": "b", "classes": ("x", "y"), "share": "about"}, "'printed'"),
        (Slope, {"arm": "a", "covariate": "rms", "metric": "accuracy"}, "of no metric: leave out 'metric'"),
    ],
)
def test_a_wrong_claim_is_refused_in_one_sentence(kind: type[Claim], fields: dict[str, Any], says: str) -> None:
    with pytest.raises(RunError, match=says) as error:
        kind(finding="S4-F1", **fields)
    text = str(error.value)
    assert "S4-F1" in text and "\n" not in text and text.endswith(".")


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(RunError, match="did you mean 'DIR'"):
        claims.load([{"kind": "DIRR"}])


@given(st.floats(-100, 100))
def test_the_margin_of_a_printed_size(size: float) -> None:
    claim = Better(finding="S1-F2", better="a", worse="b", printed=size)
    assert claim.margin == max(2, abs(size) / 4)
    assert Better(finding="S1-F2", better="a", worse="b", printed=size, margin=1).margin == 1


def test_a_claim_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        EXAMPLES[0].margin = 1.0


@pytest.mark.parametrize("metric", ["accuracy", "micro_f1"])
def test_a_claim_of_no_metric_that_was_written_with_one_still_loads(metric: str) -> None:
    fact, slope = Fact(finding="S4-F19", fact="clips", printed=3), Slope(finding="S4-F5", arm="a", covariate="rms")
    written = [{**entry, "metric": metric} for entry in claims.dump([fact, slope])]
    assert claims.load(written) == [fact, slope]


def test_a_claim_on_named_classes_stays_with_its_corpus() -> None:
    slope = Slope(finding="S3-F15", arm="a", covariate="crest")
    assert not slope.stays and not Better(finding="S4-F3", better="a", worse="b").stays
    assert "classes" in slope.model_copy(update={"less": ("x",)}).stays
    assert claims.Recall(finding="S3-F13", arm="a", classes=("x",), less=("y",)).stays


@pytest.mark.parametrize(
    ("needed", "end"),
    [
        (3, "this run could detect 1.5 points, and the effect lies too near the margin"),
        (9, "the smallest effect that this run could detect is 1.5 points, and 9 seeds would be needed"),
        (
            None,
            "the smallest effect that this run could detect is 1.5 points, and no number of seeds would be enough on "
            "this test set",
        ),
    ],
)
def test_what_is_left_open_says_what_it_would_take(needed: int | None, end: str) -> None:
    assert more_needed(1.5, needed, 8, "points") == end
