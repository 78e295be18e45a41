"""Confirm trains fresh pairs of seeds in every cell, and takes over what another run has trained."""

import json
from collections import Counter

import pytest
from written import write_trial

from analysis.claims import Cost, Importance
from analysis.errors import RunError
from analysis.protocols import PROTOCOLS, Protocol
from search_spaces import Space
from studies.adoption import FAILED
from studies.scale import SCALES, Scale
from studies.seeds import FIRST_SEED
from studies.tasks import Confirm, cells, choosers, confirm_plan, explored, protocols_of, write_task
from studies.yun_bi.kernel_shape import STUDY
from trainables.corpora import CORPORA
from trainables.trial import ABOUT, CHECKPOINT, CONFIG, EPOCHS, PREDICTIONS

SCALE = Scale(name="test", trials=1, epochs=3, repetitions=3)
CHOICES = {arm.name: {"learning_rate": 2e-3, "batch_size": 16} for arm in STUDY.arms}


def plan(scale=SCALE, choices=CHOICES):
    return confirm_plan(STUDY, scale, choices, "digest")


def test_every_arm_has_every_repetition_in_the_cells_that_its_claims_need():
    counted = Counter((role.arm, role.configuration, role.protocol) for role, _ in plan())
    assert set(counted.values()) == {SCALE.repetitions}
    judged = [("as_printed", "as_published"), ("chosen", "corrected")]
    square, wide = (arm.name for arm in STUDY.arms)
    base = (square, "as_printed", "grouped_same_sizes")
    assert set(counted) == {(arm, *cell) for cell in judged for arm in (square, wide)} | {base}


def test_a_claim_under_one_protocol_pays_for_one():
    claims = tuple(claim.model_copy(update={"protocols": ("as_published",)}) for claim in STUDY.claims)
    study = STUDY.model_copy(update={"claims": claims, "inflation": ()})
    assert list(cells(study)) == [("as_printed", "as_published")]
    assert explored(study) == []
    assert explored(STUDY) == list(STUDY.arms)


def test_arms_of_which_only_parameters_are_claimed_are_described_and_not_trained():
    square, wide = (arm.name for arm in STUDY.arms)
    claim = Cost(finding="S4-F14", cheaper=wide, dearer=square, metric="parameters")
    study = STUDY.model_copy(update={"claims": (claim,), "inflation": ()})
    assert cells(study) == {} and explored(study) == []
    assert confirm_plan(study, SCALE, {}, "digest") == []


def test_a_study_that_tunes_nothing_explores_nothing_and_is_corrected_with_what_is_printed():
    study = STUDY.model_copy(update={"tuned": Space()})
    assert explored(study) == choosers(study) == []
    corrected = [found for role, found in confirm_plan(study, SCALE, {}, "digest") if role.protocol == "corrected"]
    chosen = {name: [found[name] for found in corrected] for name in study.printed(study.arms[0]).settings}
    printed = [study.printed(arm) for arm in study.arms] * SCALE.repetitions
    placed = {"epochs", "folds", "fold", "seed", "split_seed"}
    assert {name for name, values in chosen.items() if values != [each[name] for each in printed]} <= placed


def test_an_arm_whose_claims_rest_on_explored_trials_is_explored_and_no_more():
    square, wide = STUDY.arms
    claim = Importance(finding="S4-F14", arm=square.name, parameters=("learning_rate",))
    study = STUDY.model_copy(update={"claims": (claim,), "inflation": (), "exploration": "random", "arms": (square,)})
    assert (explored(study), choosers(study), cells(study)) == ([square], [], {})
    both = study.model_copy(update={"claims": (claim, *STUDY.claims), "arms": (square, wide)})
    assert explored(both) == choosers(both) == [square, wide]


def test_an_arm_that_no_claim_names_is_confirmed_under_every_protocol_that_judges():
    study = STUDY.model_copy(update={"claims": (), "inflation": ()})
    arms = list(STUDY.arms)
    assert cells(study) == {("as_printed", "as_published"): arms, ("chosen", "corrected"): arms}


def test_only_a_known_protocol_has_folds():
    scale = SCALES["cluster"]
    assert {name: scale.folds_of(name) for name in PROTOCOLS} == {
        "as_published": 1,
        "corrected": scale.folds,
        "grouped_same_sizes": 1,
    }
    with pytest.raises(RunError, match="did you mean 'corrected'"):
        scale.folds_of("correct")


def test_a_protocol_of_its_own_is_trained_and_divided_as_its_entry_says(monkeypatch):
    entry = Protocol("by_player", "by player", "chosen", judges=True, folded=True)
    monkeypatch.setitem(PROTOCOLS, entry.name, entry)
    monkeypatch.setitem(
        CORPORA["philharmonia"].protocols._entries, entry.name, CORPORA["philharmonia"].protocols["corrected"]
    )
    study = STUDY.model_copy(update={"claims": ()})
    added = [(r, c) for r, c in confirm_plan(study, SCALES["cluster"], CHOICES, "") if r.protocol == entry.name]
    assert {role.configuration for role, _ in added} == {"chosen"}
    assert {(role.fold, c.settings["folds"]) for role, c in added} == {(fold, 5) for fold in range(5)}
    assert {c.settings["protocol"] for _, c in added} == {"by_player"}


def test_a_protocol_that_the_corpus_does_not_have_is_left_out(monkeypatch):
    monkeypatch.setitem(PROTOCOLS, "official", Protocol("official", "official", "as_printed", judges=True))
    assert "official" not in protocols_of(STUDY)
    assert {role.protocol for role, _ in plan()} == {"as_published", "corrected", "grouped_same_sizes"}


def test_arms_are_paired_by_seed_and_split():
    pairs = {}
    for role, configuration in plan():
        key = (role.configuration, role.protocol, role.repetition, role.fold)
        place = {name: configuration.settings[name] for name in ("seed", "split_seed", "fold", "folds", "protocol")}
        assert pairs.setdefault(key, place) == place


def test_seeds_are_fresh():
    assert min(role.repetition for role, _ in plan()) == FIRST_SEED > SCALES["cluster"].trials


def test_corrected_uses_the_choice_and_published_the_print():
    for role, configuration in plan():
        chosen = role.configuration == "chosen"
        assert configuration.settings["learning_rate"] == (2e-3 if chosen else 1e-3)
        assert chosen == (role.protocol == "corrected")


def test_each_repetition_tests_a_fold_and_the_division_changes_when_all_have_been_tested():
    rows = [(role, c) for role, c in plan(SCALES["cluster"]) if role.protocol == "corrected" and "5*5" in role.arm]
    places = [tuple(c.settings[name] for name in ("split_seed", "fold", "folds")) for _, c in rows]
    assert places == [(division, fold, 5) for division in range(2) for fold in range(5)]
    assert [role.fold for role, _ in rows] == [fold for _, fold, _ in places]


def test_a_protocol_without_folds_is_drawn_anew_for_each_repetition():
    rows = [(role, c) for role, c in plan() if role.protocol == "as_published"]
    assert all(c.settings["split_seed"] == role.repetition - FIRST_SEED for role, c in rows)
    assert {c.settings["folds"] for _, c in rows} == {1}


def test_budget_is_the_printed_one_on_a_cluster():
    assert {c.settings["epochs"] for _, c in plan(SCALES["cluster"])} == {STUDY.epochs}


def test_same_configuration_is_trained_once(tmp_path):
    roles = plan()
    assert Confirm(tmp_path, [*roles, *roles], "digest").planned == len(roles)


def finished(directory, name, epochs=SCALE.epochs):
    trial = directory / "trials" / name
    write_trial(trial, epochs, device=name, tested=True)
    return trial


def test_finished_trial_of_a_sibling_is_taken_over(tmp_path):
    (role, configuration), *_ = plan()
    finished(tmp_path / "earlier", role.trial)
    queue = Confirm(tmp_path / "now", [(role, configuration)], "digest")
    assert queue.done == 0
    assert queue.next() is None
    assert queue.done == queue.planned == 1
    assert json.loads((tmp_path / "now" / "trials" / role.trial / ABOUT).read_text())["device"] == role.trial


@pytest.mark.parametrize("file", [EPOCHS, ABOUT, PREDICTIONS])
def test_finished_trial_of_which_a_file_was_cut_is_handed_out_again(tmp_path, file):
    (role, configuration), *_ = plan()
    finished(tmp_path / "earlier", role.trial)
    assert Confirm(tmp_path / "now", [(role, configuration)], "digest").next() is None
    path = tmp_path / "now" / "trials" / role.trial / file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    queue = Confirm(tmp_path / "now", [(role, configuration)], "digest")
    assert queue.done == 0
    assert queue.next().name == role.trial


def test_other_trials_are_not(tmp_path):
    (role, configuration), (other, _), *_ = plan()
    finished(tmp_path / "earlier", other.trial)
    assert Confirm(tmp_path / "now", [(role, configuration)], "digest").next().name == role.trial


@pytest.mark.parametrize("loss", [{"train_loss": float("nan")}, {"train_loss": 1.0, "validation_loss": float("inf")}])
def test_failed_trial_is_not_tried_for_ever(tmp_path, loss):
    (role, configuration), *_ = plan()
    queue = Confirm(tmp_path, [(role, configuration)], "digest")
    task = queue.next()
    assert queue.tell(task.name, {"epoch": 1, **loss})
    again = Confirm(tmp_path, [(role, configuration)], "digest")
    assert again.next() is None
    assert again.done == 1


def test_configuration_is_written_beside_its_trial(tmp_path):
    (_, configuration), *_ = plan()
    task = write_task(tmp_path, configuration, "digest", reported=0, evaluate=True)
    assert json.loads((task.directory / "config.json").read_text()) == configuration.settings


@pytest.mark.parametrize("epoch", [1, 2, 3])
def test_confirm_ends_with_the_last_epoch(tmp_path, epoch):
    (role, configuration), *_ = plan()
    queue = Confirm(tmp_path, [(role, configuration)], "digest")
    record = {"epoch": epoch, "train_loss": 1.0, "validation_loss": float("nan")}  # of an empty validation part
    assert queue.tell(role.trial, record) == (epoch == 3)


class Keeping:
    """A keeper that notes which files it is to send, and lets a worker write the files of a trial when it collects."""

    def __init__(self, epochs: int = 0):
        self.epochs, self.sent = epochs, []

    def send(self, paths):
        self.sent += [f"{path.parent.name}/{path.name}" for path in paths]

    def bring(self, trials):
        """Nothing."""

    def send_checkpoint(self, other, directory):
        self.sent.append(f"{directory.name}/{CHECKPOINT} of {other.name}")

    def collect(self, directory):
        if self.epochs:
            write_trial(directory, self.epochs, tested=True)


def test_a_trial_is_sent_once_also_one_that_was_adopted_whole(tmp_path):
    (role, configuration), (other, other_configuration), *_ = plan()
    finished(tmp_path / "earlier", role.trial)
    roles = [(role, configuration), (other, other_configuration)]
    for sent in (
        [f"{role.trial}/{name}" for name in (ABOUT, CONFIG, EPOCHS, PREDICTIONS)]
        + [f"{role.trial}/{CHECKPOINT} of {role.trial}", f"{other.trial}/{CONFIG}"],
        [],
    ):
        keeper = Keeping()
        queue = Confirm(tmp_path / "now", roles, "digest", keeper)
        assert queue.next().name == other.trial
        assert queue.running == {other.trial}
        assert keeper.sent == sent


def test_a_damaged_configuration_is_sent_alone(tmp_path):
    (role, configuration), *_ = plan()
    directory = write_task(tmp_path / "run", configuration, "digest", reported=0, evaluate=True).directory
    write_trial(directory, 1)
    (directory / CONFIG).write_text("{")
    write_task(tmp_path / "run", configuration, "digest", keeper := Keeping(), reported=0, evaluate=True)
    assert keeper.sent == [f"{role.trial}/{CONFIG}"]


def test_what_a_worker_has_written_is_collected_before_its_trial_is_closed(tmp_path):
    (role, configuration), *_ = plan()
    queue = Confirm(tmp_path / "run", [(role, configuration)], "digest", keeper := Keeping(SCALE.epochs - 1))
    name = queue.next().name
    queue.close(name)
    assert (queue.done, queue.running) == (0, {name})
    keeper.epochs += 1
    queue.close(name)
    assert (queue.done, queue.running) == (1, set())


def test_the_reason_of_a_failed_trial_is_sent(tmp_path):
    (role, configuration), *_ = plan()
    queue = Confirm(tmp_path / "run", [(role, configuration)], "digest", keeper := Keeping())
    queue.close(queue.next().name, "it crashed")
    assert keeper.sent == [f"{role.trial}/{CONFIG}", f"{role.trial}/{FAILED}"]


def test_an_arm_may_train_a_multiple_of_the_epochs():
    square, wide = STUDY.arms
    study = STUDY.model_copy(update={"arms": (square, wide.model_copy(update={"times": 4}))})
    assert study.printed(study.arms[1])["epochs"] == 4 * STUDY.epochs
    epochs = {(role.arm, c["epochs"]) for role, c in confirm_plan(study, SCALE, CHOICES, "digest")}
    assert epochs == {(square.name, SCALE.epochs), (wide.name, 4 * SCALE.epochs)}
