"""Made-up runs of every study: what is true by construction reads "reproduced", and what is false never does."""

from functools import partial

import pytest
from planting.kinds import PLANTS, lead, plant
from planting.quantities import Quantities, planted
from planting.tables import run_of
from planting.worlds import World, worlds

from analysis.claims import (
    KINDS,
    Better,
    Claim,
    Equal,
    Level,
    NoDirection,
    Slope,
    contrasts,
    evidence,
    ranking,
    share,
)
from analysis.metrics import METRICS
from analysis.statistics import clustered_share, importance, kendall, max_t
from analysis.verdicts import Verdict, verdicts
from studies import catalogue
from studies.study import Study, arm

OPEN = {"S2-F29 softmax breaks down": "that it is above 0.050 is neither shown nor excluded"}
"""Claims that no run of this size can refute, by their names, with the end of the reason."""


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what more repetitions would find, on which no verdict depends, and draw fewer samples."""
    monkeypatch.setattr(evidence, "detectable", lambda df: 1.0)
    monkeypatch.setattr(evidence, "repetitions_needed", lambda interval, margin: None)
    monkeypatch.setattr(importance, "RESAMPLES", 15)
    for module, drawing in ((contrasts, max_t), (ranking, kendall), (share, clustered_share)):
        monkeypatch.setattr(module, drawing.__name__, partial(drawing, draws=1000))


def of_findings(study: Study) -> list[list[Claim]]:
    return [[claim for claim in study.claims if claim.finding == finding] for finding in study.tested]


def judged(world: World, name: str) -> list[tuple[Claim, Verdict]]:
    """The claims of a world with their verdicts, under each protocol."""
    found = {(verdict.name, verdict.protocol): verdict for verdict in verdicts(run_of(world, name))}
    claims = [stated.claim for stated in world.stated]
    return [(claim, found[claim.name, protocol]) for claim in claims for protocol in claim.protocols]


def other_than(expected: str, found: list[tuple[Claim, Verdict]]) -> list[str]:
    """The verdicts that are not as expected, with their reasons; of a claim of no direction none is."""
    wrong = [v for claim, v in found if v.word != ("no claim" if isinstance(claim, NoDirection) else expected)]
    return [f"{v.name}, {v.protocol}: {v.word}: {v.reason}" for v in wrong]


def not_refuted(claim: Claim, verdict: Verdict) -> bool:
    """Whether a claim that fails is not contradicted for a reason that is known.

    A level that something had to be guessed for is not comparable.
    """
    said = OPEN.get(claim.name, "")
    guessed = isinstance(claim, Level) and verdict.label == "not comparable"
    return guessed or bool(said and verdict.word == "inconclusive" and said in verdict.reason)


@pytest.mark.parametrize("name", catalogue.names())
def test_what_holds_is_reproduced(name: str) -> None:
    """All claims of a finding hold at once."""
    study = catalogue.declared(name)
    for world in worlds(study, of_findings(study), holds=True):
        assert not other_than("reproduced", judged(world, name))


@pytest.mark.parametrize("name", catalogue.names())
def test_what_fails_is_contradicted(name: str) -> None:
    study = catalogue.declared(name)
    for world in worlds(study, [[claim] for claim in study.claims], holds=False):
        found = [(claim, verdict) for claim, verdict in judged(world, name) if not not_refuted(claim, verdict)]
        assert not other_than("contradicted", found)


def on_irmas() -> Study:
    """Two arms of which claims are about published excerpts, or about a first network of two."""
    fields = {"first": "CNN", "second": "wider"}
    claims = (
        Better(finding="S0-F19", part="two", better="CNN", worse=0.0, metric="micro_f1_gain_2"),
        Better(finding="S0-F19", part="three", better="CNN", worse=0.0, metric="micro_f1_gain_3"),
        Better(finding="S0-F19", part="named", better="CNN", worse=0.0, metric="micro_f1_gain_named"),
        Equal(finding="S0-F2", metric="micro_f1", **fields),
        Slope(finding="S0-F40", arm="CNN", covariate="number_of_labels", direction="falls", of_pairs=True),
        Better(finding="S0-F8", better="wider", worse=0.0, metric="gain_over_sum"),
        Level(finding="S0-F7", part="segments", arm="wider", metric="segment_accuracy", printed=37.65),
        Better(finding="S0-F7", part="gain", better="wider", worse=0.0, metric="gain_over_segments", printed=9.51),
    )
    arms = (arm("CNN", architecture="cnn"), arm("wider", architecture="cnn", dropout=0.25))
    text = dict.fromkeys(("section", "title", "question"), "")
    return Study(**text, document="lunger_rho", corpus="irmas", epochs=40, fixed={}, arms=arms, claims=claims)


@pytest.mark.parametrize(("holds", "expected"), [(True, "reproduced"), (False, "contradicted")])
def test_claims_on_published_excerpts_and_on_a_first_network_have_worlds(holds: bool, expected: str) -> None:
    study = on_irmas()
    units = of_findings(study) if holds else [[claim] for claim in study.claims]
    for world in worlds(study, units, holds=holds):
        assert not other_than(expected, judged(world, "lunger_rho/excerpts"))


def test_every_kind_has_a_world() -> None:
    assert not [
        kind.__name__ for kind in KINDS.values() if kind.__module__.startswith("analysis.") and kind not in PLANTS
    ]


OF_RECALLS = ("recall_spread", "recall_per_doubling", "minimum_recall")
"""Metrics of how recalls differ, which one world cannot have as they shall be all at once; the last is rounded."""


@pytest.mark.parametrize("alone", ["", *OF_RECALLS])
def test_every_metric_is_measured_as_it_was_planted(alone: str) -> None:
    study = catalogue.declared("yun_bi/units")
    made, (first, second) = Quantities(study), (arm.name for arm in study.arms)
    others = [each.name for each in METRICS.values() if planted(each.name) and not each.of_excerpts]
    names = [alone] if alone else [name for name in others if name not in OF_RECALLS]
    margins = {name: 2.0 if METRICS[name].unit == "epochs" else made.step(name) for name in names}
    pair = {"finding": "S4-F5", "better": first, "worse": second}
    claims = tuple(Better(**pair, part=name, metric=name, margin=margin) for name, margin in margins.items())
    (world,) = worlds(study.model_copy(update={"claims": claims}), [claims], holds=True)
    found = judged(world, "yun_bi/units")
    assert not other_than("reproduced", found)
    for claim, verdict in found:
        terms = lead(claim, world.made, first, second).terms
        value = sum(factor * world.made.known[name] for name, factor in terms.items())
        assert alone == OF_RECALLS[-1] or verdict.effect == pytest.approx(value, rel=0.15), verdict.reason


def test_what_no_world_has_is_named() -> None:
    made = Quantities(catalogue.declared("yun_bi/units"))
    claim = NoDirection(finding="S4-F5", first="a", second="b")
    with pytest.raises(
        LookupError, match="No world makes a claim of the kind 'HYP' hold or fail: write a function for"
    ):
        plant(type("Own", (NoDirection,), {})(**claim.model_dump()), True, made)
    with pytest.raises(LookupError, match="No world has 'macro_f1_of_none'"):
        made.of("macro_f1_of_none")
    with pytest.raises(LookupError, match="'piano' is none of the classes of philharmonia: class 0, class 1"):
        made.recall("a", "piano")


def test_claims_that_exclude_each_other_have_no_world() -> None:
    study = catalogue.declared("yun_bi/units")
    (claim, *_) = study.claims
    other = claim.model_copy(update={"better": claim.worse, "worse": claim.better})
    assert len(worlds(study, [[claim], [other]], holds=True)) == 2
    with pytest.raises(ValueError, match="In no world S4-F5, S4-F5 hold together clear of the margins"):
        worlds(study, [[claim, other]], holds=True)


def test_a_margin_that_no_number_can_be_clear_of_has_no_world() -> None:
    study = catalogue.declared("yun_bi/units")
    claim = study.claims[0].model_copy(update={"margin": 70.0})
    with pytest.raises(ValueError, match="In no world S4-F5 hold together"):
        worlds(study, [[claim]], holds=True)
