"""Every wrong input ends in one sentence, a non-zero exit, and no harm."""

import fcntl
import json
import os
import re
import sys
from dataclasses import asdict
from importlib import import_module

import pytest
import torch
from rich.console import Console

from studies import catalogue, console
from studies.commands import cli, launching, planned
from studies.commands.as_json import StudyPlan
from studies.remote.mirror import LOCK

STYLES = ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[3m")
"""Bold, dim and italic are no colours."""


def is_one_sentence(text: str) -> bool:
    # Progress, and what the mp3 decoder itself has to say, are no part of the message.
    aside = r"[\w ]+: \d+ of \d+|Note: |\[src/libmpg123"
    lines = [line for line in text.strip().splitlines() if not re.match(aside, line)]
    return len(lines) == 1 and "Traceback" not in text and lines[0].endswith((".", "?"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "yun_bi/kernelshape"], "Unknown study 'yun_bi/kernelshape': did you mean 'yun_bi/kernel_shape'?"),
        (["plan", "nothing"], f"Unknown study 'nothing': known: {catalogue.names()[0]}"),
        (["run", "yun_bi/units", "--scale", "labtop"], "Unknown scale 'labtop': did you mean 'laptop'?"),
        (["data", "philarmonia"], "Unknown corpus 'philarmonia': did you mean 'philharmonia'?"),
        (["data", "philharmonia", "--from", "no/such/folder"], "no/such/folder"),
        (["train", "lenett"], "Unknown architecture 'lenett': did you mean 'lenet'?"),
        (["train", "lenet", "--set", "lr=1"], "Unknown parameter 'lr': did you mean 'learning_rate'?"),
        (["train", "lenet", "--set", "n_mels=9"], "Unknown parameter 'n_mels': did you mean 'bands'?"),
        (["train", "lenet", "--set", "recipe=yun_bi"], "A recipe is no setting: yun_bi is --set epochs=100 --set opt"),
        (["train", "lenet", "--set", "recipe=yunbi"], "Unknown recipe 'yunbi': did you mean 'yun_bi'?"),
        (["train", "lenet", "--set", "kernel"], "--set takes NAME=VALUE, not 'kernel'"),
        (["train", "lenet", "--set", "epochs=many"], "epochs is 'many': it must be a number like 100"),
        (["train", "lenet", "--device", "cuda"], "A GPU was asked for"),
        (["train", "lenet", "--device", "tpu"], "Unknown device 'tpu'"),
        (["status", "no-such-run"], "Unknown run 'no-such-run'"),
        (["report", "no-such-run"], "Unknown run 'no-such-run'"),
        (["resume", "no-such-run"], "Unknown run 'no-such-run'"),
        (["verdicts", "--document", "yunbi"], "Unknown document 'yunbi': did you mean 'yun_bi'?"),
        (
            ["verdicts", "--storage", "no/such/folder"],
            "There is no folder and no archive no/such/folder: check its path.",
        ),
        (["survey", "mine"], "`etude data mine --from DIR` packs audio of your own under that name."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_input_is_one_sentence(etude, tmp_path, arguments, message):
    code, _, err = etude(*arguments, "--home", tmp_path / "home")
    assert code == 1
    assert message in err
    assert is_one_sentence(err), err
    assert not list((tmp_path / "home").rglob("*.json"))


def test_empty_corpus_folder_is_refused(etude, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = etude("data", "philharmonia", "--from", tmp_path / "empty", "--home", tmp_path / "home")
    assert code == 1
    assert str(tmp_path / "empty") in err
    assert is_one_sentence(err)


def test_folder_of_broken_files_is_refused(etude, tmp_path):
    folder = tmp_path / "broken" / "oboe"
    folder.mkdir(parents=True)
    for note in ("A4", "B4", "C5"):
        (folder / f"oboe_{note}_1_forte_normal.mp3").write_bytes(b"not audio " + note.encode())
    code, _, err = etude("data", "philharmonia", "--from", tmp_path / "broken", "--home", tmp_path / "home")
    assert code == 1
    assert is_one_sentence(err)
    assert not list((tmp_path / "home").rglob("store.json"))


@pytest.mark.parametrize("command", ["status", "report", "resume"])
def test_name_that_no_file_can_have_is_one_line(etude, tmp_path, command):
    """What the system refuses is a sentence, and no letter of a name is a command to the terminal."""
    for name in ("x" * 300, "a\nb\x1b[31m"):
        code, _, err = etude(command, name, "--home", tmp_path)
        assert code == 1
        assert is_one_sentence(err.replace("'", "")), err
        assert "\x1b" not in err


def test_home_that_is_a_file_is_refused(etude, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = etude("data", "philharmonia", "--home", tmp_path / "file")
    assert code == 1
    assert is_one_sentence(err)


@pytest.mark.parametrize(
    "arguments", [["fly"], ["run"], ["run", "yun_bi/units", "--scal", "smoke"], ["plan", "--scale"]]
)
def test_wrong_usage_exits_with_2(etude, arguments):
    code, _, err = etude(*arguments)
    assert code == 2
    assert "Error" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "command",
    ["list", "data", "weights", "plan", "run", "resume", "status", "runs", "report", "verdicts", "judge", "train"],
)
def test_every_command_has_help(etude, command):
    code, out, _ = etude(command, "--help")
    assert code == 0
    assert "Usage" in out


def test_debug_shows_the_traceback(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["etude", "--debug", "run", "nothing"])
    with pytest.raises(Exception, match="Unknown study"):
        cli.main()


def test_list_names_every_study(etude):
    code, out, _ = etude("list")
    assert code == 0
    assert all(f" {name} " in out for name in catalogue.names())


def test_list_shows_one_section_or_the_layers_of_a_network(etude):
    code, out, _ = etude("list", "documents")
    assert code == 0
    assert "yun_bi" in out
    assert "Studies" not in out
    code, out, _ = etude("list", "--layers", "lenet")
    assert code == 0
    assert "convolution_1" in out
    code, _, err = etude("list", "architecture")
    assert code == 1
    assert is_one_sentence(err)


AGAIN = "run the same command again to go on."


@pytest.mark.parametrize(
    ("arguments", "interrupted", "sentence"),
    [
        (["run", "yun_bi/units"], "catalogue.load", f"Stopped; {AGAIN}"),
        (["resume", "a-run"], "commands.launching.find", f"Stopped; {AGAIN}"),
        (["plan", "yun_bi/units"], "catalogue.load", "Stopped; a plan keeps nothing: the same command begins anew."),
        (["data", "irmas"], "commands.corpora.render", "Stopped; nothing was packed."),
        (["data", "irmas", "--from", "."], "commands.corpora.packed", "Stopped; nothing was packed."),
        (["data", "irmas", "--check"], "commands.corpora.stores", "Stopped; nothing was changed."),
        (
            ["data", "irmas", "--download"],
            "commands.corpora.download",
            f"Stopped; what has been fetched is kept: {AGAIN}",
        ),
        (
            ["data", "irmas", "--from", "s3://bucket/irmas"],
            "commands.corpora.Bucket",
            f"Stopped; what has been fetched is kept: {AGAIN}",
        ),
        (
            ["train", "lenet"],
            "commands.training.follow",
            "Stopped; what was trained is lost: --keep DIR would keep it.",
        ),
        (["train", "lenet", "--keep", "kept"], "commands.training.follow", f"Stopped; {AGAIN}"),
        (["verdicts"], "commands.overview.matrix", "Stopped."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_ctrl_c_promises_to_go_on_only_where_it_does(
    etude, store, monkeypatch, tmp_path, arguments, interrupted, sentence
):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpora").symlink_to(store.path.parent)
    monkeypatch.setattr(f"studies.{interrupted}", stop)
    code, _, err = etude(*arguments, "--home", tmp_path)
    assert code == 130
    assert err.splitlines()[-1] == sentence


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
@pytest.mark.parametrize("command", [["run", "yun_bi/units"], ["resume", "a-run"]], ids=" ".join)
def test_a_gpu_that_is_not_there_is_missed_before_anything_is_read(etude, monkeypatch, tmp_path, command):
    for name in ("catalogue.load", "commands.launching.find"):
        monkeypatch.setattr(f"studies.{name}", lambda *_: pytest.fail("something was read"))
    code, _, err = etude(*command, "--gpus-per-trial", "1", "--home", tmp_path)
    assert code == 1
    assert err == "A GPU was asked for (--gpus-per-trial) and this machine has none: leave the option out.\n"


@pytest.mark.parametrize("command", [["run", "yun_bi/units"], ["plan", "yun_bi/units"], ["resume", "a-run"]])
def test_more_threads_than_there_are_processors_are_missed_before_anything_is_read(
    etude, monkeypatch, tmp_path, command
):
    for name in ("catalogue.load", "commands.launching.find"):
        monkeypatch.setattr(f"studies.{name}", lambda *_: pytest.fail("something was read"))
    code, _, err = etude(*command, "--threads-per-trial", "999", "--home", tmp_path)
    assert code == 1
    here = os.cpu_count()
    said = f"A trial takes 999 CPUs and this machine has {here}: ask for fewer with --threads-per-trial.\n"
    assert err == said


@pytest.mark.parametrize("name", ["some/folder", "/some/folder", "phil*", "..", ""])
def test_the_name_of_a_corpus_is_checked_before_it_reaches_the_disk(etude, tmp_path, name):
    for options in ([], ["--check"], ["--download"], ["--from", tmp_path]):
        code, _, err = etude("data", name, *options, "--home", tmp_path / "home")
        assert code == 1
        assert err.startswith(
            f"'{name}' cannot name a corpus: " if "--from" in options else f"Unknown corpus '{name}': "
        )
        assert is_one_sentence(err)
    assert not list(tmp_path.iterdir())


def test_report_of_an_unfinished_run_has_a_badge_and_none_of_its_verdicts_leaves_the_page(
    etude, synthetic_run, tmp_path
):
    run = tmp_path / "home" / "runs" / "begun"
    synthetic_run(run, arms=("first", "second"), claims=(), repetitions=1, epochs=3, explored=1, notes=1)
    description = json.loads((run / "study.json").read_text())
    description["progress"] = {"finished": False, "explore": {"done": 1, "planned": 6}}
    (run / "study.json").write_text(json.dumps(description))
    code, out, err = etude("report", "begun", "--home", tmp_path / "home")
    assert code == 0, err
    page = (run / "report.html").read_text()
    assert "<strong>unfinished</strong> Explore 1 of 6. What is shown may change." in page
    assert not (run / "verdicts.csv").exists()
    (run / "trials.parquet").unlink()
    with (run / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, err = etude("report", "begun", "--home", tmp_path / "home")
    assert code == 1 and is_one_sentence(err)
    assert "begun is being trained and has no tables yet: `etude watch begun` shows how far it is." in err
    code, out, _ = etude("status", "begun", "--home", tmp_path / "home")
    assert code == 0
    assert "begun: stopped; trials: explore 1 of 6" in out


def test_run_that_is_no_json_is_refused(etude, tmp_path):
    run = tmp_path / "home" / "runs" / "broken"
    run.mkdir(parents=True)
    (run / "study.json").write_text('{"study": ')
    for command in ("report", "status", "resume"):
        code, _, err = etude(command, "broken", "--home", tmp_path / "home")
        assert code == 1
        assert is_one_sentence(err), err


def test_version_names_the_commit(etude):
    code, out, _ = etude("--version")
    assert code == 0
    assert re.fullmatch(r"étude \d+\.\d+\.\d+( \([0-9a-f]{7,}\))?\n", out)


@pytest.mark.parametrize(
    ("words", "offered"), [("etude run yun_bi/kernel_s", "yun_bi/kernel_shape"), ("etude status be", "begun")]
)
def test_a_shell_is_offered_studies_and_runs(etude, monkeypatch, tmp_path, words, offered):
    (tmp_path / "runs" / "begun").mkdir(parents=True)
    for name, value in {
        "_ETUDE_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": "2",
        "ETUDE_HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    _, out, _ = etude()
    assert offered in out.split()


@pytest.mark.parametrize("columns", [80, 200])
def test_tables_have_no_colour_fit_the_terminal_and_cut_no_name(etude, monkeypatch, columns):
    """As a terminal shows them; the lines of 80 columns hold every name whole, and those of 200 are longer."""
    terminal = Console(force_terminal=True, width=columns, color_system="truecolor", no_color=True)
    monkeypatch.setattr(console, "CONSOLE", terminal)
    code, out, _ = etude("list", "studies")
    text = re.sub(r"\x1b\[[0-9;]*m", lambda found: "" if found[0] in STYLES else found[0], out)
    assert code == 0 and "\x1b" not in text
    assert all(name in text for name in catalogue.names())
    widest = max(map(len, text.splitlines()))
    assert widest <= columns and (columns == 80 or widest > 80)


def test_a_plan_as_json_is_what_python_is_given(monkeypatch, capfd, tmp_path):
    plan = StudyPlan("a/b", "gtzan", True, "0", "smoke", 2, False, "processor", 2, 1.0, float("nan"), (), ())
    monkeypatch.setattr(planned, "planned", lambda *_: [plan])
    monkeypatch.setattr(launching, "requests", lambda *_, **__: [])
    monkeypatch.setattr(sys, "argv", ["etude", "plan", "yun_bi/units", "--json", "--home", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, _ = capfd.readouterr()
    assert ended.value.code == 0
    found = json.loads(out)
    assert found["format"] == 1
    assert found["studies"][0] == {**asdict(plan), "hours_here": None, "arms": [], "claims": []}
    assert list(import_module("etude").plan("yun_bi/units", home=tmp_path)) == [plan]
    assert capfd.readouterr().out == ""
