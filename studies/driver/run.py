"""A run on disk: its name, its only driver, and its description in study.json."""

import fcntl
import json
import os
import platform
import shlex
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from analysis.runs import STUDY, understood
from studies.catalogue import FILE, label
from studies.checks.audit import protocol_cards
from studies.checks.design import confounded, design_card, labelled
from studies.console import Step, silent
from studies.driver.phases import Phases
from studies.driver.steps import explored_at
from studies.pictures.pictures import example
from studies.remote.mirror import LOCK, copied, host, is_held
from studies.scale import Scale
from studies.study import Study, described
from studies.tasks import explored, read_json
from studies.version import commit
from trainables.architectures.layers import layer_table
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.store import Store
from trainables.data.features import build
from trainables.data.items import classes_of
from trainables.data.splitting import Divisions
from trainables.errors import UserError, unknown
from trainables.memory import bytes_of
from trainables.storage import files
from trainables.storage.bucket import SCHEME
from trainables.trainings import held_in_a_step, networks_of, trains
from trainables.trial import OWNER

LIBRARIES = ("torch", "torchaudio", "ray", "optuna", "librosa", "numpy", "pandas", "plotly")


def run_directory(storage: Path, name: str, study: Study, scale: Scale, store: Store) -> Path:
    """The directory of a study at a scale over packed data; a changed study is another run.

    Its name says the corpus of a study that was moved to it. A study's file may be moved to another folder.
    """
    text = json.dumps([described(study, label(name)), scale.described(), store.digest], sort_keys=True, default=str)
    where = f"-{study.corpus}" if study.replicates else ""
    return (
        storage
        / f"{label(name).replace('/', '.')}{where}-{scale.name}-{blake2b(text.encode(), digest_size=4).hexdigest()}"
    )


@contextmanager
def ownership(directory: Path) -> Iterator[str]:
    """Become the only driver of a run; gives the token that its workers must find in the file `owner`.

    The lock is the kernel's and ends with this process, however that ends. The token keeps out workers that a killed
    driver has left behind. Raises UserError when another driver holds the run.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / LOCK).open("a")
    except OSError as error:
        raise files.unwritable(directory, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = (directory / OWNER).read_text().partition(":")[0] if (directory / OWNER).exists() else "another"
            raise UserError(f"{directory} is being run by process {holder}; wait for it, or stop it first.") from error
        token = f"{os.getpid()} on {host()}:{uuid.uuid4().hex[:12]}"
        files.replace(directory / OWNER, token.encode())
        yield token


def write_description(
    directory: Path, name: str, study: Study, scale: Scale, store: Store, step: Step = silent, gpus: float = 0.0
) -> None:
    """Write study.json: the study as run, its data, its audit and its provenance; a later launch adds its own.

    `gpus` is what each trial takes of the GPUs.
    """
    path = directory / STUDY
    now = provenance() | {"gpus_per_trial": gpus}
    if path.exists():
        description = read_description(directory)
        with understood(directory):
            description["provenance"]["launches"].append(now)
        files.replace_json(path, description)
        return
    printed = {arm.name: study.printed(arm) for arm in study.arms}
    divisions = Divisions(store)
    networks = {name: architecture(divisions, configuration) for name, configuration in printed.items()}
    parameters = {name: network["parameters"] for name, network in networks.items()}
    description = {
        "study": described(labelled(study, confounded(study, parameters)), label(name)),
        **source(name),
        "scale": scale.described(),
        "data": data_card(store, study.corpus, labels(divisions, printed.values())),
        "protocols": protocol_cards(study, scale, store, step),
        "design": [asdict(check) for check in design_card(study, scale, store, parameters)],
        "architectures": networks,
        "example": example(store, next(iter(printed.values()))) if printed else {},
        "rungs": {
            arm.name: [epoch * arm.times for epoch in study.rungs(explored_at(study, scale))] for arm in explored(study)
        },
        "provenance": {**now, "launches": [now]},
        "progress": {"finished": False},
    }
    files.replace_json(path, description)


def source(name: str) -> dict[str, Any]:
    """The place and the text of the file of a study that lies outside the package, for its reader and for `resume`."""
    if not name.endswith(FILE):
        return {}
    path = Path(name).absolute()
    return {"file": {"path": str(path), "text": path.read_text(encoding="utf-8")}}


def progress_of(run: Phases) -> dict[str, Any]:
    """How far each phase is, as study.json has it; a run is finished when all is planned and has ended."""
    phases = {queue.phase: {"done": queue.done, "planned": queue.planned} for queue in run.queues}
    return {"finished": run.ended and not run.trouble, **phases}


def write_progress(directory: Path, progress: Mapping[str, Any]) -> None:
    """Write how far a run is into study.json."""
    files.replace_json(directory / STUDY, {**read_description(directory), "progress": progress})


def read_description(directory: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_json(directory / STUDY)
    return content


def find(run: str, home: Path) -> Path:
    """The directory of a run, given as a path, as its name below HOME/runs, or as a URL, which is copied here.

    Raises UserError, naming the nearest run, if there is none, and for one that is being audited.
    """
    if run.startswith(SCHEME):
        return copied(run, home)
    for candidate in (Path(run), home / "runs" / run):
        if (candidate / STUDY).is_file():
            return candidate.absolute()
    for candidate in (home / "runs" / run, Path(run)):
        if is_held(candidate):
            raise UserError(f"{candidate} has just begun, and its data are being audited: look again in a moment.")
        if candidate.is_dir():
            raise UserError(
                f"{candidate} holds no {STUDY}: it is no run, or one that was stopped before its audit was done, "
                "which `etude run` with its study begins again."
            )
    known = [path.parent.name for path in (home / "runs").glob(f"*/{STUDY}")]
    raise unknown("run", run, known)


def labels(divisions: Divisions, configurations: Iterable[Configuration]) -> list[str]:
    """The classes that networks of these configurations have outputs for; without any, those of the clips."""
    found = {name for each in configurations for name in classes_of(divisions.of(each), each).tolist()}
    return sorted(found) or divisions.store.labels


def data_card(store: Store, corpus_name: str, labels: Sequence[str]) -> dict[str, Any]:
    corpus = CORPORA[corpus_name]
    return {
        "corpus": corpus.name,
        "title": corpus.title,
        "licence": corpus.licence,
        "bibliography": corpus.bibliography,
        **store.about,
        "rate": store.rate,
        "digest": store.digest,
        "rendered": store.rendered,
        "clips": len(store.clips),
        "groups": int(store.clips["group"].nunique()),
        "labels": list(labels),
        "facts": store.facts,
        "problems": store.problems.to_dict("records"),
    }


def architecture(divisions: Divisions, configuration: Configuration) -> dict[str, Any]:
    """The layers of a configuration's networks and what is counted of them; none of what only measures."""
    if not trains(configuration):
        return {"parameters": 0, "layers": []}
    shape = build(divisions.store, configuration, torch.device("cpu")).shape
    networks = networks_of(configuration, shape, divisions.of(configuration))
    counts = {"input_bytes": bytes_of(shape), "step_bytes": held_in_a_step(configuration, networks[""][0], shape)}
    layers = [
        {**layer, "name": f"{name}.{layer['name']}" if name else layer["name"]}
        for name, (network, given) in networks.items()
        for layer in layer_table(network, given)
    ]
    return {"parameters": sum(layer["parameters"] for layer in layers), **counts, "layers": layers}


def provenance() -> dict[str, Any]:
    return {
        "etude": version("etude"),
        "commit": commit(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in LIBRARIES},
        "machine": machine(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["etude", *sys.argv[1:]]),
    }


def machine() -> str:
    """Processor, cores and accelerators, in words."""
    names = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return ", ".join([f"{platform.machine()}, {os.cpu_count()} cores", *names])
