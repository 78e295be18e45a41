"""verdicts.json says what the runs say, as its schema promises, and its digests tell runs apart."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis.claims import Better, Equal
from analysis.digests import run_digest, table_digest, table_digests, tables
from analysis.report import matrix, verdict_json
from analysis.report.verdict_file import SCHEMA, schema
from analysis.runs import PREDICTIONS, STUDY, TRIALS, Run
from analysis.verdicts import finding_verdicts, verdicts

ARMS = ("5x5", "3x8")
CLAIMS = (
    Equal(finding="S4-F3", first=ARMS[1], second=ARMS[0]),
    Better(finding="S4-F7", part="one", better=ARMS[1], worse=ARMS[0]),
    Better(finding="S4-F7", part="two", better=ARMS[0], worse=ARMS[1]),
)


@pytest.fixture(scope="module")
def runs(synthetic_run, tmp_path_factory) -> list[Run]:
    """A run, and one of a single repetition, which has no interval."""
    folder = tmp_path_factory.mktemp("file")
    plan = {"arms": ARMS, "claims": CLAIMS, "explored": 1, "notes": 4, "epochs": 3, "pictures": False}
    return [Run.load(synthetic_run(folder / f"run-{n}", **plan, repetitions=n)) for n in (8, 1)]


@pytest.fixture(scope="module")
def written(runs: list[Run]) -> dict:
    rows = matrix([verdict for run in runs for verdict in finding_verdicts(run)], "yun_bi", {"S4-F3": "yun_bi/x"})
    return json.loads(verdict_json(rows, runs, lambda study: f"etude run {study['study']['name']}"))


def test_the_schema_is_that_of_the_classes() -> None:
    assert SCHEMA.read_text() == schema(), "python -m studies.commands.readmes writes it anew"


def test_the_file_is_as_its_schema_says(written: dict) -> None:
    checker = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    checker.check_schema(checker.schema)
    checker.validate(written)
    del written["runs"][0]["digest"]
    with pytest.raises(jsonschema.ValidationError, match="'digest' is a required property"):
        checker.validate(written)


def test_one_verdict_of_a_finding_counts_under_each_protocol_with_the_numbers_of_its_claims(written, runs) -> None:
    entries = {entry["id"]: entry for entry in written["findings"]}
    assert (entries["S4-F3"]["study"], entries["S4-F1"]["verdicts"]) == ("yun_bi/x", [])
    found = entries["S4-F7"]["verdicts"]
    counting = [each["verdict"]["origin"]["run"] for each in found if each["counts"]]
    assert counting == ["run-8", "run-8"] and len(found) == 4
    own = [v for v in verdicts(runs[0]) if (v.finding, v.protocol) == ("S4-F7", found[0]["verdict"]["protocol"])]
    assert [(each["part"], each["effect"], each["word"]) for each in found[0]["claims"]] == [
        (verdict.part, verdict.effect, verdict.word) for verdict in own
    ]
    assert [claim["low"] for each in found if not each["counts"] for claim in each["claims"]] == [None] * 4


def test_a_verdict_on_other_audio_never_counts(runs: list[Run]) -> None:
    study = {**runs[0].study, "study": {**runs[0].study["study"], "replicates": {"corpus": "irmas"}}}
    moved = replace(runs[0], study=study)
    entries = json.loads(verdict_json(matrix(finding_verdicts(moved), "yun_bi"), [moved], str))["findings"]
    found = [each for entry in entries for each in entry["verdicts"]]
    assert found and not any(each["counts"] for each in found)


def test_a_digest_is_of_what_a_table_says_and_not_of_its_bytes(runs: list[Run], tmp_path: Path) -> None:
    kept = dict(tables(runs[0].path))
    (tmp_path / STUDY).write_bytes((runs[0].path / STUDY).read_bytes())
    for name in (TRIALS, PREDICTIONS):
        path = runs[0].path / name
        table = pq.read_table(path)
        pq.write_table(table, tmp_path / name, compression="zstd", row_group_size=7)
        assert (tmp_path / name).read_bytes() != path.read_bytes()
        assert table_digests(tmp_path)[name] == table_digest(kept[name])
    frame = pd.read_parquet(runs[0].path / PREDICTIONS)
    changes = (frame.assign(prediction=frame["label"]), frame[::-1], frame.rename(columns={"item": "clip"}), frame[1:])
    for changed in changes:
        changed.to_parquet(tmp_path / PREDICTIONS)
        assert table_digests(tmp_path)[PREDICTIONS] != table_digests(runs[0].path)[PREDICTIONS]


def test_the_digest_of_a_run_is_of_its_study_and_tables_and_not_of_who_looked_when(runs: list[Run], tmp_path) -> None:
    (tmp_path / STUDY).write_text(json.dumps({**runs[0].study, "provenance": {}}))
    for name in table_digests(runs[0].path):
        (tmp_path / name).write_bytes((runs[0].path / name).read_bytes())
    assert run_digest(tmp_path) == run_digest(runs[0].path) != run_digest(runs[1].path)
    claims = {**runs[0].study["study"], "claims": []}
    (tmp_path / STUDY).write_text(json.dumps({**runs[0].study, "study": claims}))
    assert run_digest(tmp_path) != run_digest(runs[0].path)
