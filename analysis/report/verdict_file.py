"""verdicts.json: every finding with its verdicts, and the runs that they rest on, for other programs.

Its schema, verdicts.schema.json beside this module, is made from the classes here. A number that is not known is null.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from analysis.digests import run_digest, table_digests
from analysis.report.overview import Cell, Row
from analysis.runs import Run
from analysis.verdicts import FindingVerdict, Verdict, verdicts
from analysis.verdicts.precedence import IN_WORDS

SCHEMA = Path(__file__).with_name("verdicts.schema.json")
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class JudgedFinding:
    """One verdict of a finding by one run, and those of its claims, which have all numbers.

    Of several runs under one protocol the verdict of one `counts`, by the rule of the file; that of a run on another
    corpus than the document's is a replication and never does.
    """

    counts: bool
    verdict: FindingVerdict
    claims: tuple[Verdict, ...]


@dataclass(frozen=True)
class FindingEntry:
    """A finding of a document: the lines of its text and their words, what it prints, and the study that tests it.

    `study` is "" where there is none. `verdicts` has none of a finding that was not run.
    """

    id: str
    document: str
    lines: str
    quote: str
    kind: str
    statement: str
    printed: str
    study: str
    verdicts: tuple[JudgedFinding, ...]


@dataclass(frozen=True)
class RunEntry:
    """A run: what it was run on and by, the command that repeats it, and the digests of what it found.

    `digest` is that of study, data, audits and tables together; `tables` has the SHA-256 of the values of each table,
    which do not change when a table is compressed otherwise. `data_digest` is that of the packed audio, `commit` and
    `versions` are those of the first launch, and `started` its time (UTC).
    """

    id: str
    study: str
    corpus: str
    rendered: bool
    data_digest: str
    scale: str
    decides: bool
    started: str
    etude: str
    commit: str
    versions: Mapping[str, str]
    machine: str
    command: str
    digest: str
    tables: Mapping[str, str]


@dataclass(frozen=True)
class VerdictFile:
    """All findings with the verdicts of some runs, and the `rule` by which one of several verdicts counts."""

    format: Literal[1]
    rule: str
    findings: tuple[FindingEntry, ...]
    runs: tuple[RunEntry, ...]


class NullableNumbers(GenerateJsonSchema):
    """Schemas in which a number may be null: JSON has no NaN."""

    def float_schema(self, schema: Any) -> JsonSchemaValue:
        """A number, or null."""
        return {"anyOf": [super().float_schema(schema), {"type": "null"}]}


@cache
def adapter() -> TypeAdapter[VerdictFile]:
    return TypeAdapter(VerdictFile)


def schema() -> str:
    """The JSON schema of the file, as text."""
    made = adapter().json_schema(mode="serialization", schema_generator=NullableNumbers)
    return json.dumps({"$schema": DIALECT, **made}, indent=1) + "\n"


def verdict_json(rows: Sequence[Row], runs: Sequence[Run], command: Callable[[Mapping[str, Any]], str]) -> bytes:
    """The file of these rows of a matrix, which the runs gave; `command` repeats a run, given its study.json.

    Nothing repeats what was trained elsewhere.
    """
    judged = {run.path.name: verdicts(run) for run in runs}
    found = VerdictFile(
        1,
        IN_WORDS,
        tuple(entry(row, judged) for row in rows),
        tuple(run_entry(run, "" if run.given else command(run.study)) for run in runs),
    )
    return adapter().dump_json(found, indent=1) + b"\n"


def entry(row: Row, judged: Mapping[str, Sequence[Verdict]]) -> FindingEntry:
    """A finding with all its verdicts, those that count before others, and replications last."""
    finding, moved = row.finding, tuple(row.elsewhere.values())
    texts = finding.lines, finding.quote, finding.kind, finding.statement, finding.printed
    found = (each for cell in (*row.cells.values(), *moved) for each in every(cell, judged))
    return FindingEntry(finding.id, finding.document, *texts, row.study, tuple(found))


def every(cell: Cell, judged: Mapping[str, Sequence[Verdict]]) -> Sequence[JudgedFinding]:
    """The verdict of a cell that counts, and the others."""
    found = (cell.verdict, *cell.others) if cell.verdict else ()
    return [
        JudgedFinding(each is cell.verdict and not each.origin.elsewhere, each, claims_of(each, judged))
        for each in found
    ]


def claims_of(verdict: FindingVerdict, judged: Mapping[str, Sequence[Verdict]]) -> tuple[Verdict, ...]:
    """The verdicts of the claims of which a finding's verdict is made."""
    wanted = verdict.finding, verdict.protocol
    return tuple(each for each in judged[verdict.origin.run] if (each.finding, each.protocol) == wanted)


def run_entry(run: Run, command: str) -> RunEntry:
    data, origin = run.study["data"], run.study["provenance"]
    started, etude, commit, machine = (str(origin.get(name, "")) for name in ("started", "etude", "commit", "machine"))
    return RunEntry(
        id=run.path.name,
        study=run.name,
        corpus=str(data["corpus"]),
        rendered=run.rendered,
        data_digest=str(data["digest"]),
        scale=str(run.study["scale"]["name"]),
        decides=run.decides,
        started=started,
        etude=etude,
        commit=commit,
        versions=dict(origin.get("versions", {})),
        machine=machine,
        command=command,
        digest=run_digest(run.path),
        tables=table_digests(run.path),
    )
