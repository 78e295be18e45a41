"""`etude new study`: the file it writes runs, and so does the network of one's own in it."""

import json
from pathlib import Path

import pytest
from plainly import Plainly

from analysis.runs import Run
from studies.driver import launch

COMMENTED = "# from torch import nn"


def with_its_network(text: str) -> str:
    """The file with the network that stands in its comments, and with an arm that has it."""
    before, _, code = text.partition(COMMENTED)
    code = "\n".join(line.removeprefix("#").removeprefix(" ") if line != "#" else "" for line in code.splitlines())
    return before.replace("arms=(", 'arms=(arm("mine", architecture="mine"), ') + COMMENTED[2:] + code


@pytest.fixture
def home(corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launch, "train_all", Plainly())
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "corpora").symlink_to(corpora)
    return tmp_path / "home"


def test_it_runs_as_it_is_written_and_with_its_network_is_another_run(etude, home: Path, tmp_path: Path):
    assert etude("new", "study")[1].startswith("Study: my_study.py. `etude run my_study.py --scale smoke --rendered`")
    code, _, err = etude("new", "study")
    assert code == 1 and err.strip() == "my_study.py is there: give another path, or remove it."
    least = ("--epochs", 1, "--repetitions", 1, "--trials", 1)
    command = ("run", "my_study.py", "--scale", "smoke", "--rendered", "--home", home, *least)
    code, out, err = etude(*command)
    assert code == 0 and "WIDE" in out, err
    first = next((home / "runs").iterdir())
    renamed = first.rename(first.with_name("renamed"))
    code, _, err = etude("resume", renamed, "--home", home)
    assert code == 1 and f"unless that folder was called {first.name}: call it so again" in err
    renamed.rename(first)
    text = Path("my_study.py").read_text()
    Path("my_study.py").write_text(with_its_network(text).replace("fixed={", 'fixed={"bands": 32, "frames": 40, '))
    code, _, err = etude("resume", first, "--home", home)
    assert code == 1 and "my_study.py has changed since" in err
    code, out, err = etude(*command)
    assert code == 0, err
    (second,) = (path for path in (home / "runs").iterdir() if path != first)
    run = Run.load(second, finished=True)
    assert set(run.trials[run.trials["phase"] == "confirm"]["arm"]) == {"mine", "5x5", "3x8"}
    assert run.name == "my_study" and json.loads((second / "study.json").read_text())["file"]["text"] != text
    assert "Wide kernels" in (second / "report.html").read_text()
    assert "my_study" in etude("verdicts", "--home", home)[1]


def test_a_file_has_the_ending_of_one(etude, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert "does not end in .py" in etude("new", "study", "mine.txt")[2]
