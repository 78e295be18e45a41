"""How many threads a worker's numeric libraries have; the worker is the product's Trainable, as Tune starts one."""

import json
import os
import sys
from pathlib import Path
from typing import Any

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

    def threads(self) -> dict[str, Any]:
        _ = np.ones((2, 2)) @ np.ones((2, 2))
        pools = {f"{pool['internal_api']}: {pool['filepath']}": pool["num_threads"] for pool in threadpool_info()}
        return {"torch": torch.get_num_threads(), "pools": pools, **{name: os.environ.get(name) for name in NAMES}}


def told(store: Path, folder: Path, threads: int) -> dict[str, Any]:
    """Start Ray, one worker for a trial below `folder`, and ask it."""
    trial = folder / "trials" / "one"
    trial.mkdir(parents=True)
    settings = {"architecture": "lenet", "seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 20}
    (trial / "config.json").write_text(json.dumps(dict(resolve({**settings, "kernel": "3x5"}).settings)))
    (folder / "owner").write_text("token")
    resources = Resources(threads=threads)
    common = search.common_settings(store, folder, "", "token", resources)
    task = {"name": "one", "directory": str(trial), "heard": 0, "evaluate": False, "threads": threads}
    # Workers do not know this module, which is the tests' own.
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with search.cluster(resources):
        worker = ray.remote(Telling).options(num_cpus=threads).remote({**task, **common})
        found: dict[str, Any] = ray.get(worker.threads.remote())
    return found
