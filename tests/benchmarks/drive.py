"""Run a study of one LeNet with étude: drive.py OPTIONS, a JSON object; writes what happened to OPTIONS["result"].

A process of its own for each study, so that nothing of Ray is left for the next.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from search_spaces import joined
from search_spaces.optimisation import batch_size, learning_rate
from studies.driver import search
from studies.driver.gather import gather
from studies.driver.journal import Explore
from studies.driver.launch import Launch, launch
from studies.driver.run import ownership
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study, arm
from studies.tasks import Queue
from trainables.corpora.store import load

PLACES = 2


def study(epochs: int, *, stops: bool) -> Study:
    """One arm of S4: LeNet 5x5 on 64 x 80 log-mels; weak trials are stopped or not."""
    return Study(
        document="yun_bi",
        section="",
        title="",
        question="",
        corpus="philharmonia",
        epochs=epochs,
        fixed={
            "segmentation": "onset",
            "seconds": 1.0,
            "front_end": "log_mel",
            "frame": 1024,
            "hop": 512,
            "frames": 80,
        },
        arms=(arm("LeNet_5*5_64*80", architecture="lenet", kernel="5x5", bands=64),),
        tuned=joined(learning_rate(1e-4, 1e-2), batch_size(16, 32, 64)),
        exploration="tpe" if stops else "random",
    )


def request(options: dict) -> Launch:
    """The study, its scale and its data. The confirm trials are as few and short as can be."""
    scale = Scale(name="benchmark", trials=options["trials"], repetitions=1, decides=False)
    found = study(options["epochs"], stops=options["stops"])
    return Launch("yun_bi/benchmark", found, scale, load(Path(options["store"])), Path(options["storage"]))


def explore(request: Launch, resources: Resources, advance: Callable[[Queue], None]) -> None:
    """Only the first phase, and the tables."""
    with ownership(request.directory) as token:
        queue = Explore(request.directory, request.study, request.scale, request.store.digest)
        assign = search.assigning(request.store.path, request.directory, "", token, resources)
        with search.cluster(resources) as capacity:
            search.train(queue, lambda: advance(queue), capacity, assign, resources)
        gather(request.directory, queue)


def main() -> None:
    """Run, and note when each trial ended."""
    options = json.loads(sys.argv[1])
    search.capacity = lambda *_: PLACES
    ended: list[tuple[float, int]] = []
    run = request(options)
    begun = time.perf_counter()

    def advance(queue: Queue) -> None:
        ended.append((time.perf_counter() - begun, queue.done))

    if options["whole"]:
        launch([run], Resources(threads=1), advance)
    else:
        explore(run, Resources(threads=1), advance)
    result = {"directory": str(run.directory), "ended": ended, "wall": time.perf_counter() - begun}
    Path(options["result"]).write_text(json.dumps(result))


if __name__ == "__main__":
    main()
