"""Audits of a packed store, kept beside its audio: the same question of the same data has the same answer."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from hashlib import blake2b
from pathlib import Path

from trainables.corpora.audit.check import Check
from trainables.storage import files

FOLDER = "audits"
PACKAGE = Path(__file__).parents[1]


def remembered(store: Path, question: Sequence[object], audit: Callable[[], list[Check]]) -> list[Check]:
    """What `audit` finds, or has found when the same question was asked by the same code.

    `question` says, beside the store, all that the answer depends on. A store that cannot be written is audited anew.
    """
    key = blake2b(json.dumps([*question, code()], default=str).encode(), digest_size=8).hexdigest()
    path = store / FOLDER / f"{key}.json"
    with suppress(OSError, ValueError, TypeError):
        return [Check(**each) for each in json.loads(path.read_text())]
    found = audit()
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        files.replace_json(path, [asdict(check) for check in found])
    return found


@cache
def code() -> str:
    """A digest of the sources that divide and audit corpora."""
    sources = sorted(PACKAGE.rglob("*.py"))
    return blake2b(b"\0".join(source.read_bytes() for source in sources), digest_size=8).hexdigest()
