"""Each thing that is added is one file beside the others, or one entry: it is listed, planned, run and reported.

`added/` holds such files, `ENTRIES` what is written into the modules of metrics, of protocols, and of the section of a
page that shows a figure; a document declares its own figures. They are laid over a copy of the packages, and the
command line is run from there.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.runs import Run

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGES = ("analysis", "search_spaces", "studies", "trainables")
CODE = f"""
import sys
sys.path.append({str(HERE)!r})
from plainly import Plainly
from studies.commands import cli
from studies.commands.listing import listed
from studies.commands.sections import SECTIONS
from studies.console import CONSOLE
from studies.driver import launch

for section in SECTIONS:
    print("SECTION", section, flush=True)
    CONSOLE.print(*listed(section), width=300)
launch.train_all = Plainly()
for command in ("plan", "run"):
    print("SECTION", command, flush=True)
    sys.argv = ["etude", command, "own/width", "--scale", "smoke", "--rendered", "--home", "data"]
    try:
        cli.main()
    except SystemExit as ended:
        assert not ended.code, command
"""
CHOSEN = {
    "corpus": "own_tones",
    "front_end": "own_bands",
    "architecture": "own_network",
    "training": "own_training",
    "augmentation": "own_gain",
    "optimiser": "sgd",
    "own_units": 8,
    "own_patience": 4,
}
ENTRIES = {
    "analysis/metrics/tested.py": """

@tested_metric("points", "wrong test items", "wrong test items (points)", higher=False)
def own_errors(tested: Tested) -> Totals:
    \"\"\"Share of the test items that are wrong.\"\"\"
    return Totals.mean(100 - right(tested))
""",
    "analysis/protocols.py": """
PROTOCOLS["own_halves"] = Protocol("own_halves", "in halves", CHOSEN, judges=True)
""",
    "analysis/report/sections/record.py": """
from analysis.figures import own
CostsSection.draws = (*CostsSection.draws, own.durations)
""",
}
# A setting of the recipe is one line of its class.
LINES = {
    "trainables/recipe/recipes.py": ("epochs: int = ", "    own_patience: int = setting(3, at_least=1, neutral=3)\n")
}
ADDED = {
    "documents": "own",
    "studies": "own/width",
    "arms": "own/width/wide",
    "corpora": "own_tones",
    "protocols": "own_halves",
    "architectures": "own_network",
    "front-ends": "own_bands",
    "augmentations": "own_gain",
    "trainings": "own_training",
    "recipes": "own",
    "recipe-settings": "own_patience",
    "settings": "own_units",
    "search-dimensions": "own.own_rate",
    "metrics": "own_errors",
    "claim-kinds": "FAR",
    "figures": "own.durations",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages, the added files among the others."""
    home = tmp_path_factory.mktemp("home")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, home / package)
        shutil.copytree(HERE / "added" / package, home / package, dirs_exist_ok=True)
    for module, entry in ENTRIES.items():
        (home / module).write_text((home / module).read_text() + entry)
    for module, (before, line) in LINES.items():
        lines = (home / module).read_text().splitlines(keepends=True)
        (place,) = (number for number, text in enumerate(lines) if text.lstrip().startswith(before))
        (home / module).write_text("".join([*lines[:place], line, *lines[place:]]))
    return home


@pytest.fixture(scope="module")
def printed(home: Path) -> dict[str, str]:
    """What one process over the copy prints of each section of the list, and of the commands that plan and run."""
    found = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home), "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    parts = [part.partition("\n") for part in found.stdout.split("SECTION ")[1:]]
    return {name: text for name, _, text in parts}


def test_no_file_that_is_there_is_changed() -> None:
    added = [path.relative_to(HERE / "added") for path in (HERE / "added").rglob("*.py")]
    assert added
    assert not [path for path in added if (ROOT / path).exists()]


def test_what_is_added_is_listed(printed: dict[str, str]) -> None:
    rows = {name: [line.strip("│ ").split()[0] for line in printed[name].splitlines() if line] for name in ADDED}
    assert {section: name for section, name in ADDED.items() if name not in rows[section]} == {}


def test_a_study_of_it_is_planned_and_run_with_every_part_and_reported(home: Path, printed: dict[str, str]) -> None:
    assert all(name in printed["plan"] for name in ("narrow", "wide", "a check of its own", "in halves"))
    (directory,) = (home / "data" / "runs").iterdir()
    run = Run.load(directory, finished=True)
    confirmed = run.trials[run.trials["phase"] == "confirm"]
    assert set(confirmed["state"]) == {"complete"}
    assert set(confirmed["arm"]) == {"narrow", "wide"}
    settings = {arm["name"]: arm["settings"] for arm in run.study["study"]["arms"]}
    assert {name: settings["wide"][name] for name in CHOSEN} == CHOSEN
    assert "a check of its own" in [check["name"] for check in run.study["protocols"]["corrected"]["checks"]]
    assert "own_halves" in set(confirmed["protocol"]) and "own_halves" in run.study["protocols"]
    page = (directory / "report.html").read_text()
    assert '<th role="columnheader" scope="col">In halves</th>' in page
    assert all(
        said in page for said in ("in wrong test items (95 % interval", "wrong test items (points) of each seed")
    )
    assert all(said in page for said in ("Of low and high tones", "The wider network is more accurate.", "S9-G1 · All"))
    assert all(
        said in page for said in ("S9-G2 · Times", "Of one network.", "How long some arms took.", " seconds</td>")
    )
    assert all(said in page for said in ("seeds they are", "distance [FAR]", "Every run of S9-F2 beside the interval."))
    assert "How long trials took" in page.partition('<h2 id="costs">')[2].partition("<h2 ")[0]
