"""The audit of a study before it is run: its cards, its design, and the labels that its claims get."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from small_study import small_study

from analysis.audit.tuned import even
from analysis.claims import Better, Claim, Equal, Ranking, Share
from studies import catalogue
from studies.checks import audit, design
from studies.checks.audit_tables import card_tables, design_table
from studies.console import CONSOLE
from studies.scale import SCALES, Scale
from studies.study import Study, arm, described
from trainables.corpora.store import Store

MATCHED = {"plain": 1000, "other": 1000}


def compared(*claims: Any, **settings: Any) -> Study:
    """A study of two arms that differ in these settings of the second one."""
    claims = claims or (Better(finding="S4-F14", better="other", worse="plain"),)
    return small_study(arm("plain"), arm("other", **settings), claims=claims, epochs=7)


class TestFactors:
    def test_one_setting_is_one_factor(self) -> None:
        assert design.confounded(compared(kernel="3x8"), MATCHED) == {}

    def test_settings_that_only_one_architecture_has_go_with_it(self) -> None:
        assert design.confounded(compared(architecture="lstm", units="64"), MATCHED) == {}

    def test_settings_that_only_one_optimiser_has_go_with_it(self) -> None:
        assert design.confounded(compared(optimiser="sgd", momentum=0.0), MATCHED) == {}
        study = small_study(
            arm("plain", optimiser="sgd"),
            arm("other", optimiser="sgd", momentum=0.0, kernel="3x8"),
            claims=(Better(finding="S4-F14", better="other", worse="plain"),),
            epochs=7,
        )
        assert design.confounded(study, MATCHED) == {"S4-F14": "kernel and momentum differ"}

    def test_all_that_differs_is_named(self) -> None:
        found = design.confounded(compared(kernel="3x8", bands=128, learning_rate=0.1), {"plain": 1000, "other": 900})
        assert found == {"S4-F14": "bands, kernel and learning rate differ; 10 % fewer parameters"}

    @pytest.mark.parametrize(("parameters", "why"), [(1020, None), (1021, "2.1 % more"), (979, "2.1 % fewer")])
    def test_networks_may_differ_in_size_by_two_per_cent(self, parameters: int, why: str | None) -> None:
        found = design.confounded(compared(kernel="3x8"), {"plain": 1000, "other": parameters})
        assert list(found.values()) == ([f"{why} parameters"] if why else [])

    def test_of_the_mean_of_several_arms_each_is_compared_and_their_mean_size(self) -> None:
        arms = (
            arm("3", kernel="3x3"),
            arm("4", kernel="4x4"),
            arm("5", kernel="5x5"),
            arm("odd", kernel="4x4", bands=9),
        )
        claims = [Better(finding="S4-F14", part=one, better=("3", "5"), worse=one) for one in ("4", "odd")]
        sizes = {"3": 800, "4": 1000, "5": 1200, "odd": 900}
        found = design.confounded(small_study(*arms, claims=tuple(claims), epochs=7), sizes)
        assert found == {"S4-F14 odd": "bands and kernel differ; 11.1 % more parameters"}

    def test_an_arm_and_a_constant_are_not_compared(self) -> None:
        assert design.confounded(compared(Better(finding="S4-F14", better="other", worse=10.0), bands=9), MATCHED) == {}

    def test_the_name_of_a_variant_goes_with_the_one_setting_in_which_it_differs(self) -> None:
        study = small_study(
            arm("plain", architecture="cnn_1d_fc"),
            arm("other", architecture="cnn_1d_gap"),
            claims=(Better(finding="S4-F14", better="other", worse="plain"),),
            epochs=7,
        )
        assert design.confounded(study, MATCHED) == {}
        assert design.differing(*map(study.printed, study.arms)) == ["head"]

    @pytest.mark.parametrize("second", ["lstm", "acn_cnn_1d_gap"])
    def test_the_name_of_another_design_is_a_factor_and_two_settings_of_a_variant_are_two(self, second: str) -> None:
        first = arm("plain", architecture="cnn_1d_fc", bands=32)
        claim = Better(finding="S4-F14", better="other", worse="plain")
        study = small_study(first, arm("other", architecture=second), claims=(claim,), epochs=7)
        found = {"lstm": "architecture and bands differ", "acn_cnn_1d_gap": "bands, head and pooling differ"}
        assert design.confounded(study, MATCHED) == {"S4-F14": found[second]}

    @pytest.mark.parametrize(
        "claim",
        [
            Equal(finding="S4-F3", first="plain", second="other"),
            Ranking(finding="S4-F3", chain=("other", "plain")),
        ],
    )
    def test_every_kind_that_compares_two_arms_counts(self, claim: Claim) -> None:
        study = compared(claim, kernel="3x8", bands=128)
        assert design.confounded(study, MATCHED) == {"S4-F3": "bands and kernel differ"}

    def test_of_several_pairs_those_that_are_confounded_are_named(self) -> None:
        arms = (arm("a"), arm("b", kernel="3x8"), arm("c", bands=32), arm("d", kernel="3x8", bands=16))
        claim = Share(finding="S4-F3", pairs=(("a", "b"), ("c", "d"), ("a", "c")), share="each")
        sizes = dict.fromkeys("abc", 1000) | {"d": 900}
        found = design.confounded(small_study(*arms, claims=(claim,), epochs=7), sizes)
        assert found == {"S4-F3": "c and d: bands and kernel differ; 11.1 % more parameters"}

    def test_an_order_of_many_an_optimum_and_a_count_compare_no_pairs(self) -> None:
        best = Ranking(finding="S4-F3", best="plain", candidates=("plain", "other"))
        count = Equal(finding="S4-F3", part="n", first="plain", second="other", metric="parameters")
        study = compared(best, count, kernel="3x8", bands=128)
        assert design.factors(study, MATCHED).outcome == "not applicable"

    def test_a_claim_says_that_it_is_confounded_unless_it_says_why_itself(self) -> None:
        own = Better(finding="S4-F1", better="other", worse="plain", confounded="two kernels")
        other = Better(finding="S4-F2", part="equal", better="plain", worse="other")
        study = compared(own, other, bands=128)
        reasons = design.confounded(study, {"plain": 1000, "other": 2000})
        labelled = design.labelled(study, reasons)
        assert [claim.confounded for claim in labelled.claims] == ["two kernels", "50 % fewer parameters"]
        assert described(labelled, "x")["claims"][1]["confounded"] == "50 % fewer parameters"
        assert study.claims[1].confounded == ""


class TestBudgets:
    def test_planned_trials_and_epochs_are_those_of_the_queues(self) -> None:
        study = catalogue.load("yun_bi/kernel_shape")
        scale = Scale(name="x", trials=4, epochs=9, repetitions=5, folds=3)
        planned = design.budgets(study, scale)
        # Two cells, and for the first arm that of its inflation.
        both = {"explored trials": 4, "explored epochs": 36, "finalists' trials": 4, "finalists' epochs": 36}
        three, two = ({**both, "confirmed trials": 5 * n, "confirmed epochs": 5 * n * 9} for n in (3, 2))
        assert list(planned.values()) == [three, two]

    @pytest.mark.parametrize(
        ("tuned", "trials", "finals"), [("tpe", 1, 0), ("random", 1, 4), ("tpe", 2, 4), ("tpe", 9, 6)]
    )
    def test_the_printed_configuration_is_no_rival_of_itself(self, tuned: str, trials: int, finals: int) -> None:
        study = catalogue.load("yun_bi/kernel_shape").model_copy(update={"exploration": tuned})
        planned = design.budgets(study, Scale(name="x", trials=trials, repetitions=1, finalists=2))
        assert {each["finalists' trials"] for each in planned.values()} == {finals}

    def test_nothing_is_explored_where_nothing_is_tuned(self) -> None:
        planned = design.budgets(compared(kernel="3x8"), SCALES["smoke"])
        assert {each["explored trials"] for each in planned.values()} == {0}
        assert design.budget(planned).outcome == "pass"

    def test_it_is_the_check_of_what_is_spent(self) -> None:
        planned = design.budget({"a": {"trials": 4, "confirmed trials": 3}, "b": {"trials": 5, "confirmed trials": 8}})
        spent = even({"a": {"trials": 4}, "b": {"trials": 5}}, "Planned")
        assert vars(planned) == vars(spent) and planned.limit == "at most 1.2"

    def test_the_largest_ratio_decides(self) -> None:
        found = design.budget({"a": {"trials": 4, "seconds": 10}, "b": {"trials": 4, "seconds": 15}})
        assert (found.outcome, found.figure) == ("fail", 1.5)
        assert "4 trials, 10 to 15 seconds. The largest ratio, 1.50, is in seconds" in found.explanation


class TestCards:
    @pytest.fixture(scope="class")
    def cards(self, store: Store, tiny: Any) -> dict[str, Any]:
        return audit.protocol_cards(tiny.STUDY, tiny.SCALE.model_copy(update={"folds": 3}), store)

    def test_there_is_one_for_each_protocol_with_the_same_checks(self, cards: dict[str, Any]) -> None:
        assert set(cards) == {"as_published", "corrected", "grouped_same_sizes"}
        names = {tuple((check["id"], check["name"]) for check in card["checks"]) for card in cards.values()}
        assert len(names) == 1
        json.dumps(cards, allow_nan=False)

    def test_the_published_split_leaks_and_the_corrected_one_does_not(self, cards: dict[str, Any]) -> None:
        outcomes = {
            name: {f"{check['id']} {check['name']}": check["outcome"] for check in card["checks"]}
            for name, card in cards.items()
        }
        for flaw in ("B1 groups on both sides", "B7 one note in several dynamics", "B9 selection on the test part"):
            assert (outcomes["as_published"][flaw], outcomes["corrected"][flaw]) == ("fail", "pass")
        assert cards["as_published"]["leak_share"] > cards["corrected"]["leak_share"] == 0

    def test_no_fold_tests_what_configurations_were_chosen_by(self, cards: dict[str, Any]) -> None:
        chosen = {name: self.check(card, "configurations chosen by test clips") for name, card in cards.items()}
        assert chosen["as_published"]["outcome"] == "not applicable"
        assert (chosen["corrected"]["outcome"], chosen["corrected"]["figure"]) == ("pass", 0.0)
        assert cards["corrected"]["folds"] == 3

    def test_one_fold_tests_no_clip_that_configurations_were_chosen_by(self, store: Store, tiny: Any) -> None:
        cards = audit.protocol_cards(tiny.STUDY, tiny.SCALE, store)
        assert self.check(cards["corrected"], "configurations chosen by test clips")["outcome"] == "pass"

    def test_arms_that_divide_the_data_in_other_ways_are_all_audited(self, store: Store) -> None:
        study = compared(per_class=6, kernel="3x8")
        assert len(list(audit.ways(study, SCALES["laptop"], "corrected"))) == 2
        study = compared(kernel="3x8")
        assert len(list(audit.ways(study, SCALES["laptop"], "corrected"))) == 1

    def test_a_study_without_arms_has_none(self, store: Store) -> None:
        study = catalogue.load("yun_bi/collection")
        assert audit.protocol_cards(study, SCALES["smoke"], store) == {}
        assert design.design_card(study, SCALES["smoke"], store, {}) == []

    def test_progress_is_told(self, store: Store, tiny: Any) -> None:
        said: list[tuple[float, int]] = []
        audit.protocol_cards(tiny.STUDY, tiny.SCALE, store, lambda name, done, total: said.append((done, total)))
        assert said == [(0, 3), (1, 3), (2, 3), (3, 3)]

    @staticmethod
    def check(card: dict[str, Any], name: str) -> dict[str, Any]:
        return next(check for check in card["checks"] if check["name"] == name)


class TestDesign:
    def test_it_holds_every_check(self, store: Store, tiny: Any) -> None:
        found = design.design_card(tiny.STUDY, tiny.SCALE, store, {"five": 100, "three": 100})
        assert [check.id for check in found] == ["B8", "B12", "B12", "B15", "B16"]
        assert [check.outcome for check in found] == ["fail", "pass", "not applicable", "pass", "pass"]
        json.dumps([asdict(check) for check in found], allow_nan=False)

    def test_the_probe_hears_both_kinds_of_clips_in_one_block(self, store: Store) -> None:
        small = design.excerpt(store, [5, 9, 30], {9})
        assert small.clips["clip"].tolist() == store.clips["clip"].iloc[[5, 9, 30]].tolist()
        assert all(np.array_equal(small.samples(place), store.samples(row)) for place, row in ((0, 5), (2, 30)))
        assert not np.array_equal(small.samples(1), store.samples(9))
        assert np.abs(small.samples(1).astype(int)).max() > 32_000


def test_tables_say_outcomes_by_mark_and_figure(store: Store, tiny: Any) -> None:
    cards = audit.protocol_cards(tiny.STUDY, tiny.SCALE, store)
    found = design.design_card(tiny.STUDY, tiny.SCALE, store, {"five": 100, "three": 100})
    with CONSOLE.capture() as captured:
        for table in (*card_tables(cards), design_table(found)):
            CONSOLE.print(table, width=140)
    lines = captured.get().splitlines()
    groups = next(line for line in lines if "B1 groups on both sides" in line)
    assert [mark for mark in groups if mark in "✓✗–"] == ["✗", "✓", "✓"]
    seeds = next(line for line in lines if "B8 seeds" in line)
    assert "✗ 2 " in seeds and "Every arm is trained with 2" in seeds
    assert any("fails under corrected" in line for line in lines)
