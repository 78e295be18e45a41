"""Arms whose published weights are missing are not trained; the others of their study are."""

from pathlib import Path
from typing import Any

import pytest
import torch
from small_study import small_study

from analysis.claims import Better, Cost
from studies.checks.design import budget, budgets
from studies.checks.gpu_sharing import on_gpu
from studies.checks.probing import probe, untried
from studies.checks.validity import without_weights
from studies.commands import planning
from studies.commands.launching import placed
from studies.console import show, silent
from studies.driver.launch import Launch
from studies.driver.run import run_directory
from studies.resources import Resources
from studies.scale import SCALES
from studies.study import Study, arm, described
from studies.tasks import cells, confirm_plan, explored
from trainables.corpora.store import Store
from trainables.data.splitting import Divisions
from trainables.weights import kept

SHORT = {"seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20}
NAME = "cnn14_audioset"


@pytest.fixture
def study() -> Study:
    arms = (arm("plain"), arm("other", kernel="3x5"), arm("published", weights=NAME))
    claims = (
        Better(finding="S4-F14", better="other", worse="plain"),
        Better(finding="S4-F3", better="published", worse="plain"),
        Cost(finding="S4-F6", cheaper="published", dearer="plain", metric="parameters"),
    )
    return small_study(*arms, claims=claims, fixed={"architecture": "lenet", **SHORT}, tuned={})


def test_an_arm_without_its_weights_is_not_trained_and_says_why(study: Study, tmp_path: Path) -> None:
    found = without_weights(study, tmp_path)
    assert list(found.untrained) == ["published"]
    assert found.untrained["published"].startswith("the published weights cnn14_audioset are not there: download https")
    assert [each.name for each in found.trained] == ["plain", "other"]
    assert {each.name for arms in cells(found).values() for each in arms} == {"plain", "other"}
    assert {role.arm for role, _ in confirm_plan(found, SCALES["laptop"], {}, "digest")} == {"plain", "other"}
    planned = budgets(found, SCALES["laptop"])
    assert {name for name, each in planned.items() if any(each.values())} == {"plain", "other"}
    assert "published" in planned, "a plan lists it"
    assert "published" not in [each.name for each in explored(found)]


def test_with_the_weights_the_study_is_as_it_was(study: Study, tmp_path: Path) -> None:
    place = kept(NAME, tmp_path)
    place.parent.mkdir(parents=True)
    place.touch()
    found = without_weights(study, tmp_path)
    assert found.untrained == {} and described(found, "name") == described(study, "name")


def test_a_run_with_the_weights_is_another(study: Study, store: Store, tmp_path: Path) -> None:
    found = placed(study, SCALES["laptop"], store)
    assert found.untrained, "the store of the tests has no weights beside it"
    names = [run_directory(tmp_path, "name", each, SCALES["laptop"], store) for each in (study, found)]
    assert names[0] != names[1] and described(found, "name")["untrained"] == found.untrained


def test_without_the_weights_of_any_arm_nothing_is_budgeted(study: Study, tmp_path: Path) -> None:
    alone = study.model_copy(update={"arms": study.arms[2:], "claims": ()})
    planned = budgets(without_weights(alone, tmp_path), SCALES["laptop"])
    assert not any(planned["published"].values()) and budget(planned).outcome == "not applicable"


def test_a_plan_lists_it_with_no_trials(
    study: Study, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = Launch("name", without_weights(study, tmp_path), SCALES["laptop"], store, tmp_path)
    show(*planning.plan(request, Resources(), silent))
    rows = [line.replace("│", " ").split() for line in capsys.readouterr().out.splitlines() if "published " in line]
    assert [row[3:] for row in rows if row[0] == "published" and len(row) == 7] == [["0", "0", "0", "0.00"]]


def test_it_is_counted_and_not_timed(study: Study, store: Store) -> None:
    divisions, missing = Divisions(store), study.arms[2]
    found = untried(study, divisions, missing)
    assert (found.features, found.epoch, found.memory) == (0, 0, 0)
    assert found.parameters == probe(study, divisions, study.arms[0], torch.device("cpu")).parameters


def test_its_memory_is_not_asked_for(study: Study, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(study: Study, divisions: Any, each: Any) -> int:
        asked.append(each.name)
        return 10**9

    monkeypatch.setattr("studies.checks.gpu_sharing.memory_of", counted)
    on_gpu(placed(study, SCALES["laptop"], store), store, Resources())
    assert asked == ["plain", "other"]
