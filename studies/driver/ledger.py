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
from trainables.errors import UserError
from trainables.storage import files
from trainables.trial import PREDICTIONS, has_predictions


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
    """The whole lines of a ledger; raises UserError for one that is no evaluation."""
    try:
        text = path.read_text() if path.exists() else ""
        for line in filter(None, text.rpartition("\n")[0].splitlines()):
            entry = dict(json.loads(line))
            _ = entry["trial"], entry["digest"]
            yield entry
    except (OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise UserError(
            f"{path} has a line that is no evaluation ({error}): delete it; what was tested is noted again."
        ) from error


def evaluated(path: Path, role: Mapping[str, Any]) -> dict[str, Any] | None:
    """The evaluation that wrote these predictions, None if there are none."""
    if not has_predictions(path.parent):
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
