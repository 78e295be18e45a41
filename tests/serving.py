"""A server of files on this machine, with ranges and with faults to order."""

import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Served:
    """A file and how it is served.

    `breaks` are how many bytes each answer in turn sends before it ends, `statuses` what each answers instead of
    sending anything; when they are used up, all is well. `headers` replace the usual ones; None takes one away.
    """

    content: bytes
    ranges: bool = True
    version: str = '"1"'
    breaks: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str | None] = field(default_factory=dict)
    stall: float = 0.0


@dataclass(frozen=True)
class Request:
    """What was asked for, and how many bytes of the file were sent."""

    method: str
    path: str
    headers: dict[str, str]
    sent: int


@dataclass
class Server:
    """Files by path, and the requests so far."""

    address: str = ""
    files: dict[str, Served] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"

    @property
    def sent(self) -> list[int]:
        """Bytes of files sent in answer to each GET."""
        return [request.sent for request in self.requests if request.method == "GET"]


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

        def answer(self, *, body: bool) -> None:
            served = server.files.get(self.path.lstrip("/").partition("?")[0])
            if served is None:
                return self.reply(404, {})
            if body and served.statuses:
                return self.reply(served.statuses.pop(0), {})
            size, start = len(served.content), self.start(served)
            if start >= size > 0:
                return self.reply(416, {"Content-Range": f"bytes */{size}"})
            headers = {"Content-Length": str(size - start), "Content-Type": "application/zip", "ETag": served.version}
            if start:
                headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
            content = served.content[start:] if body else b""
            if body and served.breaks:
                content = content[: served.breaks.pop(0)]
            self.reply(206 if start else 200, {**headers, **served.headers}, content, served.stall)

        def reply(
            self, status: int, headers: Mapping[str, str | None], content: bytes = b"", stall: float = 0.0
        ) -> None:
            # Noted before anything is sent: the test may look as soon as it has its answer.
            server.requests.append(Request(self.command, self.path, dict(self.headers), len(content)))
            self.send_response(status)
            for name, value in {"Content-Length": "0", **headers}.items():
                if value is not None:
                    self.send_header(name, value)
            self.end_headers()
            time.sleep(stall)
            self.wfile.write(content)

        def start(self, served: Served) -> int:
            match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            same = self.headers.get("If-Range") in (None, served.version)
            return int(match[1]) if match and served.ranges and same else 0

    return Handler


class Listening(ThreadingHTTPServer):
    """A server that says nothing of a client that hangs up in the middle of an answer, as those under test may."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), BrokenPipeError | ConnectionResetError):
            super().handle_error(request, client_address)


@contextmanager
def serving() -> Iterator[Server]:
    """A server in a thread of its own."""
    server = Server()
    with Listening(("127.0.0.1", 0), handler(server)) as listening:
        server.address = f"http://127.0.0.1:{listening.server_port}"
        thread = Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
