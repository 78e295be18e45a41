"""Hosts on this machine, for a real `ray up`: each a network, process, mount, name and memory namespace with an sshd.

A host has a private /home, /mnt, /run, /tmp and /dev/shm, a user ubuntu with root's rights, this Python environment as
/home/ubuntu/venv, and the folder /mnt/shared in common with the others. All that runs on it ends with its first
process, and that ends with the test.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BRIDGE, PREFIX, NETWORK = "etude-br", "etude-host", "10.77.0"
LOCK = Path("/run/etude-hosts.lock")
PROGRAMS = ("ip", "unshare", "setpriv", "sshd", "ssh", "ssh-keygen", "rsync")
SECONDS_TO_ANSWER = 20.0

BOOT = """set -e
hostname {name}
mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir state venv python shared
mount --bind {state} state && mount --bind {venv} venv && mount --bind {python} python && mount --bind {shared} shared
mount --bind state/passwd /etc/passwd
for folder in /home /tmp /run /dev/shm; do mount -t tmpfs tmpfs $folder; done
mkdir -p /run/sshd /home/ubuntu/venv /home/ubuntu/.ssh
mount --bind venv /home/ubuntu/venv
test -e {venv} || {{ mkdir -p {venv}; mount --bind venv {venv}; }}
test -e {python} || {{ mkdir -p {python}; mount --bind python {python}; }}
cp state/key.pub /home/ubuntu/.ssh/authorized_keys
exec {sshd} -D -e -h /mnt/state/hostkey -o PidFile=none -o UsePAM=no -o PermitRootLogin=prohibit-password \
    -o PasswordAuthentication=no -o StrictModes=no -o MaxStartups=100 -o UseDNS=no
"""


def impossible() -> str:
    """Why there can be no hosts on this machine; '' if there can."""
    if os.geteuid():
        return "hosts of namespaces are made by root only"
    if missing := [name for name in PROGRAMS if not program(name)]:
        return f"{', '.join(missing)} not installed (Debian: iproute2, openssh-server, rsync)"
    tried = run("unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "true", check=False)
    bridge = run("ip", "link", "add", "etude-try", "type", "bridge", check=False)
    run("ip", "link", "del", "etude-try", check=False)
    failed = tried if tried.returncode else bridge
    return f"this machine makes no namespaces: {failed.stderr.strip()}" if failed.returncode else ""


def program(name: str) -> str | None:
    """The path of a program; those of the system may not be on the PATH."""
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


def run(name: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    command = [program(name) or name, *map(str, arguments)]
    return subprocess.run(command, check=check, capture_output=True, text=True)


@dataclass
class Host:
    """One host: number 1 is 10.77.0.11."""

    number: int
    state: Path
    shared: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """Its name, and that of its network namespace."""
        return f"{PREFIX}{self.number}"

    @property
    def address(self) -> str:
        """Its address on the bridge."""
        return f"{NETWORK}.{10 + self.number}"

    def start(self) -> None:
        """Boot it: nothing is left of what it was before."""
        inner, outer = f"etude-in{self.number}", f"etude-out{self.number}"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner)
        run("ip", "link", "set", outer, "master", BRIDGE, "up")
        # The same after each boot: the neighbours remember it.
        run("ip", "link", "set", inner, "address", f"02:00:00:00:00:{10 + self.number:02x}", "netns", self.name)
        run("ip", "-n", self.name, "addr", "add", f"{self.address}/24", "dev", inner)
        for device in (inner, "lo"):
            run("ip", "-n", self.name, "link", "set", device, "up")
        # Without a default route Ray takes 127.0.0.1 for the address of the host.
        run("ip", "-n", self.name, "route", "add", "default", "via", f"{NETWORK}.1")
        namespaces = ("--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc")
        command = ["setpriv", "--pdeathsig", "KILL", program("ip"), "netns", "exec", self.name, "unshare", *namespaces]
        with (self.state / f"{self.name}.log").open("a") as log:
            self.process = subprocess.Popen(
                [*map(str, command), "bash", "-c", self._boot()], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def _boot(self) -> str:
        paths = {"venv": sys.prefix, "python": sys.base_prefix, "shared": self.shared, "state": self.state}
        return BOOT.format(name=self.name, sshd=program("sshd"), **paths)

    def kill(self) -> None:
        """SIGKILL to its first process, and so to all of them; then its link goes."""
        if self.process:
            for first in self._first() or [self.process.pid]:
                os.kill(first, signal.SIGKILL)
            self.process.wait()
            self.process = None
        remove(self.number)

    def link(self, state: str) -> None:
        """Set its link 'up' or 'down'."""
        run("ip", "link", "set", f"etude-out{self.number}", state)

    def processes(self, text: str) -> list[int]:
        """Ids, as this machine counts, of the processes on the host whose command line contains a text."""
        assert self.process
        inside = {namespace(first) for first in self._first()}
        return [pid for pid in processes_with(text) if namespace(pid) in inside]

    def commands(self, text: str) -> list[str]:
        """The command lines on the host that contain a text, ended ones not counted."""
        return [line for pid in self.processes(text) if (line := command(pid))]

    def _first(self) -> list[int]:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def ssh(self, command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command on the host."""
        options = ("BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "ConnectTimeout=2")
        flags = [part for option in options for part in ("-o", option)]
        login = f"ubuntu@{self.address}"
        return run("ssh", "-q", *flags, "-i", self.state / "key", login, command, check=check)

    def wait(self) -> None:
        """Wait until it answers, under its own name."""
        end = time.monotonic() + SECONDS_TO_ANSWER
        while (answer := self.ssh("hostname", check=False).stdout.strip()) != self.name:
            said = (self.state / f"{self.name}.log").read_text()
            assert time.monotonic() < end, f"{self.name} does not answer ({answer!r}): {said}"
            time.sleep(0.1)


def processes_with(text: str) -> list[int]:
    """Ids of all processes whose command line contains a text."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if text in command(int(path.name))]


def command(pid: int) -> str:
    """The command line of a process; '' if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def namespace(pid: int) -> Path | None:
    """The process namespace of a process; None if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/ns/pid").readlink()
    return None


def remove(number: int) -> None:
    """Remove the network of a host, if there is one."""
    run("ip", "link", "del", f"etude-out{number}", check=False)
    run("ip", "netns", "del", f"{PREFIX}{number}", check=False)


@contextmanager
def hosts(folder: Path, count: int) -> Iterator[list[Host]]:
    """`count` hosts that answer; `folder`/shared is common to them, and the key to them is `folder`/state/key."""
    state, shared = folder / "state", folder / "shared"
    for path in (state, shared):
        path.mkdir(parents=True)
    for name in ("key", "hostkey"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", state / name)
    (state / "passwd").write_text(f"ubuntu:x:0:0::/home/ubuntu:/bin/bash\n{Path('/etc/passwd').read_text()}")
    made = [Host(number, state, shared) for number in range(1, count + 1)]
    with LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        clear(count)  # What a test that was killed has left.
        try:
            run("ip", "link", "add", BRIDGE, "type", "bridge")
            run("ip", "addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
            run("ip", "link", "set", BRIDGE, "up")
            for host in made:
                host.start()
            for host in made:
                host.wait()
            yield made
        finally:
            for host in made:
                host.kill()
            clear(count)


def clear(count: int) -> None:
    """Remove the bridge and the networks of hosts."""
    for number in range(1, count + 1):
        remove(number)
    run("ip", "link", "del", BRIDGE, check=False)
