"""Tables and lines, as a terminal and as a pipe shows them."""

import io

import pytest
from rich.console import Console
from rich.table import Table

from studies import console
from studies.commands import listing


@pytest.fixture
def shown(monkeypatch):
    """What is shown on a terminal of a width, or in a pipe."""

    def at(width: int, *tables: Table | str) -> str:
        terminal = Console(file=io.StringIO(), width=width, force_terminal=True, no_color=True, highlight=False)
        monkeypatch.setattr(console, "CONSOLE", terminal)
        console.show(*tables)
        return terminal.file.getvalue()

    return at


@pytest.mark.parametrize(
    "section", ["documents", "studies", "corpora", "front-ends", "recipes", "trainings", "weights"]
)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_names_are_whole_and_no_word_is_cut(shown, section, width):
    text = shown(width, *listing.listed(section))
    assert "…" not in text
    assert all(len(Console().render_str(line).plain) <= width for line in text.splitlines() if "\x1b" not in line)
    for name in listing.SECTIONS[section]().names:
        assert f" {name} " in text or f"\x1b[1m{name}\x1b[0m\n" in text


def test_a_table_that_fits_is_one_and_one_that_does_not_is_stacked(shown):
    rows = [("a_name", "words of some length, that may be folded", "12,345")]
    columns = ("name", "what it is", "number")
    assert "│ a_name │" in shown(50, console.table("Things", columns, rows, numbers=1))
    stacked = shown(24, console.table("Things", columns, rows, numbers=1))
    assert "│" not in stacked
    assert " ".join(stacked.replace("\x1b[2m", "").replace("\x1b[0m", "").split()).endswith(
        "what it is words of some length, that may be folded · number 12,345"
    )


def test_in_a_pipe_each_row_is_one_line(capsys):
    console.show(console.table("Things", ("name", "what"), [("long_name", "word " * 100)]))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "long_name" in line]
    assert line.count("word") == 100


def test_ctrl_c_says_what_becomes_of_what_was_done():
    with (
        pytest.raises(console.Interrupted, match=r"^Stopped; nothing is lost\.$"),
        console.interruptible("Stopped; nothing is lost."),
    ):
        raise KeyboardInterrupt


def test_lines_say_what_is_left_once_some_have_ended(monkeypatch, capsys):
    """Trials that begin together end together: the first says nothing of those that wait."""
    times = iter(range(0, 1000, 20))
    monkeypatch.setattr(console.time, "monotonic", lambda: next(times))
    step = console.plain()
    for done in range(8):
        step("confirm", done, 10)
    lines = capsys.readouterr().err.splitlines()
    assert lines[:4] == [f"confirm: {done} of 10" for done in range(4)]
    assert lines[4] == "confirm: 4 of 10, 120 s left" and lines[7] == "confirm: 7 of 10, 60 s left"


def test_lines_go_on_where_a_total_grows(monkeypatch, capsys):
    """As a plan of confirm does after choose; a total that has been reached is printed once."""
    times = iter(range(0, 100, 1))
    monkeypatch.setattr(console.time, "monotonic", lambda: next(times))
    step = console.plain()
    for done, total in [(3, 4), (4, 4), (4, 4), (4, 16), (5, 16), (16, 16), (16, 16)]:
        step("confirm", done, total)
    assert capsys.readouterr().err.splitlines() == [
        f"confirm: {done} of {total}" for done, total in [(3, 4), (4, 4), (4, 16), (16, 16)]
    ]
