"""The ledger of test evaluations: a line is added for each, and none is ever changed (B9)."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from analysis.runs import TEST_EVALUATIONS
from trainables import files
from trainables.trial import PREDICTIONS


def record(directory: Path, roles: Iterable[Mapping[str, Any]]) -> None:
    """Add to the ledger of a run each evaluation, of the trials in these roles, that is not in it.

    An evaluation is a trial and the digest of its predictions: a trial that is tested again, with another result, has a
    second line. Raises UserError when the ledger cannot be written.
    """
    path = directory / TEST_EVALUATIONS
    known = {(line["trial"], line["digest"]) for line in lines(path)}
    new = []
    for role in roles:
        evaluation = evaluated(directory / "trials" / role["trial"] / PREDICTIONS, role)
        if evaluation and (key := (evaluation["trial"], evaluation["digest"])) not in known:
            known.add(key)
            new.append(evaluation)
    append(path, new)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a ledger."""
    text = path.read_text() if path.exists() else ""
    yield from (json.loads(line) for line in text.rpartition("\n")[0].splitlines() if line)


def evaluated(path: Path, role: Mapping[str, Any]) -> dict[str, Any] | None:
    """The evaluation that wrote these predictions, None if there are none."""
    if not path.exists():
        return None
    return {
        **{name: role[name] for name in ("trial", "phase", "arm", "configuration", "protocol")},
        "items": pq.read_metadata(path).num_rows,
        "digest": blake2b(path.read_bytes(), digest_size=8).hexdigest(),
        "tested": datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds"),
    }


def append(path: Path, evaluations: Iterable[Mapping[str, Any]]) -> None:
    """Write lines at the end of a ledger; what a crash left of the last line is cut off before."""
    try:
        with path.open("ab+") as file:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write("".join(json.dumps(evaluation) + "\n" for evaluation in evaluations).encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise files.unwritable(path, error) from error
