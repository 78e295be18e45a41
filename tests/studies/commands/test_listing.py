import io
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.console import Console

from studies.commands import listing
from trainables.architectures import ARCHITECTURES
from trainables.errors import InvalidSetting


def printed(*sections: str) -> str:
    console = Console(file=io.StringIO(), width=600)
    for section in sections:
        for table in listing.tables(section):
            console.print(table)
    return console.file.getvalue()


def test_each_section_is_one_of_the_tables_shown_by_default() -> None:
    titles = [table.title for table in listing.tables()]
    assert titles == [table.title for section in listing.SECTIONS for table in listing.tables(section)]
    assert len(set(titles)) == len(titles)


@pytest.fixture(scope="module")
def architectures() -> str:
    return printed("architectures")


def test_architectures_come_by_document_with_what_they_cost(architectures: str) -> None:
    lines = {line.split()[1]: line for line in architectures.splitlines() if line.startswith("│")}
    assert set(lines) == set(ARCHITECTURES)
    cells = [cell.strip() for cell in lines["nsynth_cnn_2"].strip("│").split("│")]
    products = 8011 * 64 * 3 + 8009 * 32 * 64 * 3 + 2002 * 32 * 50 + 50 * 11
    assert cells[:3] == ["nsynth_cnn_2", "S3-A3", "1 x 1 x 8013"]
    assert cells[4:] == ["3,210,243", f"{products:,}"]
    order = [line.split("│")[2].split(",")[0].strip() for line in lines.values()]
    assert order.index("S2-A2") < order.index("S2-A10") < order.index("S3-A1")


def test_architecture_of_any_source_is_listed_last(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(ARCHITECTURES._entries)
    monkeypatch.setattr(ARCHITECTURES, "_entries", known)
    network = ARCHITECTURES["linear"].build
    for name, sources in {"of_a_paper": ("He et al. 2016",), "of_nobody": (), "of_both": ("X9", "S2-A30")}.items():
        known[name] = replace(known["linear"], name=name, build=network, sources=sources)
    lines = [line for line in printed("architectures").splitlines() if line.startswith("│")]
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]
    assert [row[:2] for row in rows[-2:]] == [["of_a_paper", "He et al. 2016"], ["of_nobody", ""]]
    parameters = {row[0]: row[4] for row in rows}
    assert parameters["of_nobody"] == parameters["of_both"] != parameters["linear"]
    assert "10 classes" in str(listing.layers("of_a_paper").title)


def test_recipes_say_what_is_printed_and_what_is_guessed() -> None:
    lines = {line.split()[1]: line for line in printed("recipes").splitlines() if line.startswith("│")}
    assert lines.keys() >= {"lunger_rho", "lunger_rho_momentum_0.9", "fagan", "yun_bi"}
    cells = [cell.strip() for cell in lines["yun_bi"].strip("│").split("│")]
    assert cells[2] == "epochs=100"
    assert "learning_rate=0.001" in cells[3]


def test_brackets_are_text(architectures: str) -> None:
    assert "[convolution 3x3" in architectures


def test_nothing_is_computed_nor_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torch's compiler takes more than a second to import."""
    for name in [name for name in sys.modules if name.startswith("torch._dynamo")]:
        monkeypatch.delitem(sys.modules, name)
    listing.tables("architectures")
    assert "torch._dynamo" not in sys.modules


def test_layers_of_an_architecture() -> None:
    table = listing.layers("lenet")
    names = list(table.columns[0].cells)
    assert names[:2] == ["convolution_1", "pool_1"]
    assert names[-1] == "sum"
    parameters = [int(cell.replace(",", "")) for cell in table.columns[3].cells]
    assert sum(parameters[:-1]) == parameters[-1] == 438_366
    assert "14 classes" in str(table.title)


def test_what_is_unknown_names_the_nearest() -> None:
    with pytest.raises(InvalidSetting, match="Unknown section 'architecture': did you mean 'architectures'"):
        listing.tables("architecture")
    with pytest.raises(InvalidSetting, match="Unknown architecture 'lennet': did you mean 'lenet'"):
        listing.layers("lennet")


def test_a_list_waits_for_no_library_that_it_does_not_need() -> None:
    code = (
        "import sys; from studies.commands import listing; listing.tables('architectures'); "
        "sys.exit(str({'ray', 'sklearn', 'scipy.stats', 'sympy'} & set(sys.modules) or ''))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.stderr.strip() == ""
