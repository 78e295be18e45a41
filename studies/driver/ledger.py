"""The test evaluations of a run, and their ledger: a line is added for each, and none is ever changed (B9)."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.runs import TEST_EVALUATIONS
from trainables.errors import UserError
from trainables.storage import files
from trainables.trial import PREDICTIONS, is_prediction_schema


@dataclass(frozen=True)
class Evaluation:
    """A trial's predictions of the test part, one row per item, their digest, and when they were written (UTC)."""

    table: pa.Table
    digest: str
    tested: datetime

    @property
    def accuracy(self) -> float | None:
        """Share of correct items; None if there are no items."""
        share: float | None = pc.mean(pc.equal(self.table["label"], self.table["prediction"])).as_py()
        return share


def read_evaluation(directory: Path) -> Evaluation | None:
    """The evaluation in a trial's directory; None before the test.

    A file that is no table of predictions counts as none, because the trial is then tested again. Raises UserError for
    one whose content has changed.
    """
    path = directory / PREDICTIONS
    try:
        content = path.read_bytes()
        file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
    except (OSError, ValueError):
        return None
    if not is_prediction_schema(file.schema_arrow):
        return None
    try:
        table = file.read()
    except (OSError, ValueError) as error:
        raise UserError(f"{path} is damaged ({error}): delete it and run the same command again.") from error
    digest = blake2b(content, digest_size=8).hexdigest()
    return Evaluation(table, digest, datetime.fromtimestamp(path.stat().st_mtime, UTC))


def record(directory: Path, roles: Iterable[Mapping[str, Any]], evaluations: Mapping[str, Evaluation]) -> None:
    """Add to a run's ledger the evaluations of the trials in these roles that are not in it.

    An evaluation is a trial and the digest of its predictions: a trial that is tested again, with another result, has a
    second line. Raises UserError when the ledger cannot be written.
    """
    path = directory / TEST_EVALUATIONS
    known = {(line["trial"], line["digest"]) for line in lines(path)}
    new = []
    for role in roles:
        found = evaluations.get(role["trial"])
        if found and (key := (role["trial"], found.digest)) not in known:
            known.add(key)
            new.append(entry(role, found))
    append(path, new)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a ledger; raises UserError for one that is no evaluation."""
    try:
        text = path.read_text() if path.exists() else ""
        for line in filter(None, text.rpartition("\n")[0].splitlines()):
            known = dict(json.loads(line))
            _ = known["trial"], known["digest"]
            yield known
    except (OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise UserError(
            f"{path} has a line that is no evaluation ({error}): delete it; what was tested is noted again."
        ) from error


def entry(role: Mapping[str, Any], evaluation: Evaluation) -> dict[str, Any]:
    return {
        **{name: role[name] for name in ("trial", "phase", "arm", "configuration", "protocol")},
        "items": evaluation.table.num_rows,
        "digest": evaluation.digest,
        "tested": evaluation.tested.isoformat(timespec="seconds"),
    }


def append(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Append lines to a ledger; an incomplete last line, left by a crash, is cut off first."""
    try:
        with path.open("ab+") as file:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write("".join(json.dumps(entry) + "\n" for entry in entries).encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise files.unwritable(path, error) from error
