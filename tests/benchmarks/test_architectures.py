"""Each architecture of the documents, trained by `etude train` on the rendered twin of its document's corpus."""

import re
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.findings import cited
from studies.commands.cli import app
from studies.commands.stores import corpora_folder
from trainables.architectures import ARCHITECTURES
from trainables.corpora import CORPORA
from trainables.corpora.store import pack
from trainables.trainings import TRAININGS

BUDGET = {"epochs": "2", "protocol": "grouped_same_sizes"}
"""The same for all: two epochs of the default recipe (Adam at .001, batches of 32), one seed, one core."""

CLIPS = {"irmas": 12, "gtzan": 5, "nsynth": 24, "philharmonia": 24}
FEWER = {"irmas": 8, "gtzan": 3}
"""Clips a class for the networks that take a second or so for a segment."""
SLOW = re.compile("cnn14|sample_cnn|rcnn_raw|crnn_2d")

VARIANTS = {
    "S4-A2": {"kernel": "3x8"},
    "S4-A3": {"units": "64"},
    "S4-A5": {"units": "128-128"},
    "S4-A6": {"units": "128-64"},
}
"""What sets an id apart from the others of its architecture."""


@dataclass(frozen=True)
class Row:
    """One line of the table: ids of the acceptance list, and what is trained for them."""

    ids: str
    architecture: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> tuple[str, int]:
        """The corpus, and its clips a class."""
        corpus = cited(self.ids).corpus
        return corpus, (FEWER if SLOW.search(self.architecture) else CLIPS)[corpus]

    @property
    def name(self) -> str:
        """The architecture and what is set of it."""
        return " ".join([self.architecture, *(f"{name}={value}" for name, value in self.settings.items())])


OTHERS = [
    Row("S0-A4", "resnet", {"training": "dual", "segmentation": "parts"}),
    Row(
        "S0-A4", "resnet", {"training": "dual", "segmentation": "parts", "stacking": "out_of_fold", "stack_folds": "2"}
    ),
    Row("S0-A5, S0-A6", "dcgan_discriminator"),
    Row("S1-A3", "cnn14", {"schedule": "two_phase", "frozen_epochs": "1"}),
]
"""The trainings beside that of one network: two stacked ones, a GAN, and one with a frozen backbone at first."""


def is_listed(source: str) -> bool:
    """Whether a source is the id of a document's architecture."""
    return cited(source) is not None and "-A" in source


def rows() -> list[Row]:
    """A row for each id that an architecture cites, and for each other training, in the order of the list."""
    found = [
        Row(source, entry.name, VARIANTS.get(source, {}))
        for entry in ARCHITECTURES.values()
        for source in entry.sources
        if is_listed(source) and entry.about.get("settings", {}).get("training") is None
    ]
    return sorted([*found, *OTHERS], key=lambda row: [int(number) for number in re.findall(r"\d+", row.ids)])


ROWS = sorted(rows(), key=lambda row: bool(SLOW.search(row.architecture)))
"""The slow ones last."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory):
    """`home(corpus, clips)` is a folder with the rendered corpus of so many clips a class, packed."""

    @cache
    def packed(corpus: str, clips: int) -> Path:
        folder = tmp_path_factory.mktemp(f"{corpus}-{clips}")
        CORPORA[corpus].render(folder / "files", clips_per_class=clips)
        pack(CORPORA[corpus], folder / "files", corpora_folder(folder))
        return folder

    return packed


def trained(row: Row, home: Path) -> str:
    """What `etude train` says of a row."""
    settings = [f"--set={name}={value}" for name, value in {**BUDGET, **row.settings}.items()]
    command = ["train", row.architecture, "--corpus", row.store[0], "--rendered", "--home", str(home), *settings]
    result = CliRunner().invoke(app, command)
    return result.output + (f"failed: {result.exception}" if result.exit_code else "")


def line_of(row: Row, output: str) -> str:
    """The row's line of the table, from what the command printed; raises ValueError where that is not a training."""
    lines = [line.strip("│").split("│") for line in output.splitlines() if re.match(r"│ +\d", line)]
    said = re.findall(r"([\d,]+) parameters, (\d+) segments", output)
    if len(lines) != int(BUDGET["epochs"]) or not said:
        raise ValueError(output)
    epochs = [[float(cell) for cell in line] for line in lines]
    seconds = sum(epoch[5] for epoch in epochs) / len(epochs)
    shares = [f"{100 * epochs[-1][column]:.1f}" for column in (2, 4)]
    corpus, clips = row.store
    cells = [row.ids, f"`{row.name}`", f"{corpus}, {clips}", *said[0], f"{seconds:.1f}", *shares]
    return f"| {' | '.join(cells)} |"


def test_every_architecture_of_the_documents_has_a_row() -> None:
    entries = [*ARCHITECTURES.values(), *TRAININGS.values()]
    ids = {source for entry in entries for source in entry.sources if is_listed(source)}
    assert {id for row in ROWS for id in row.ids.split(", ")} == ids


@pytest.mark.benchmark
def test_each_trains_on_the_rendered_twin_of_its_corpus(home, capsys) -> None:
    begun = time.process_time()
    show(capsys, "| id | trained | corpus, clips a class | parameters | segments | s/epoch | train % | validation % |")
    show(capsys, "|---|---|---|---|---|---|---|---|")
    failed = {}
    for row in ROWS:
        try:
            show(capsys, line_of(row, trained(row, home(*row.store))))
        except ValueError as error:
            failed[row.name] = str(error)
            show(capsys, f"| {row.ids} | `{row.name}` | did not train |")
    show(capsys, f"\n{len(ROWS)} rows, n = 1 each, {time.process_time() - begun:.0f} CPU s in all")
    assert not failed


def show(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Print a line past pytest's capture."""
    with capsys.disabled():
        print(line, flush=True)
