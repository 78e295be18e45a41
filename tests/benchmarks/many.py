"""Run a study of many short trials with étude, and note what its driver uses: many.py OPTIONS, a JSON object.

Each trial is a real one, OPTIONS["epochs"] of a small LeNet. Writes to OPTIONS["result"], for each trial that has
ended, how many had by then, the CPU seconds of this process, and its resident memory in MB.
"""

import json
import os
import sys
import time
from pathlib import Path

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.driver.launch import Launch, launch
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study, arm
from studies.tasks import Queue
from trainables.corpora.store import load

FRONT_END = {"seconds": 0.25, "front_end": "log_mel", "frame": 512, "hop": 256, "bands": 16, "frames": 20}
STUDY = Study(
    document="yun_bi",
    section="",
    title="",
    question="",
    corpus="philharmonia",
    epochs=1,
    fixed={"architecture": "lenet", "kernel": "3x5", **FRONT_END},
    arms=(arm("only"),),
    tuned=joined(learning_rate(1e-4, 1e-1), batch_size(16, 32, 64)),
)


def resident() -> float:
    """The memory of this process that is in RAM, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Explore, and confirm as little as can be."""
    options = json.loads(sys.argv[1])
    scale = Scale(
        name="many",
        trials=options["trials"],
        epochs=options["epochs"],
        repetitions=1,
        decides=False,
    )
    request = Launch("yun_bi/many", STUDY, scale, load(Path(options["store"])), Path(options["storage"]))
    used: dict[int, tuple[float, float, float]] = {}
    ended = 0

    def advance(queue: Queue) -> None:
        nonlocal ended
        ended = max(ended, queue.done) if queue.phase == "explore" else ended
        used.setdefault(ended, (time.process_time(), resident(), time.perf_counter()))

    launch([request], Resources(options["address"]), advance)
    end = (time.process_time(), resident(), time.perf_counter())
    Path(options["result"]).write_text(json.dumps({"used": used, "end": end}))


if __name__ == "__main__":
    main()
