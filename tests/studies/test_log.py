"""The log of a run: what was printed, warnings, and tracebacks."""

import re
import warnings
from pathlib import Path

import pytest

from studies.console import print_line, progress, quiet, remark, show, table
from studies.console.log import FILE, logged
from trainables.errors import UserError


def test_what_is_printed_is_kept_in_each_log_with_its_time(tmp_path: Path) -> None:
    runs = [tmp_path / "one", tmp_path / "two"]
    with logged(runs, "étude 0"):
        print_line("a line")
        remark("a remark")
        show(table("T", ("a", "b"), [("cell", "x" * 200)]))
    print_line("not of the run")
    for run in runs:
        text = (run / FILE).read_text()
        assert [line for line in text.splitlines() if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO ", line)]
        assert all(part in text for part in ("étude 0", "a line", "a remark", "cell", "x" * 200))
        assert "not of the run" not in text


def test_a_second_launch_adds_to_the_log(tmp_path: Path) -> None:
    for opening in ("first", "second"):
        with logged([tmp_path], opening):
            pass
    assert re.findall("first|second", (tmp_path / FILE).read_text()) == ["first", "second"]


def test_warnings_and_tracebacks_are_kept_and_go_on(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="odd"), logged([tmp_path], ""):
        warnings.warn("an odd thing", stacklevel=1)
    with pytest.raises(UserError), logged([tmp_path], ""):
        raise UserError("a wrong thing")
    text = (tmp_path / FILE).read_text()
    assert "Traceback (most recent call last)" in text and "UserError: a wrong thing" in text


def test_a_warning_stands_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(), logged([tmp_path], ""):
        warnings.simplefilter("always")
        warnings.warn("an odd thing", stacklevel=1)
    assert "WARNING" in (tmp_path / FILE).read_text() and "an odd thing" in (tmp_path / FILE).read_text()


def test_quiet_leaves_out_remarks_and_progress_but_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with quiet(), progress() as step:
        remark("a remark")
        print_line("a line")
        step("work", 1, 1)
    remark("later")
    assert capsys.readouterr() == ("a line\nlater\n", "")
