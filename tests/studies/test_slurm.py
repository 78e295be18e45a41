"""slurm.sh on hosts of namespaces, with `srun` and `scontrol` in the place of SLURM's: a job, and one that goes on.

Only with ETUDE_HOSTS=1 in the environment, by root, where the machine makes namespaces. What SLURM itself does (queues,
limits, signals, cgroups) is not shown.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.runs import Run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "studies" / "slurm.sh"
TINY = ROOT / "tests" / "studies" / "tiny_study.py"
STUDY = ("tiny/study", "--rendered", "--scale", "tiny")
SECONDS = 420
SRUN = """#!/bin/bash
# Runs a command on the machines of the job, side by side, with the job's environment and no input, as SLURM's does.
hosts=$SLURM_JOB_NODELIST
while [[ $1 == --* ]]; do
    case $1 in --nodelist=*) hosts=${{1#*=}} ;; esac
    shift
done
names="ETUDE_HOME RAY_AUTH_MODE RAY_SYMMETRIC_RUN_CLUSTER_WAIT_TIMEOUT RAY_py_gcs_connect_timeout_s"
names+=" PYTHONPATH OMP_NUM_THREADS"
kept=$(for name in $names; do printf 'export %s=%q; ' "$name" "${{!name}}"; done)
wait_for=()
for host in ${{hosts//,/ }}; do
    ssh -q -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -i {key} ubuntu@"$host" \\
        "$kept export PATH={programs}:/home/ubuntu/venv/bin:\\$PATH; $(printf '%q ' "$@")" < /dev/null &
    wait_for+=($!)
done
code=0
for one in "${{wait_for[@]}}"; do wait "$one" || code=$?; done
exit $code
"""
SCONTROL = '#!/bin/bash\nprintf "%s\\n" ${3//,/ }\n'
ETUDE = '#!/bin/bash\nexec /home/ubuntu/venv/bin/python {tiny} /mnt/shared/epochs.log 0.2 "$@"\n'


def test_without_a_study_or_a_home_it_says_what_to_name(tmp_path: Path):
    environment = {"PATH": os.environ["PATH"]}
    for arguments, said in (((), "name a study: sbatch studies/slurm.sh STUDY"), (("x",), "set it to a folder that")):
        done = subprocess.run(
            ["bash", SCRIPT, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1 and said in done.stderr


@pytest.fixture(scope="module")
def job(hosts, corpora, tmp_path_factory) -> Iterator[Callable[[], subprocess.CompletedProcess[str]]]:
    """`job(home)` runs the script as SLURM runs a job on two machines; `job.shared` is what these share."""
    if os.environ.get("ETUDE_HOSTS") != "1":
        pytest.skip("minutes on a cluster of namespaces: set ETUDE_HOSTS=1 to have it run")
    if reason := hosts.impossible():
        pytest.skip(reason)
    if Path("/tmp") in ROOT.parents:
        pytest.skip("each host has a /tmp of its own, and this checkout lies in it")
    folder = tmp_path_factory.mktemp("slurm")
    with hosts.hosts(folder, 2) as made:
        yield Job(folder, made, corpora)


class Job:
    """The script as a job on hosts."""

    def __init__(self, folder: Path, made: list[Any], corpora: Path):
        self.made, self.shared = made, folder / "shared"
        self.programs = folder / "programs"
        (self.shared / "home").mkdir()
        shutil.copytree(corpora, self.shared / "home" / "corpora")
        key, programs = folder / "state" / "key", "/mnt/shared/programs"
        for where, name, text in (
            (self.programs, "srun", SRUN.format(key=key, programs=programs)),
            (self.programs, "scontrol", SCONTROL),
            (self.shared / "programs", "etude", ETUDE.format(tiny=TINY)),
        ):
            where.mkdir(exist_ok=True)
            (where / name).write_text(text)
            (where / name).chmod(0o755)
        token = secrets.token_hex(32)
        for host in made:
            host.ssh(f"mkdir -p .ray && printf {token} > .ray/auth_token && chmod 600 .ray/auth_token")

    def __call__(self, *arguments: str, number: int) -> subprocess.CompletedProcess[str]:
        slurm = {"SLURM_JOB_ID": str(number), "SLURM_JOB_NUM_NODES": "2", "SLURM_CPUS_ON_NODE": "2"}
        slurm |= {"SLURM_JOB_NODELIST": ",".join(host.address for host in self.made)}
        own = {"ETUDE_HOME": "/mnt/shared/home", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        path = {"PATH": f"{self.programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"}
        command = ["bash", str(SCRIPT), *STUDY, *arguments]
        environment = {**os.environ, **slurm, **own, **path}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)

    def hosts_of_epochs(self) -> set[str]:
        """The machines on which an epoch was committed."""
        lines = [json.loads(line) for line in (self.shared / "epochs.log").read_text().splitlines()]
        return {line[3] for line in lines if line[0] == "committed"}


def test_a_study_runs_on_all_machines_and_the_job_ends_with_it(job: Job):
    done = job(number=4711)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (run,) = (job.shared / "home" / "runs").iterdir()
    assert Run.load(run, finished=True).arms == ["five", "three"]
    assert job.hosts_of_epochs() == {host.name for host in job.made}
    left = [command for host in job.made for command in host.commands("/ray/core/src/ray/")]
    assert not left


def test_a_job_whose_command_fails_fails(job: Job):
    done = job("--no-such-option", number=4712)
    assert done.returncode != 0
    assert "no-such-option" in done.stdout + done.stderr
