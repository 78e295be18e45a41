"""Run a command and write what it and every process it left behind used: measure.py RESULT COMMAND ...

Ray's processes are not waited for by the driver that starts them, so the kernel never adds their times to it. Here
orphans are handed to this process, which reads the times of each process of the tree until the last one has ended.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

SET_CHILD_SUBREAPER = 36
INTERVAL = 0.1
TICKS = os.sysconf("SC_CLK_TCK")


def tree() -> dict[int, tuple[str, float]]:
    """Name and CPU seconds of each process below this one."""
    parents, used = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = path.read_text().split("(", 1)[1].rsplit(")", 1)
        except (OSError, IndexError):
            continue  # It has ended meanwhile.
        values = fields.split()
        pid = int(path.parent.name)
        parents[pid] = int(values[1])
        used[pid] = (name, (int(values[11]) + int(values[12])) / TICKS)
    return {pid: used[pid] for pid in used if pid != os.getpid() and below(pid, parents)}


def below(pid: int, parents: dict[int, int]) -> bool:
    """Whether a process descends from this one."""
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def title(pid: int, name: str) -> str:
    """What a process is, in a word or two."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return name
    scripts = [word.decode() for word in words if word.endswith((b".py", b"gcs_server", b"raylet")) or b"::" in word]
    return Path(scripts[0]).name if scripts else name


def reap(main: int) -> int | None:
    """Wait for whatever child has ended; the exit code of `main` if it is among them."""
    code = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == 0:
            return code
        code = os.waitstatus_to_exitcode(status) if pid == main else code


def watch(command: list[str]) -> dict[str, object]:
    """Run a command until nothing of it is left."""
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1)
    begun = time.perf_counter()
    main = subprocess.Popen(command).pid
    seconds: dict[tuple[int, str], float] = {}
    code, wall = None, 0.0
    while True:
        now = tree()
        for pid, (name, used) in now.items():
            seconds[pid, title(pid, name)] = used
        ended = reap(main)
        if ended is not None:
            code, wall = ended, time.perf_counter() - begun
        if code is not None and not tree():
            return {"code": code, "wall": wall, **totals(seconds)}
        time.sleep(INTERVAL)


def totals(seconds: dict[tuple[int, str], float]) -> dict[str, object]:
    """CPU seconds in all, and by kind of process; a process that changes its title counts under the last."""
    last = dict(seconds.keys())
    kinds: Counter[str] = Counter()
    for pid, kind in last.items():
        kinds[kind] += max(used for (one, _), used in seconds.items() if one == pid)
    waited = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = max(sum(kinds.values()), waited.ru_utime + waited.ru_stime)
    return {"cpu": cpu, "kinds": dict(kinds.most_common())}


if __name__ == "__main__":
    result = watch(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(result, indent=1))
    sys.exit(int(str(result["code"])))
