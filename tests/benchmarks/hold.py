"""A worker that uses a whole store and then holds still: hold.py STORE; says on request what memory it has.

When it has imported all it needs, and again when every clip has been through the front end, it says so, waits for a
line, prints what smaps_rollup says, and how much of the store's audio is mapped and resident, in kB as a line of JSON,
and waits for another line before it goes on.
"""

import json
import sys
from pathlib import Path

import torch

from trainables.corpora.store import Store, load
from trainables.frontends import FRONT_ENDS

SECONDS = 30


def use(store: Store) -> float:
    """Read every sample of every clip, and compute log-mels of it as a trial does; gives their mean."""
    front_end = FRONT_ENDS["log_mel"].build(store.rate, SECONDS * store.rate)
    total = 0.0
    with torch.no_grad():
        for row in range(len(store.clips)):
            samples = torch.from_numpy(store.samples(row).copy())[None]
            total += float(front_end(samples / 32768).mean())
    return total / len(store.clips)


def rollup(text: str) -> dict[str, int]:
    """The figures of a smaps_rollup, in kB."""
    rows = (line.split() for line in text.splitlines()[1:])
    return {name.rstrip(":"): int(value) for name, value, *_ in rows}


def resident(smaps: str, name: str) -> int:
    """How much of the files of that name is resident, in kB."""
    total, inside = 0, False
    for line in smaps.splitlines():
        if "-" in line.split()[0]:
            inside = line.endswith(name)
        elif inside and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total


def answer() -> None:
    """Say that this worker is ready, report when asked, and go on when told."""
    print("ready", flush=True)
    sys.stdin.readline()
    own = Path("/proc/self")
    found = rollup((own / "smaps_rollup").read_text())
    found["Audio"] = resident((own / "smaps").read_text(), "audio.npy")
    print(json.dumps(found), flush=True)
    sys.stdin.readline()


def main() -> None:
    """Report, use the store, and report again."""
    torch.set_num_threads(1)
    answer()
    store = load(Path(sys.argv[1]))
    use(store)
    answer()


if __name__ == "__main__":
    main()
