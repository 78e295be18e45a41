"""What `etude list` shows."""

import io
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from analysis import findings
from studies import catalogue
from studies.commands import listing
from studies.commands.as_json import Listed
from trainables.architectures import ARCHITECTURES
from trainables.corpora import CORPORA
from trainables.errors import InvalidSetting
from trainables.recipe.recipes import RECIPE
from trainables.resolving import PARTS


def printed(*arguments: str) -> str:
    console = Console(file=io.StringIO(), width=600)
    for each in listing.listed(*arguments):
        console.print(each)
    return console.file.getvalue()


def rows(text: str) -> dict[str, list[str]]:
    """The cells of each row of a printed table, by its first."""
    lines = [line.strip("│").split("│") for line in text.splitlines() if line.startswith("│")]
    return {cells[0].strip(): [cell.strip() for cell in cells] for cells in lines}


def test_without_a_section_there_are_counts_and_the_studies() -> None:
    counts, studies = listing.listed()
    assert isinstance(counts, str)
    assert counts.startswith(f"5 documents, {len(catalogue.names())} studies, ")
    assert f" arms, {len(CORPORA)} corpora, " in counts
    assert f"{len(ARCHITECTURES)} architectures" in counts
    assert counts.partition(";")[0].count(",") == len(listing.SECTIONS) - 1
    assert isinstance(studies, Table)
    assert list(studies.columns[0].cells) == catalogue.names()


@pytest.mark.parametrize("section", list(listing.SECTIONS))
def test_each_section_is_a_table_of_its_own_name_with_a_row_for_each(section: str) -> None:
    (table,) = listing.listed(section)
    assert str(table.title).lower().replace(" ", "-") == section
    names = list(listing.SECTIONS[section]().names)
    assert names
    assert [str(cell).split("[")[0] for cell in table.columns[0].cells] == names


def test_a_pattern_leaves_what_is_like_it() -> None:
    found = rows(printed("architectures", "cnn*"))
    assert "cnn14" in found
    assert all(name.startswith("cnn") for name in found)
    with pytest.raises(InvalidSetting, match="Unknown architectures 'ccn14': did you mean 'cnn14'"):
        listing.listed("architectures", "ccn14")


def test_studies_say_their_document_corpus_and_findings() -> None:
    cells = rows(printed("studies"))["yun_bi/units"]
    assert cells[1:4] == ["Yun and Bi", "philharmonia", "S4-F5, S4-F6"]


def test_a_corpus_without_a_study_says_which_findings_wait_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [name for name in catalogue.names() if catalogue.declared(name).corpus != "gtzan"]
    monkeypatch.setattr(catalogue, "names", lambda: others)
    (said,) = listing.listed("studies", corpus="gtzan")
    assert said == f"Studies of gtzan: none yet; findings S2-F1 to {findings.of('fagan')[-1].id} wait for one."
    (said,) = listing.listed(corpus="gtzan")
    assert "S2-F1 to" in str(said)
    (table,) = listing.listed(corpus="philharmonia")
    assert isinstance(table, Table)
    assert set(table.columns[2].cells) == {"philharmonia"}


@pytest.fixture(scope="module")
def architectures() -> str:
    return printed("architectures")


def test_architectures_come_by_document_with_what_they_cost(architectures: str) -> None:
    found = rows(architectures)
    assert set(found) == set(ARCHITECTURES)
    products = 8011 * 64 * 3 + 8009 * 32 * 64 * 3 + 2002 * 32 * 50 + 50 * 11
    assert found["nsynth_cnn_2"][:3] == ["nsynth_cnn_2", "S3-A3", "1 x 1 x 8013"]
    assert found["nsynth_cnn_2"][4:] == ["3,210,243", f"{products:,}"]
    order = [cells[1].split(",")[0] for cells in found.values()]
    assert order.index("S2-A2") < order.index("S2-A10") < order.index("S3-A1")


def test_architecture_of_any_source_is_listed_last(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(ARCHITECTURES._entries)
    monkeypatch.setattr(ARCHITECTURES, "_entries", known)
    network = ARCHITECTURES["linear"].build
    for name, sources in {"of_a_paper": ("He et al. 2016",), "of_nobody": (), "of_both": ("X9", "S2-A30")}.items():
        known[name] = replace(known["linear"], name=name, build=network, sources=sources)
    cells = list(rows(printed("architectures")).values())
    assert [each[:2] for each in cells[-2:]] == [["of_a_paper", "He et al. 2016"], ["of_nobody", ""]]
    parameters = {each[0]: each[4] for each in cells}
    assert parameters["of_nobody"] == parameters["of_both"] != parameters["linear"]
    (table,) = listing.layers("of_a_paper")
    assert "10 classes" in str(table.title)


def test_recipes_say_what_is_printed_and_what_is_guessed() -> None:
    found = rows(printed("recipes"))
    assert found.keys() >= {"lunger_rho", "lunger_rho_momentum_0.9", "fagan", "yun_bi"}
    assert found["yun_bi"][2] == "epochs=100"
    assert "learning_rate=0.001" in found["yun_bi"][3]


def test_rows_say_what_may_be_set_measured_claimed_and_drawn() -> None:
    """Each from the registry of its kind."""
    assert rows(printed("arms"))["yun_bi/units/LSTM_64_64*80"][1] == "architecture=lstm units=64 bands=64"
    assert rows(printed("protocols"))["corrected"][1:] == ["corrected", "chosen", "yes"]
    settings = rows(printed("recipe-settings"))
    assert settings["momentum"][1:] == ["0.9", "at least 0 and below 1, with optimiser sgd"]
    assert settings["class_weights"][2] == "none or balanced"
    assert "(64, 128)" in rows(printed("search-dimensions"))["signal.bands"][1]
    assert rows(printed("metrics"))["best_epoch"][1:3] == ["epochs", "the epoch of the lowest validation loss"]
    assert rows(printed("claim-kinds"))["ORD"][1:] == ["Ranking", "order", "in one of four forms, each best first."]
    figures = rows(printed("figures"))
    assert figures["forest.effects"][1] == "All claims on one axis per unit."
    assert all(said for _, said in figures.values())


def test_brackets_are_text(architectures: str) -> None:
    assert "[convolution 3x3" in architectures


def test_nothing_is_computed_nor_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torch's compiler takes more than a second to import."""
    for name in [name for name in sys.modules if name.startswith("torch._dynamo")]:
        monkeypatch.delitem(sys.modules, name)
    listing.listed("architectures")
    assert "torch._dynamo" not in sys.modules


def test_layers_of_an_architecture() -> None:
    (table,) = listing.layers("lenet")
    names = list(table.columns[0].cells)
    assert names[:2] == ["convolution_1", "pool_1"]
    assert names[-1] == "sum"
    parameters = [int(cell.replace(",", "")) for cell in table.columns[3].cells]
    assert sum(parameters[:-1]) == parameters[-1] == 438_366
    assert "14 classes" in str(table.title)


def test_what_is_unknown_names_the_nearest() -> None:
    with pytest.raises(InvalidSetting, match="Unknown section 'architecture': did you mean 'architectures'"):
        listing.listed("architecture")
    with pytest.raises(InvalidSetting, match="Unknown corpus 'gtsan': did you mean 'gtzan'"):
        listing.listed(corpus="gtsan")
    with pytest.raises(InvalidSetting, match="--corpus is for studies, not for weights: leave it out"):
        listing.listed("weights", corpus="gtzan")
    with pytest.raises(InvalidSetting, match="Unknown architecture 'lennet': did you mean 'lenet'"):
        listing.layers("lennet")


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        (["--help"], {"ray", "torch", "numpy", "pydantic", "plotly", "sklearn", "optuna", "pandas", "scipy"}),
        (["run", "--help"], {"ray", "torch", "numpy", "plotly", "sklearn", "optuna", "pandas", "scipy"}),
        (["list", "studies"], {"ray", "torch", "plotly", "sklearn", "optuna", "pandas", "scipy"}),
        *((["list", kind], {"ray", "torch", "plotly", "sklearn"}) for kind in ("arms", "metrics", "claim-kinds")),
        (["list", "architectures"], {"ray", "sklearn", "scipy.stats", "sympy"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_no_command_waits_for_a_library_that_it_does_not_need(arguments: list[str], without: set[str]) -> None:
    code = (
        f"import sys; sys.argv = ['etude', *{arguments}]; from studies.commands import cli; main = cli.main\n"
        "try: main()\n"
        f"except SystemExit as ended: assert not ended.code; sys.exit(str({without} & set(sys.modules) or ''))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.stderr.strip() == ""
    assert "Unknown" not in found.stdout


@pytest.mark.parametrize("section", ["", "documents", "metrics", "protocols"])
def test_as_json_a_section_has_a_row_for_each(section: str) -> None:
    found = json.loads(TypeAdapter(Listed).dump_json(listing.as_data(section)))
    assert found["format"] == 1
    (only,) = found["sections"]
    assert only["name"] == (section or "studies")
    rows = listing.SECTIONS[only["name"]]()
    assert [next(iter(row.values())) for row in only["rows"]] == list(rows.names)
    assert all(len(row) == len(rows.columns) for row in only["rows"])


def test_as_json_numbers_are_numbers() -> None:
    (section,) = listing.as_data("architectures", "lenet").sections
    assert section.rows[0]["architecture"] == "lenet" and isinstance(section.rows[0]["multiply_adds"], int)


def test_a_setting_is_listed_with_its_defaults_and_the_parts_that_have_it() -> None:
    section = listing.SECTIONS["settings"]()
    assert section.row("learning_rate")[1:] == (str(RECIPE.parameters["learning_rate"]), "recipe")
    assert section.row("architecture")[1:] == ("lenet", "every trial")
    assert "5x5: lenet" in section.row("kernel")[2]
    known = {name for each in PARTS.values() for entry in each.values() for name in entry.parameters}
    assert known <= set(section.names)
