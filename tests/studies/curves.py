"""The learning curves of a run, for comparing runs."""

import json
from pathlib import Path

from trainables.fit import CLOCKS


def curves(run: Path) -> dict[str, list[str]]:
    """The epochs of each trial without the seconds, as text, so that NaN equals NaN and nothing is rounded."""
    found = {}
    for path in run.glob("trials/*/epochs.jsonl"):
        records = [json.loads(line) for line in path.read_text().splitlines()]
        found[path.parent.name] = [json.dumps({k: r[k] for k in r if k not in CLOCKS}) for r in records]
    return found
