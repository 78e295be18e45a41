"""Tables of a run without what nothing reads, and digests of them, which a run and its evidence share."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.columns import COVARIATES
from analysis.findings import DOCUMENTS
from analysis.metrics import METRICS
from analysis.runs import EPOCHS, EXCERPTS, PREDICTIONS, STEPS, STUDY, TRIALS

TABLES = (TRIALS, EPOCHS, PREDICTIONS, EXCERPTS, STEPS)
LOGITS = "logits"
# What a later launch or a copy writes anew, and no verdict rests on.
CHANGING = ("provenance", "progress")


def tables(folder: Path) -> Iterator[tuple[str, pa.Table]]:
    """The tables of a run, by their files, without what neither a claim nor a figure reads.

    Logits are empty then, and covariates of test items left out. They are most of a table's bytes, and hardly smaller
    when they are compressed.
    """
    study = description(folder)
    kept, unread = reads_logits(study), unread_covariates(study)
    for name in TABLES:
        if (folder / name).exists():
            table = pq.read_table(folder / name)
            table = table.select([column for column in table.column_names if column not in unread])
            yield name, table if kept else emptied(table)


def reads_logits(study: Mapping[str, Any]) -> bool:
    """Whether a claim's metric, or a figure of the document, reads logits, by the content of study.json."""
    document = DOCUMENTS.get(study["study"].get("document") or "")
    figures = document.figures if document else ()
    metrics = (METRICS.get(claim.get("metric", "")) for claim in study["study"].get("claims", ()))
    return any(each.of_logits for each in figures) or any(each.of_logits for each in metrics if each)


def unread_covariates(study: Mapping[str, Any]) -> set[str]:
    """The covariates of test items that no claim reads, by the content of study.json."""
    return {column.name for column in COVARIATES} - {
        claim.get("covariate") for claim in study["study"].get("claims", ())
    }


def emptied(table: pa.Table) -> pa.Table:
    """A table with no number in each row's logits, if it has any."""
    place = table.schema.get_field_index(LOGITS)
    if place < 0 or not is_list(table.schema.field(place).type):
        return table
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array([[]] * len(table), field.type))


def table_digests(folder: Path) -> dict[str, str]:
    """The digest of each of the `tables` of a run, by its file."""
    return {name: table_digest(table) for name, table in tables(folder)}


def run_digest(folder: Path) -> str:
    """One digest of the study, its data and audits, and all tables of a run."""
    lasting = {name: value for name, value in without_folder(description(folder)).items() if name not in CHANGING}
    return sha256(json.dumps([lasting, table_digests(folder)], sort_keys=True).encode()).hexdigest()


def description(folder: Path) -> dict[str, Any]:
    """The content of a run's study.json."""
    found: dict[str, Any] = json.loads((folder / STUDY).read_text(encoding="utf-8"))
    return found


def without_folder(study: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a study.json without the folder in which its user keeps the file of the study."""
    if not (file := study.get("file")):
        return dict(study)
    return {**study, "file": {**file, "path": Path(file["path"]).name}}


def table_digest(table: pa.Table) -> str:
    """SHA-256 of the names and values of a table's columns, however a file encodes them."""
    hashed = sha256()
    for name in table.column_names:
        hashed.update(f"{name}\0".encode())
        for content in contents(table.column(name).combine_chunks()):
            hashed.update(content)
    return hashed.hexdigest()


def is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))


def contents(column: pa.Array) -> Iterator[bytes]:
    """The values of a column: which are missing; then numbers as float64, texts ended by zeros, or items of lists."""
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    yield column.is_null().to_numpy(zero_copy_only=False).tobytes()
    if is_list(column.type):
        yield from contents(column.value_lengths())
        yield from contents(column.flatten())
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        yield "".join(f"{text}\0" for text in column.fill_null("").to_pylist()).encode()
    else:
        yield column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype("<f8").tobytes()
