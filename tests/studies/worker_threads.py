"""Say how many threads a worker's numeric libraries have: worker_threads.py STORE FOLDER THREADS; a line of JSON.

The worker is the product's Trainable, started as Tune starts one, in a job of the product's.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
import ray
import torch
from threadpoolctl import threadpool_info

from studies import search
from studies.resources import Resources
from trainables.classifier import Classifier
from trainables.configuration import resolve

NAMES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Telling(Classifier):
    """A trial that is not trained, and says what it may use."""

    def threads(self) -> dict:
        _ = np.ones((2, 2)) @ np.ones((2, 2))
        pools = {f"{pool['internal_api']}: {pool['filepath']}": pool["num_threads"] for pool in threadpool_info()}
        return {"torch": torch.get_num_threads(), "pools": pools, **{name: os.environ.get(name) for name in NAMES}}


def main(store: str, folder: str, threads: str) -> None:
    """Start Ray, one worker, and ask it."""
    trial = Path(folder) / "trials" / "one"
    trial.mkdir(parents=True)
    settings = {"architecture": "lenet", "seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20}
    (trial / "config.json").write_text(json.dumps(dict(resolve({**settings, "kernel": "3x5"}).settings)))
    (Path(folder) / "owner").write_text("token")
    resources = Resources(threads=int(threads))
    common = search.common_settings(Path(store), Path(folder), "", "token", resources)
    task = {"name": "one", "directory": str(trial), "heard": 0, "evaluate": False, "threads": resources.threads}
    with search.cluster(resources):
        worker = ray.remote(Telling).options(num_cpus=resources.threads).remote({**task, **common})
        print(json.dumps(ray.get(worker.threads.remote())))


if __name__ == "__main__":
    main(*sys.argv[1:])
