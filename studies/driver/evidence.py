"""What of a finished run belongs into a repository: all that its page is made of, without checkpoints and audio."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.digests import TABLES, description, tables, without_folder
from analysis.runs import PICTURES, SOUNDS, STUDY, TEST_EVALUATIONS, Run
from trainables.storage import files

BESIDE = (PICTURES, SOUNDS, TEST_EVALUATIONS)
COPIED = (STUDY, *BESIDE)
NUMBERS = ("confidence", "logits.list.element")


def write_evidence(directory: Path, folder: Path) -> Path:
    """Write the evidence of a finished run into `folder`; gives the folder of its name there.

    The copy is a run directory like any other: its page, its verdicts and its row of any table follow from it alone. Of
    the outputs of networks it has those that a claim or a figure of the document reads (`analysis.digests.tables`).
    Raises RunError for a run that is not finished.
    """
    target = folder / directory.name
    for name, content in contents(directory):
        files.replace(target / name, content)
    return target


def contents(directory: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a finished run's evidence, each with its content; raises RunError for one that is not finished."""
    Run.load(directory, finished=True)
    yield STUDY, json.dumps(without_folder(description(directory)), indent=1).encode()
    for name in BESIDE:
        if (directory / name).exists():
            yield name, (directory / name).read_bytes()
    for name, table in tables(directory):
        yield name, compressed(table)


def written(folder: Path) -> list[Path]:
    """The files of a run's evidence in its folder, in order; some runs have no tables of some kinds."""
    return sorted(path for name in (*COPIED, *TABLES) if (path := folder / name).exists())


def compressed(table: pa.Table) -> bytes:
    """A table as the bytes of a small parquet file with the same values.

    Logits are float32 numbers in columns of float64: with their bytes apart, half of them compress to nothing.
    """
    apart = [name for name in NUMBERS if name.partition(".")[0] in table.column_names]
    plain = [name for name in table.column_names if name not in {name.partition(".")[0] for name in apart}]
    options = {"compression": "zstd", "compression_level": 19, "write_page_checksum": True}
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer, use_dictionary=plain, use_byte_stream_split=apart, **options)
    return buffer.getvalue().to_pybytes()
