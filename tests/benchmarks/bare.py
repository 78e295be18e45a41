"""What étude is measured against: the same trainings in plain PyTorch, in two processes: bare.py FOLDER.

FOLDER holds data.npz and plan.json; see loop.py, which is what each process runs. This one only waits for the two, and
imports nothing that they would pay for again.
"""

import subprocess
import sys
from pathlib import Path

PLACES = 2
LOOP = Path(__file__).with_name("loop.py")

if __name__ == "__main__":
    workers = [subprocess.Popen([sys.executable, str(LOOP), sys.argv[1]]) for _ in range(PLACES)]
    sys.exit(max(worker.wait() for worker in workers))
