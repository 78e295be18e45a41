"""What a run is of: study, scale and epochs as a command was given them, and the same again from the run's folder."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.errors import RunError
from studies import catalogue
from studies.commands import launching, repeating
from studies.commands.planning import arm_epochs
from studies.console import silent
from studies.driver import page
from studies.driver.launch import Held, Launch, Unfinished
from studies.driver.run import read_description, write_description
from studies.resources import Resources
from studies.scale import SCALES, scale_named
from studies.tasks import LOCAL, confirm_plan
from trainables.errors import InvalidSetting, UserError

NAME = "yun_bi/units"


@pytest.fixture
def home(corpora: Path, tmp_path: Path) -> Path:
    (tmp_path / "corpora").symlink_to(corpora)
    return tmp_path


def requested(home: Path, study: str = NAME, **budgets: int | None) -> Launch:
    (found,) = launching.requests([study], scale_named("smoke", **budgets), home, None, silent, rendered=True)
    return found


def test_budgets_are_those_that_are_given_and_else_those_of_the_scale(home: Path) -> None:
    usual, five = requested(home), requested(home, epochs=5)
    assert usual.scale == SCALES["smoke"]
    assert five.scale == SCALES["smoke"].model_copy(update={"epochs": 5})
    assert requested(home, trials=7, repetitions=9).scale.trials == 7
    assert usual.directory != five.directory
    assert five.directory.name.startswith("yun_bi.units-smoke-")
    plans = [confirm_plan(each.study, each.scale, None, each.store.digest) for each in (usual, five)]
    assert [{configuration.settings["epochs"] for _, configuration in plan} for plan in plans] == [{3}, {5}]
    # Two epochs more in two repetitions of two cells, and of explore.
    more = {arm: epochs - arm_epochs(usual)[arm] for arm, epochs in arm_epochs(five).items()}
    assert all(each > 2 * 2 * 2 for each in more.values())


def test_a_run_that_stops_when_decided_begins_with_the_first_look_and_is_another_run(home: Path, capsys) -> None:
    usual, decided = requested(home), requested(home, until_decided=True)
    assert (decided.scale.repetitions, decided.scale.until_decided) == (8, True)
    assert usual.directory != decided.directory
    assert "until_decided" not in usual.scale.described()
    write_description(decided.directory, decided.name, decided.study, decided.scale, decided.store)
    assert launching.begun(decided.directory.name, home).scale == decided.scale
    again = "etude run yun_bi/units --scale smoke --until-decided --rendered"
    assert repeating.command(read_description(decided.directory)) == again
    with pytest.raises(UserError, match="--repetitions is 9 and --until-decided looks after 8, 12, 16, 24, 32: leave"):
        requested(home, until_decided=True, repetitions=9)


def test_a_run_of_a_file_is_repeated_by_its_path(home: Path) -> None:
    usual = requested(home)
    write_description(usual.directory, usual.name, usual.study, usual.scale, usual.store)
    description = read_description(usual.directory) | {"file": {"path": "/my studies/mine.py", "text": ""}}
    assert repeating.command(description) == "etude run '/my studies/mine.py' --scale smoke --rendered"


def test_more_epochs_than_were_printed_are_refused(home: Path) -> None:
    with pytest.raises(UserError, match=r"--epochs is 101: yun_bi/units trains for at most the 100 epochs"):
        requested(home, epochs=101)


def test_of_several_runs_those_that_ended_are_shown_before_the_reasons_of_the_others(home: Path, monkeypatch) -> None:
    runs = [Held(requested(home, trials=trials), "", LOCAL, None) for trials in (1, 2)]
    runs[0].trouble, runs[1].page = "an arm has nothing to choose from", Path("/runs/other/report.html")
    error, shown = Unfinished(runs), []
    monkeypatch.setattr(launching, "launch", lambda *_: (_ for _ in ()).throw(error))
    monkeypatch.setattr(launching, "show_ends", shown.extend)
    with pytest.raises(UserError, match=r"^yun_bi/units: an arm has nothing to choose from$"):
        launching.carry_out(lambda _: [], Resources())
    assert shown == [runs[1].page]


def test_a_run_whose_page_cannot_be_written_has_trouble_and_is_asked_once(home: Path, monkeypatch) -> None:
    run, asked = Held(requested(home), "", LOCAL, None), []
    monkeypatch.setattr(Held, "gather", lambda self: None)

    def fail(directory: Path) -> Path:
        asked.append(directory)
        raise RunError("its table is damaged")

    monkeypatch.setattr(page, "write_report", fail)
    for _ in range(2):
        run.finish()
    assert (run.page, run.trouble, len(asked)) == (None, "its table is damaged", 1)
    assert str(Unfinished([run])) == "yun_bi/units: its table is damaged"


@pytest.mark.parametrize("budgets", [{}, {"trials": 1}, {"until_decided": True}])
def test_a_scale_with_more_epochs_than_were_printed_is_not_taken_for_an_option(budgets: dict[str, int]) -> None:
    """Its epochs are cut down to the single printed one, whatever else is given."""
    study = catalogue.load("lunger_rho/inversion")
    launching.refuse_unfit("lunger_rho/inversion", study, scale_named("smoke", **budgets))


def test_a_run_is_gone_on_with_at_its_own_scale(home: Path, capsys) -> None:
    five = requested(home, epochs=5)
    write_description(five.directory, five.name, five.study, five.scale, five.store)
    capsys.readouterr()
    found = launching.begun(five.directory.name, home)
    assert (found.directory, found.scale, found.store.digest) == (five.directory, five.scale, five.store.digest)
    assert (
        f"Audio: philharmonia, rendered stand-in, 64 clips, digest {five.store.digest[:12]}." in capsys.readouterr().out
    )
    moved = five.directory.rename(five.directory.with_name("another"))
    with pytest.raises(UserError, match=r"start anew by `etude run yun_bi/units --scale smoke --epochs 5 --rendered`"):
        launching.begun("another", home)
    (home / "corpora").unlink()
    with pytest.raises(UserError, match=r"not in .*: render it again with `etude data philharmonia --render`"):
        launching.begun(str(moved), home)


def test_an_arm_that_cannot_take_its_segments_is_refused_before_any_audio_is_there(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(launching.stores, "opened", lambda *_, **__: pytest.fail("audio was asked for"))
    usual = launching.catalogue.load(NAME)
    study = usual.model_copy(update={"fixed": {**usual.fixed, "frames": 999}})
    monkeypatch.setattr(launching.catalogue, "load", lambda _: study)
    with pytest.raises(InvalidSetting, match=r"^Arm .* of this study cannot be built: frames is 999: "):
        requested(tmp_path)


@pytest.fixture
def of_irmas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every study is the study of units, as if its document used IRMAS."""
    study = launching.catalogue.load(NAME).model_copy(update={"corpus": "irmas"})
    monkeypatch.setattr(launching.catalogue, "load", lambda _: study)


def replicated(home: Path, *settings: str, corpus: str = "philharmonia") -> Launch:
    (found,) = launching.requests(
        [NAME], scale_named("smoke"), home, None, silent, rendered=True, corpus=corpus, settings=settings
    )
    return found


@pytest.mark.usefixtures("of_irmas")
def test_a_study_runs_on_another_corpus_and_goes_on_there(home: Path, capsys) -> None:
    found = replicated(home, "hop=256")
    assert (found.study.corpus, found.study.fixed["hop"]) == ("philharmonia", 256)
    assert found.directory.name.startswith("yun_bi.units-philharmonia-smoke-")
    out = capsys.readouterr().out
    assert "A conceptual replication on philharmonia of a study of irmas: no verdict of the finding itself." in out
    assert "Changed: hop from 512 to 256. Left out: nothing." in out
    write_description(found.directory, found.name, found.study, found.scale, found.store)
    again = launching.begun(found.directory.name, home)
    assert (again.study, again.directory) == (found.study, found.directory)
    found.directory.rename(found.directory.with_name("another"))
    options = "--scale smoke --corpus philharmonia --set hop=256 --rendered"
    with pytest.raises(UserError, match=rf"start anew by `etude run yun_bi/units {options}`"):
        launching.begun("another", home)


@pytest.mark.usefixtures("of_irmas")
def test_settings_go_with_another_corpus(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(launching.stores, "opened", lambda *_, **__: pytest.fail("audio was asked for"))
    with pytest.raises(InvalidSetting, match=r"^--set goes with --corpus: "):
        replicated(tmp_path, "hop=256", corpus="")
    with pytest.raises(InvalidSetting, match=r"cannot be built: frames is 80: .* For philharmonia, --set NAME=VALUE"):
        replicated(tmp_path, "hop=999")
    with pytest.raises(InvalidSetting, match=r"^--set takes NAME=VALUE, not 'hop'"):
        replicated(tmp_path, "hop")


def test_of_a_document_those_studies_are_moved_that_can_be(tmp_path: Path, monkeypatch, capsys) -> None:
    store = SimpleNamespace(path=tmp_path / "store")
    monkeypatch.setattr(launching.stores, "opened", lambda *_, **__: store)
    found = launching.requests(["yun_bi"], scale_named("smoke"), tmp_path, None, silent, rendered=True, corpus="irmas")
    moved = {request.name for request in found}
    assert moved == set(launching.catalogue.expanded(["yun_bi"])) - {"yun_bi/collection"}
    assert "yun_bi/collection is left out: No claim of this study can be moved" in capsys.readouterr().out
    with pytest.raises(InvalidSetting, match=r"^None of these studies can be moved to philharmonia"):
        launching.requests(
            ["yun_bi"], scale_named("smoke"), tmp_path, None, silent, rendered=True, corpus="philharmonia"
        )
