"""A server that speaks S3's protocol on this machine, and a relay before it that can be cut."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import count
from urllib.request import urlopen

import boto3

SECONDS_TO_START = 60.0
SERVE = "import sys; from moto.server import main; main(['-H', '127.0.0.1', '-p', sys.argv[1]])"


class Server:
    """A process of its own; its address is in the environment of this one while it runs."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-c", SERVE, str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.numbers, self.relays = count(), list["Relay"]()
        end = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.1)
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        self.client = boto3.client("s3", endpoint_url=self.url, **keys)

    def _answers(self) -> bool:
        with suppress(OSError):
            return bool(urlopen(f"{self.url}/moto-api/", timeout=5).status)
        return False

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to reach it."""
        keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
        return {**keys, "AWS_ENDPOINT_URL": self.url}

    def new(self) -> str:
        """The URL of a new bucket."""
        name = f"bucket-{next(self.numbers)}"
        self.client.create_bucket(Bucket=name)
        return f"s3://{name}"

    def relay(self) -> str:
        """The address of a new relay to the server."""
        self.relays.append(Relay(self.port))
        return f"http://127.0.0.1:{self.relays[-1].port}"

    def cut(self) -> None:
        """Cut the relays: connections end, and new ones are refused."""
        for relay in self.relays:
            relay.cut()

    def restore(self) -> None:
        """Let them through again."""
        for relay in self.relays:
            relay.restore()

    def stop(self) -> None:
        """End the server."""
        self.cut()
        self.process.kill()
        self.process.wait()


class Relay:
    """Passes connections on to a port of this machine."""

    def __init__(self, target: int):
        self.target, self.port = target, free_port()
        self.open: set[socket.socket] = set()
        self.listener: socket.socket | None = None
        self.restore()

    def restore(self) -> None:
        """Listen."""
        if self.listener is None:
            self.listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
            threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """End all connections and listen no more."""
        listener, self.listener = self.listener, None
        for each in [listener, *self.open]:
            with suppress(OSError, AttributeError):
                each.shutdown(socket.SHUT_RDWR)
            with suppress(OSError, AttributeError):
                each.close()
        self.open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self.open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while content := one.recv(65536):
                other.sendall(content)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            self.open.discard(each)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
