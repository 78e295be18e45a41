"""A worker that hangs ends by itself, and says where it hung."""

import subprocess
import sys
import time

import pytest

from trainables.watchdog import patience

# The last one holds the interpreter's lock, as a library that hangs may do.
HANGS = {
    "waits": "import threading; threading.Event().wait()",
    "computes": "while True: pass",
    "holds the lock": "import re; re.match(r'(a+)+$', 'a' * 60 + 'b')",
}
PROGRAM = "import time; from trainables.watchdog import limited\nwith limited(0.5):\n    {}\nprint('done')"


def run(work: str) -> tuple[int, str, str]:
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(work)], check=False, capture_output=True, text=True, timeout=120
    )
    return process.returncode, process.stdout, process.stderr


@pytest.mark.parametrize("how", HANGS)
def test_worker_that_hangs_ends(how):
    begun = time.monotonic()
    code, out, err = run(HANGS[how])
    print(f"{how}: ended after {time.monotonic() - begun:.1f} s")
    assert (code, out) == (1, "")
    assert "Timeout" in err
    assert "<module>" in err


def test_worker_in_time_goes_on():
    assert run("pass\ntime.sleep(1)")[:2] == (0, "done\n")


HOUR = 3600.0


@pytest.mark.parametrize(
    ("finished", "most", "seconds"),
    [
        ([], 6 * HOUR, 6 * HOUR),
        ([1.0, 1.0, 1.0], 6 * HOUR, 300.0),
        ([60.0, 70.0, 1000.0], 6 * HOUR, 1400.0),
        ([HOUR, HOUR], 6 * HOUR, 6 * HOUR),
        ([1.0], 60.0, 60.0),
    ],
    ids=[
        "nothing is known",
        "five minutes at least",
        "twenty medians",
        "the upper bound",
        "a bound below five minutes",
    ],
)
def test_patience_with_an_epoch(finished: list[float], most: float, seconds: float):
    assert patience(finished, most) == seconds
