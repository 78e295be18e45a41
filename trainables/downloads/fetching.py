"""One file from the network: what has arrived is kept, and the next attempt asks for the rest (ranges, RFC 9110).

Not pooch: its HTTPDownloader neither resumes nor knows mirrors, and its Untar is a plain `extractall` on Python 3.11;
NSynth is 24 GB.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import requests
import urllib3

from trainables.corpora.corpus import Progress, Remote
from trainables.errors import UserError

CHUNK = 2**20
TIMEOUT = (20, 60)
"""Seconds to wait for a connection, and for the next bytes."""

ATTEMPTS = 4
"""Attempts in a row without a byte, after which an address is given up."""

PAUSE = 1.0
"""Seconds before the second attempt; each further pause is twice as long."""

BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError)
BUSY = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, *(status for status in HTTPStatus if status >= 500)}


class Failed(Exception):
    """An address that does not serve the file; the message follows the address."""


class Interrupted(Exception):
    """A connection that ended before the file was complete; another attempt may resume it."""


@dataclass(frozen=True)
class Partial:
    """The part of a file that has arrived and, beside it, the server's mark of that version of the file."""

    path: Path

    @property
    def mark(self) -> Path:
        """The file with the server's entity tag or date of last modification."""
        return self.path.with_name(f"{self.path.name}.version")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def request(self, known: bool) -> dict[str, str]:
        """Headers that ask for the rest, or for all if neither mark nor checksum (`known`) can tell versions apart."""
        headers = {"Accept-Encoding": "identity"}
        version = self.mark.read_text() if self.mark.exists() else ""
        if self.size and (version or known):
            headers["Range"] = f"bytes={self.size}-"
            if version:
                headers["If-Range"] = version
        return headers

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)


def fetch(remote: Remote, folder: Path, progress: Progress, verifying: Progress) -> Path:
    """The file of `remote` in `folder`: complete, and with the published checksum if there is one.

    An earlier attempt is resumed. A file with another checksum is renamed to `.refused`. Raises UserError if no address
    serves the file, or if it is not the published one.
    """
    final = folder / remote.name
    if final.exists():
        return final
    partial, reasons = Partial(folder / f"{remote.name}.part"), []
    for url in (remote.url, *remote.mirrors):
        try:
            _receive(url, remote, partial, progress)
            break
        except Failed as reason:
            reasons.append(f"{url} {reason}")
    else:
        raise UserError(
            f"Cannot download {remote.name} ({'; '.join(reasons)}): run the same command again later, which resumes "
            "the download, or get the file by hand and give its unpacked folder with --from."
        )
    verify(remote, partial.path, verifying)
    partial.mark.unlink(missing_ok=True)
    return partial.path.rename(final)


def size_of(remote: Remote) -> int | None:
    """The published size in bytes, else that which a server states; None if none does."""
    if remote.bytes is not None:
        return remote.bytes
    for url in (remote.url, *remote.mirrors):
        try:
            headers = {"Accept-Encoding": "identity"}
            answer = requests.head(url, headers=headers, timeout=TIMEOUT, allow_redirects=True)
        except requests.RequestException:
            continue
        if answer.ok and answer.headers.get("Content-Length", "").isdigit():
            return int(answer.headers["Content-Length"])
    return None


def verify(remote: Remote, path: Path, progress: Progress) -> None:
    """Compare a file with its published checksum, SHA-256 or MD5; rename it and raise UserError if they differ."""
    name, expected = ("SHA-256", remote.sha256) if remote.sha256 else ("MD5", remote.md5)
    if not expected:
        return
    found = _digest(path, hashlib.new(name.replace("-", ""), usedforsecurity=False), progress)
    if found != expected:
        aside = set_aside(path, path.with_name(remote.name))
        raise UserError(
            f"{remote.name} has the {name} checksum {found} where {expected} is published: it is set aside as {aside}; "
            "run the same command again to download it anew."
        )


def set_aside(path: Path, named: Path) -> Path:
    """Rename a file that must not be used to `named`.refused, in place of an earlier one."""
    Partial(path).mark.unlink(missing_ok=True)
    return path.rename(named.with_name(f"{named.name}.refused"))


def _digest(path: Path, digest: "hashlib._Hash", progress: Progress) -> str:
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while chunk := file.read(8 * CHUNK):
            digest.update(chunk)
            done += len(chunk)
            progress(done, size)
    return digest.hexdigest()


def _receive(url: str, remote: Remote, partial: Partial, progress: Progress) -> None:
    """Receive the whole file; raises Failed after ATTEMPTS in a row without a byte."""
    idle = 0
    while True:
        before = partial.size
        try:
            return _attempt(url, remote, partial, progress)
        except Interrupted as reason:
            idle = 0 if partial.size > before else idle + 1
            if idle >= ATTEMPTS:
                raise Failed(f"{reason}, {ATTEMPTS} times in a row") from reason
            time.sleep(PAUSE * 2**idle)


def _attempt(url: str, remote: Remote, partial: Partial, progress: Progress) -> None:
    """Request the missing part once and write it; raises Interrupted or Failed."""
    if partial.size and partial.size == remote.bytes:
        return
    headers = partial.request(known=bool(remote.sha256 or remote.md5))
    with _answer(url, headers) as answer:
        if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _beyond_the_end(answer, partial)
        whole = _length(answer, partial)
        if remote.bytes is not None and whole not in (None, remote.bytes):
            raise Failed(f"has a file of {whole:,} bytes where {remote.bytes:,} are published")
        _write(answer, partial, whole or remote.bytes, progress)
    if whole is not None and partial.size < whole:
        raise Interrupted("ended the connection before the file was whole")


@contextmanager
def _answer(url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
    try:
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
            if answer.status_code in BUSY:
                raise Interrupted(f"answers {answer.status_code} {answer.reason}")
            asked_too_much = answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and "Range" in headers
            if not answer.ok and not asked_too_much:
                raise Failed(f"answers {answer.status_code} {answer.reason}")
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                raise Failed("answers with a web page instead of the file")
            yield answer
    except BROKEN as error:
        raise Interrupted(_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "does not answer in time"
    if isinstance(error, requests.ConnectionError):
        return "cannot be reached"
    return "broke the connection"


def _length(answer: requests.Response, partial: Partial) -> int | None:
    """The size of the whole file, None if unknown; the part is deleted where the answer starts the file again."""
    if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", answer.headers.get("Content-Range", ""))
        if not match or int(match[1]) != partial.size:
            partial.discard()
            raise Interrupted("sent another part of the file than was asked for")
        return None if match[2] == "*" else int(match[2])
    partial.discard()
    tag = answer.headers.get("ETag", "")
    # A weak tag promises less than equal bytes.
    partial.mark.write_text(answer.headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag)
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _beyond_the_end(answer: requests.Response, partial: Partial) -> None:
    """Raise Interrupted, and delete the part, unless the part is the whole file."""
    if answer.headers.get("Content-Range") != f"bytes */{partial.size}":
        partial.discard()
        raise Interrupted("has a shorter file than what had arrived of it")


def _write(answer: requests.Response, partial: Partial, whole: int | None, progress: Progress) -> None:
    """Append the body as it was sent: some servers declare a .tar.gz as an encoding of its content."""
    done = partial.size
    with partial.path.open("ab") as file:
        try:
            for chunk in answer.raw.stream(CHUNK, decode_content=False):
                file.write(chunk)
                done += len(chunk)
                progress(done, whole or 0)
        finally:
            file.flush()
            os.fsync(file.fileno())
