"""`etude survey`: a study that fits into a time, gone on with from its file, and what it says in the end."""

import contextlib
import io
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from plainly import Plainly

from analysis.confirmed import Confirmed
from analysis.figures.values import level
from analysis.runs import Run
from studies import catalogue
from studies.checks.probing import Probe
from studies.commands import cli, planning, surveying
from studies.commands.stores import packed
from studies.console import silent
from studies.driver.launch import Launch
from studies.first_comparison import arms_at, first_comparison
from studies.resources import Resources
from studies.scale import scale_named
from studies.study import check
from trainables.corpora.store import Store
from trainables.errors import UserError
from trainables.models import load_model

NAME = "own-mine"
CLASSES = {"cat": 400, "dog": 1500, "tit": 3000}


def fill(folder: Path, seconds: float = 0.3, classes: Sequence[str] = tuple(CLASSES)) -> None:
    for place, name in enumerate(classes):
        (folder / name).mkdir(parents=True)
        for number in range(8):
            noise = np.random.default_rng(100 * place + number).uniform(-0.3, 0.3, round(seconds * 8000))
            tone = 0.3 * np.sin(2 * np.pi * CLASSES[name] * np.arange(len(noise)) / 8000)
            soundfile.write(folder / name / f"{number}.wav", noise + tone, 8000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("own")
    fill(folder / "files")
    return packed(NAME, folder / "files", folder / "home", silent)


@pytest.fixture
def taking(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """`taking(seconds)` makes each arm's epoch take so long."""

    def take(seconds: float) -> None:
        def timed(requests: Sequence[Launch], *_: object) -> dict[str, list[Probe]]:
            return {each.name: [Probe(arm, 100, 1.0, seconds, 0) for arm in each.study.arms] for each in requests}

        monkeypatch.setattr(planning, "timed", timed)

    return take


def fitted(store: Store, minutes: int) -> dict[str, object]:
    return surveying.fitting(NAME, store, minutes, surveying.scale_of(store), Resources(), silent)


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("seconds", [0.1, 1.0, 3.0])
def test_the_study_can_be_made_of_any_audio(rate: int, seconds: float) -> None:
    study = first_comparison(NAME, rate=rate, seconds=seconds, segment_hop=seconds, epochs=5)
    check(study)
    assert len(study.arms) == len(study.claims) == 5
    for claim in study.claims:
        assert set(claim.arms) == {arm.name for arm in study.arms}


def test_epochs_are_as_many_as_there_is_time_for(
    store: Store, taking: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "places", lambda: 2)
    taking(1.0)
    study = first_comparison(NAME, **fitted(store, 15))
    request = Launch(NAME, study, surveying.scale_of(store), store, Path())
    costs = planning.timed([request], Resources(), silent)[NAME]
    hours = sum(planning.hours(request, costs).values())
    longer = sum(planning.hours(surveying.with_epochs(request, study.epochs + 1), costs).values())
    assert surveying.FEWEST_EPOCHS < study.epochs < surveying.MOST_EPOCHS
    budget = (15 - surveying.OVERHEAD_MINUTES) / 60 * 2
    assert hours <= budget < longer + 1e-9
    taking(1e-4)
    assert fitted(store, 15)["epochs"] == surveying.MOST_EPOCHS


def test_where_there_is_too_much_audio_nothing_is_tuned_and_then_a_part_is_trained_on(
    store: Store, taking: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "places", lambda: 2)
    taking(2.0 * 1620 / 5 / 16 / surveying.FEWEST_EPOCHS * 0.75)
    found = fitted(store, 15)
    assert (found["tuned"], found["epochs"] > surveying.FEWEST_EPOCHS, "data_fraction" in found) == (False, True, False)
    taking(10.0)
    found = fitted(store, 15)
    assert (found["tuned"], found["epochs"]) == (False, surveying.FEWEST_EPOCHS)
    assert 0.02 <= found["data_fraction"] < 1
    check(first_comparison(NAME, **found))


def test_arms_that_cannot_be_built_are_left_out(
    store: Store, taking: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    taking(0.5)
    whole = arms_at(store.rate, 800)
    broken = replace_settings(whole[3], second_kernel="99x99")
    monkeypatch.setattr("studies.first_comparison.arms_at", lambda *_: (*whole[:3], broken, whole[4]))
    assert fitted(store, 15)["without"] == (broken.name,)


def test_a_corpus_that_nothing_can_be_trained_on_is_refused_in_a_sentence(store: Store) -> None:
    lonely = store.clips["label"].mask(store.clips["clip"] == "cat/0.wav", "owl")
    with pytest.raises(UserError, match="owl"):
        fitted(replace(store, clips=store.clips.assign(label=lonely)), 15)


def replace_settings(arm, **settings):
    return arm.model_copy(update={"settings": {**arm.settings, **settings}})


def test_how_clips_are_cut_and_folds_follow_the_corpus(store: Store) -> None:
    assert surveying.windows_of(store) == {"seconds": 0.3, "segment_hop": 0.15}
    long = replace(store, clips=store.clips.assign(length=30 * store.rate))
    assert surveying.windows_of(long) == {"seconds": 3.0, "segment_hop": 3.0}
    assert surveying.scale_of(store).folds == 5
    few = replace(store, clips=store.clips.assign(group=[f"{n % 3}" for n in range(len(store.clips))]))
    assert surveying.scale_of(few).folds == 2
    with pytest.raises(UserError, match="one class"):
        surveying.windows_of(replace(store, clips=store.clips[store.clips["label"] == "cat"]))


def command(*arguments: object) -> tuple[int, str]:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        patch.setattr(sys, "argv", ["etude", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
    return int(stopped.value.code or 0), out.getvalue()


def test_a_corpus_is_surveyed_and_the_same_command_finds_the_answer_there(
    store: Store, taking: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, whole = store.path.parent.parent, arms_at(store.rate, 2400)
    taking(1000.0)
    monkeypatch.setattr("studies.driver.launch.train_all", Plainly())
    monkeypatch.setattr("trainables.models.graphs.KINDS", ())
    monkeypatch.setattr("studies.first_comparison.arms_at", lambda *_: whole[:2])
    monkeypatch.setattr(surveying, "scale_of", lambda _: scale_named("laptop", trials=1, repetitions=2, folds=2))
    monkeypatch.setattr(surveying, "LEAST_FRACTION", 1.0)
    monkeypatch.setattr(surveying, "FEWEST_EPOCHS", 1)
    code, out = command("survey", "mine", "--home", home)
    assert code == 0, out
    (path,) = (home / "surveys").iterdir()
    study, content = catalogue.load(str(path)), path.read_text()
    assert study.corpus == NAME
    (directory,) = (home / "runs").iterdir()
    run = Run.load(directory, finished=True)
    for arm in run.arms:
        assert f"{level(Confirmed(run, 'corrected'), arm).mean:.1f} [" in out
    model = load_model(directory / surveying.MODEL)
    assert f"{model.header.origin.arm} is best on the validation parts" in out
    assert model.labels == tuple(CLASSES)
    taking(0.1)
    code, again = command("survey", "mine", "--home", home)
    assert code == 0, again
    assert path.read_text() == content
    assert len(list((home / "runs").iterdir())) == 1
    assert again.splitlines()[-3:] == out.splitlines()[-3:]
    (shown,) = re.findall("`etude (run .+?)`", content)
    assert "--folds 2" in shown and f"{shown}` runs it" in out
    code, same = command(*shlex.split(shown), "--home", home)
    assert code == 0 and len(list((home / "runs").iterdir())) == 1, same


@pytest.mark.parametrize(("found", "called"), [("/usr/bin/etude", "etude"), (None, ".venv/bin/etude")])
def test_what_is_to_be_typed_is_found_where_it_is_typed(monkeypatch, tmp_path, found, called):
    monkeypatch.setattr(surveying.shutil, "which", lambda name: found)
    monkeypatch.setattr(surveying.sys, "argv", [str(tmp_path / ".venv/bin/etude"), "survey"])
    monkeypatch.chdir(tmp_path)
    assert surveying.program() == called
