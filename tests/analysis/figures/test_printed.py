"""What is printed beside what was measured."""

import pytest
from counted import Counted

from analysis.figures.printed import cells, log, log_data, table_data, tables
from analysis.results import Results

ROWS = [("b", "second", 0.5, 0.4, 0.35), ("a", "first", 0.99, 0.92, 0.941), ("elsewhere", "first", 0.1, 0.1, 0.1)]
LOG = {69: (0.0193, 0.9942, 39.1711, 0.2309), 70: (0.0373, 0.9907, 35.0008, 0.1859)}
TEST = (12.3645, 0.7089844)


@pytest.fixture
def results(counted: Counted) -> Results:
    return counted({"a": (8, 9), "b": (3, 5)})


def test_a_row_has_the_three_accuracies_as_printed_and_as_found(results: Results) -> None:
    (row,) = table_data(results, ROWS[1:2])
    assert (row.printed["training"], row.printed["test"]) == (99.0, pytest.approx(94.1))
    assert {part: found.mean for part, found in row.found.items()} == pytest.approx(
        {"training": 71, "validation": 50, "test": 85}
    )
    assert row.corrected.mean == pytest.approx(85) and row.found["test"].n == 2


def test_the_table_has_the_models_of_the_run_in_the_order_of_the_document(results: Results) -> None:
    (table,) = tables(results, ["a", "b"], ROWS)
    assert [row[0].text for row in table.rows] == ["b", "a"]
    assert table.heads[:4] == ("Model", "Table", "Training, printed", "Training")
    assert all(len(row) == len(table.heads) for row in table.rows)
    assert table.numeric == (False, False, *[True] * 8)
    test = table.rows[1][table.heads.index("Test")]
    assert test.text == "85.0" and test.value == pytest.approx(85) and test.beside.startswith("[")
    assert table.rows[1][-1] == ("2", 2, "", "")


def test_models_that_were_not_measured_are_left_out_and_so_is_a_table_of_none(results: Results) -> None:
    assert list(tables(results, ["elsewhere"], ROWS)) == []
    assert list(tables(results, [], ROWS)) == []


def test_a_column_that_was_not_measured_has_a_dash(counted: Counted) -> None:
    (row,) = table_data(counted({"a": (8, 9)}, cells=(("corrected", "chosen"),)), ROWS[1:2])
    assert cells(row)[-2].text == "85.0"
    missing = row._replace(corrected=row.found["test"]._replace(mean=float("nan")))
    assert cells(missing)[-2].text == "–"


def test_a_log_ends_where_the_run_ends(results: Results) -> None:
    lines = log_data(results.documented, "a", LOG, TEST)
    assert [(line.name, line.epoch) for line in lines] == [("69", "2"), ("70", "3"), ("test", "3")]
    printed, found = lines[1].pairs[0]
    assert printed == 0.0373 and found.mean == pytest.approx(1.5)
    assert [pair[1].mean for pair in lines[0].pairs] == pytest.approx([2.5, 0.61, 5.5, 0.5])
    assert lines[2].pairs[1][0] == 0.7089844 and lines[2].pairs[1][1].mean == pytest.approx(0.85)
    assert lines[2].pairs[0][1].mean == pytest.approx(-(8.5 * LOGS[0] + 1.5 * LOGS[1]) / 10, abs=1e-4)


LOGS = (-0.5108, -0.9163)
"""The logarithms of .6 and .4."""


def test_a_log_of_more_epochs_than_the_run_has_those_that_there_are(results: Results) -> None:
    longer = dict.fromkeys(range(60, 71), LOG[70])
    assert [line.epoch for line in log_data(results.documented, "a", longer, TEST)] == ["1", "2", "3", "3"]
    assert log_data(results.documented, "none", LOG, TEST) == []


def test_a_log_is_a_table_with_dashes_where_a_test_has_nothing(results: Results) -> None:
    (table,) = log(results, ["a"], LOG, TEST)
    assert all(len(row) == len(table.heads) == 10 for row in table.rows)
    assert [cell.text for cell in table.rows[0][:4]] == ["69", "2", "0.0193", "2.500"]
    assert [cell.text for cell in table.rows[2][-4:]] == ["–"] * 4
