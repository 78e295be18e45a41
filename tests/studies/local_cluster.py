"""cluster.yaml on the hosts of hosts.py: the same commands, with Ray's local provider in the place of AWS."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
RAY = Path(sys.executable).with_name("ray")
# A study that outgrows a host is not what is tested.
SMALL = "--object-store-memory=100000000"
# Lost hosts and a lost head are noticed after about 10 s, where Ray's defaults take a minute.
WATCHFUL = (
    "RAY_health_check_period_ms=1000 RAY_health_check_timeout_ms=3000 RAY_health_check_failure_threshold=3 "
    "AUTOSCALER_HEARTBEAT_TIMEOUT_S=10 RAY_gcs_rpc_server_reconnect_timeout_s=10"
)
# What is mounted as files, kept where every host sees it.
IMAGE = "/mnt/shared/image"
# The second autoscaler starts one local worker of two (ray issue 57153).
FIRST_AUTOSCALER = "RAY_enable_autoscaler_v2=0"


def local(cluster: dict[str, Any], addresses: list[str], key: Path) -> dict[str, Any]:
    """cluster.yaml for hosts of this machine: the first address is the head's.

    Installed packages are those of this environment, the code is the checkout's copy on each host, and the corpus's
    files are in the shared folder instead of a bucket.
    """
    head, *workers = addresses
    kept = ("cluster_name", "rsync_exclude", "rsync_filter", "setup_commands", "head_setup_commands", "file_mounts")
    mounts = {**cluster["file_mounts"], "/home/ubuntu/etude": str(ROOT)}
    config = {
        **{name: cluster[name] for name in kept},
        "provider": {"type": "local", "head_ip": head, "worker_ips": workers},
        "auth": {**cluster["auth"], "ssh_private_key": str(key)},
        "file_mounts": mounts,
        "upscaling_speed": cluster["upscaling_speed"],
        "idle_timeout_minutes": cluster["idle_timeout_minutes"],
    }
    setup = [code_path(command).replace("s3://BUCKET", "/mnt/shared") for command in cluster["setup_commands"]]
    head_start, worker_start = (
        [local_start(command) for command in cluster[f"{kind}_start_ray_commands"]] for kind in ("head", "worker")
    )
    return {
        **config,
        "setup_commands": setup,
        "head_start_ray_commands": head_start,
        # On a host that comes back the local provider starts Ray and does nothing else, where AWS gives a new machine
        # that is set up: so here a start sets up first.
        "worker_start_ray_commands": [
            f"test -d {IMAGE} && cp -a {IMAGE}/. /home/ubuntu/ || true",
            *setup,
            *worker_start,
        ],
    }


def code_path(command: str) -> str:
    """Instead of installing, which needs a network: the checkout before all else."""
    if "pip install" not in command:
        return command
    line = "export PYTHONPATH=/home/ubuntu/etude"
    return f"grep -q PYTHONPATH /home/ubuntu/.bashrc || echo '{line}' >> /home/ubuntu/.bashrc"


def local_start(command: str) -> str:
    """A start command, with the processors that AWS's node types name elsewhere: none of the head's, two a worker."""
    head, worker = "ray start --head", "ray start --address"
    command = command.replace(head, f"{head} --num-cpus=0 {SMALL}").replace(
        worker, f"ray start {SMALL} --num-cpus=2 --address"
    )
    return command.replace("RAY_AUTH_MODE", f"{FIRST_AUTOSCALER} {WATCHFUL} RAY_AUTH_MODE")


class Cluster:
    """A cluster of hosts, driven as its user drives one: by `ray up`, `ray exec`, `ray down` from another machine."""

    def __init__(self, folder: Path, hosts: list[Any], music: Path):
        self.hosts, self.head = hosts, hosts[0]
        self.home = folder / "home"
        (self.home / ".ray").mkdir(parents=True)
        self.token = secrets.token_hex(32)
        token = self.home / ".ray" / "auth_token"
        token.write_text(self.token)
        token.chmod(0o600)
        shutil.copytree(music, folder / "shared" / "philharmonia")
        self.file = folder / "cluster.yaml"
        key = folder / "state" / "key"
        cluster = yaml.safe_load((ROOT / "cluster.yaml").read_text())
        self.file.write_text(yaml.safe_dump(local(cluster, [host.address for host in hosts], key)))
        self.logs = folder
        self.environment = {**os.environ, "HOME": str(self.home), "RAY_UP_enable_autoscaler_v2": "0"}

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Begin a command of `ray`; what it says goes to the file `name`.log."""
        with (self.logs / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [str(RAY), *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment
            )

    def ray(self, name: str, *arguments: str, seconds: float = 180) -> str:
        """Run a command of `ray` to its end; gives what it said."""
        code = self.start(name, *arguments).wait(seconds)
        said = self.said(name)
        assert code == 0, f"ray {arguments[0]} ended with {code}:\n{said}"
        return said

    def said(self, name: str) -> str:
        """What a command has said, as far as that is worth reading."""
        return (self.logs / f"{name}.log").read_text(errors="replace")[-3000:]

    def alive(self) -> set[str]:
        """The names of the hosts that Ray takes for alive."""
        asked = self.head.ssh("bash --login -c -i '/home/ubuntu/venv/bin/ray list nodes --format=json'", check=False)
        begin = asked.stdout.find("[")
        nodes = json.loads(asked.stdout[begin:]) if begin >= 0 else []
        addresses = {node["node_ip"] for node in nodes if node["state"] == "ALIVE"}
        return {host.name for host in self.hosts if host.address in addresses}

    def keep_image(self) -> None:
        """Keep what is mounted as files, for hosts that come back with nothing."""
        self.head.ssh(f"mkdir -m 700 {IMAGE} && cd /home/ubuntu && cp -a .ray etude {IMAGE}")

    def wait_for(self, names: set[str], seconds: float = 120) -> float:
        """Wait until those hosts and no others are alive; gives the seconds that took."""
        begun = time.monotonic()
        while (alive := self.alive()) != names:
            assert time.monotonic() < begun + seconds, f"alive after {seconds} s: {alive}, not {names}"
            time.sleep(0.5)
        return time.monotonic() - begun
