"""A study of a few seconds, and `etude` with that study: `python tiny_study.py LOG PAUSE run tiny/study ...`.

The workers of that command note in LOG each epoch that they begin and each that they have committed, and pause for
PAUSE seconds before and after each training, so that a kill finds epochs half done. A worker first notes how many
threads its libraries have.
"""

import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from analysis.claims import Equal
from search_spaces import joined
from search_spaces.optimisation import batch_size
from search_spaces.space import choice
from studies.scale import Scale
from studies.study import Study, arm

NAME = "tiny/study"
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

# Rungs after epochs 2 and 4.
SCALE = Scale(name="tiny", trials=5, epochs=6, reduction=2, repetitions=2)
# 78 trials, for more kills than the other has epochs left.
LONG_SCALE = SCALE.model_copy(update={"name": "long", "trials": 24, "repetitions": 6})
SCALES = {scale.name: scale for scale in (SCALE, LONG_SCALE)}
FRONT_END = {"seconds": 0.25, "front_end": "log_mel", "frame": 512, "hop": 256, "bands": 16, "frames": 20}
STUDY = Study(
    document="yun_bi",
    section="",
    title="5x5 kernels against 3x5 kernels",
    question="Does the harness do what it says?",
    corpus="philharmonia",
    epochs=5,
    fixed={"architecture": "lenet", "optimiser": "sgd", "learning_rate": 0.03, "batch_size": 16, **FRONT_END},
    # At 1e30 the loss is no number after one epoch; that is drawn for the last trial of "three".
    tuned=joined(choice("learning_rate", (0.01, 0.03, 0.1, 1e30)), batch_size(8, 16)),
    arms=(arm("five", kernel="5x5"), arm("three", kernel="3x5")),
    claims=(Equal(finding="S4-F3", first="five", second="three"),),
    inflation=("five",),
)


def noting(log: Path, pause: float) -> type:
    """The Trainable of the product, that also notes its epochs; of the same name, and sent to the workers by value."""
    from trainables import classifier  # noqa: PLC0415

    def write(*facts: Any) -> None:
        with log.open("a") as file:
            file.write(f"{json.dumps([*facts, os.getpid()])}\n")

    def note(what: str, trial: Any) -> None:
        write(what, trial.directory.name, len(trial.fit.history) + (what == "begun"), socket.gethostname())

    class Classifier(classifier.Classifier):
        def setup(self, config: dict[str, Any]) -> None:
            super().setup(config)
            write("threads", config["name"], 0, threads())

        def step(self) -> dict[str, Any]:
            trains = not self.trouble and self.trial.next > len(self.trial.fit.history)
            if trains:
                note("begun", self.trial)
                time.sleep(pause)
            result = super().step()
            if trains and not self.trouble:
                note("committed", self.trial)
                time.sleep(pause)
            return result

    return Classifier


def threads() -> dict[str, Any]:
    """How many threads the numeric libraries of this process have."""
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from threadpoolctl import threadpool_info  # noqa: PLC0415

    _ = np.ones((2, 2)) @ np.ones((2, 2))
    pools = {f"{pool['internal_api']}: {pool['filepath']}": pool["num_threads"] for pool in threadpool_info()}
    return {"torch": torch.get_num_threads(), **pools, **{name: os.environ.get(name) for name in THREADS}}


def main(log: str, pause: str, *arguments: str) -> None:
    """Run the command line of the product over the studies of this file."""
    from studies import catalogue, scale  # noqa: PLC0415
    from studies.commands import cli  # noqa: PLC0415
    from studies.driver import search  # noqa: PLC0415

    # A test run in the background hands an ignored Ctrl-C down to its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    catalogue.load = {NAME: STUDY}.__getitem__
    scale.SCALES = {**scale.SCALES, **SCALES}
    search.Classifier = noting(Path(log), float(pause))  # type: ignore[misc]
    sys.argv = ["etude", *arguments]
    cli.main()


if __name__ == "__main__":
    main(*sys.argv[1:])
