"""Digests of what a run says, which its directory and its evidence share though their bytes differ."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.runs import EPOCHS, EXCERPTS, PREDICTIONS, STEPS, STUDY, TRIALS

TABLES = (TRIALS, EPOCHS, PREDICTIONS, EXCERPTS, STEPS)
# What a later launch or a copy writes anew, and no verdict rests on.
CHANGING = ("provenance", "progress")


def table_digests(folder: Path) -> dict[str, str]:
    """The digest of each table of a run, by its file."""
    return {name: table_digest(pq.read_table(folder / name)) for name in TABLES if (folder / name).exists()}


def run_digest(folder: Path) -> str:
    """One digest of the study, its data and audits, and all tables of a run."""
    study = json.loads((folder / STUDY).read_text(encoding="utf-8"))
    told = {name: value for name, value in study.items() if name not in CHANGING}
    return sha256(json.dumps([told, table_digests(folder)], sort_keys=True).encode()).hexdigest()


def table_digest(table: pa.Table) -> str:
    """SHA-256 of the names and values of a table's columns, however a file encodes them."""
    hashed = sha256()
    for name in table.column_names:
        hashed.update(f"{name}\0".encode())
        for content in contents(table.column(name).combine_chunks()):
            hashed.update(content)
    return hashed.hexdigest()


def contents(column: pa.Array) -> Iterator[bytes]:
    """The values of a column: which are missing; then numbers as float64, texts ended by zeros, or items of lists."""
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    yield column.is_null().to_numpy(zero_copy_only=False).tobytes()
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        yield from contents(column.value_lengths())
        yield from contents(column.flatten())
    elif pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        yield "".join(f"{text}\0" for text in column.fill_null("").to_pylist()).encode()
    else:
        yield column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype("<f8").tobytes()
