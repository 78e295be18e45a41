"""Objects in an S3 bucket: written whole or not at all, and retried while the network fails.

Our own over boto3, because neither pyarrow.fs nor the interface of fsspec has what the lease of a run needs: writes on
the condition of a version, and the age of an object by the server's clock.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from trainables.errors import UserError
from trainables.storage import files

SCHEME = "s3://"
PATIENCE_SECONDS = 600.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 5.0
CONNECT_SECONDS, ANSWER_SECONDS = 5, 30
CONNECTIONS = 16
PRECONDITION_FAILED = 412
SERVER_ERRORS = 500
# Errors below 500 that are retried.
RETRIED = frozenset({"RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "RequestTimeTooSkewed"})


class Changed(UserError):
    """Another process has written the object in the meantime."""


@dataclass(frozen=True)
class Stored:
    """An object: its content, its version, and its age in seconds by the server's clock."""

    content: bytes
    version: str
    age: float


class Bucket:
    """The objects below a URL such as s3://bucket/runs; names are relative to it.

    All methods retry for up to ten minutes while the network or the server fails. They raise UserError after that, and
    at once for a request that is refused.
    """

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self.bucket, _, prefix = self.url.removeprefix(SCHEME).partition("/")
        self.prefix = f"{prefix}/" if prefix else ""
        self.client = client()

    def above(self) -> "Bucket":
        """The objects of the folder in which these are."""
        return Bucket(self.url.rpartition("/")[0])

    def get(self, name: str) -> Stored | None:
        """An object, or None if there is none."""

        def read() -> Stored:
            answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)
            served = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
            return Stored(answer["Body"].read(), answer["ETag"], seconds(answer["LastModified"], served))

        return self._retried(read, absent="NoSuchKey")

    def put(self, name: str, content: bytes, **condition: str) -> str:
        """Write an object; gives its version. IfMatch="version" or IfNoneMatch="*" raise Changed if it has changed."""
        where = {"Bucket": self.bucket, "Key": self.prefix + name}
        answer: dict[str, Any] = self._retried(lambda: self.client.put_object(**where, Body=content, **condition))
        return str(answer["ETag"])

    def delete(self, name: str) -> None:
        """Remove an object, if there is one."""
        self._retried(lambda: self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name))

    def names(self, below: str = "") -> list[str]:
        """The names of all objects that begin with `below`."""
        found = [entry["Key"] for answer in self._listed(below) for entry in answer.get("Contents", [])]
        return [name.removeprefix(self.prefix) for name in found if not name.endswith("/")]

    def folders(self) -> list[str]:
        """The first part of all names that have several, without listing these."""
        answers = self._listed("", Delimiter="/")
        found = [entry["Prefix"] for answer in answers for entry in answer.get("CommonPrefixes", [])]
        return [name.removeprefix(self.prefix).rstrip("/") for name in found]

    def _listed(self, below: str, **how: str) -> Iterator[Mapping[str, Any]]:
        """The answers to a listing of all names that begin with `below`: each has a thousand at most."""
        where = {"Bucket": self.bucket, "Prefix": self.prefix + below, **how}
        answer: Mapping[str, Any] = {"IsTruncated": True}
        while answer.get("IsTruncated"):
            answer = self._retried(partial(self.client.list_objects_v2, **where))
            where["ContinuationToken"] = answer.get("NextContinuationToken", "")
            yield answer

    def download(self, names: Iterable[str], root: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Write objects as files below `root`, under their names.

        Raises UserError for a name that leads out of `root`.
        """
        wanted = list(names)
        for name in wanted:
            if not within(name):
                raise UserError(f"{self.url} holds an object named '{name}', which leads out of its folder: remove it.")
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            for done, _ in enumerate(pool.map(lambda name: self._download(name, root / name), wanted), 1):
                if progress:
                    progress(done, len(wanted))

    def _download(self, name: str, path: Path) -> None:
        if stored := self.get(name):
            files.replace(path, stored.content)

    def _retried(self, call: Callable[[], Any], absent: str = "") -> Any:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        end, pause = time.monotonic() + PATIENCE_SECONDS, FIRST_PAUSE_SECONDS
        while True:
            try:
                return call()
            except ClientError as error:
                code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
                if absent and code == absent:
                    return None
                if status == PRECONDITION_FAILED:
                    raise Changed(f"{self.url} is being written by somebody else.") from error
                if status < SERVER_ERRORS and code not in RETRIED:
                    raise UserError(refused(self.url, error.response["Error"])) from error
                failed: Exception = error
            except BotoCoreError as error:
                if not temporary(error):
                    raise UserError(
                        f"Cannot use {self.url}: {error}; see to your AWS credentials and region."
                    ) from error
                failed = error
            if time.monotonic() > end:
                sentence = f"{self.url} has not answered for {PATIENCE_SECONDS / 60:.0f} min ({failed}): "
                raise UserError(f"{sentence}when it does again, run the same command again.") from failed
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def client() -> Any:
    """A client of S3, by the settings in the environment (AWS_ENDPOINT_URL, AWS_PROFILE, ...)."""
    try:
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
    except ImportError as error:
        raise UserError("Storage on S3 needs a library that is not installed: pip install 'etude[aws]'.") from error
    # One attempt per call: `_retried` repeats it. botocore would count attempts, not minutes, and would not repeat a
    # body that was cut short.
    retries = {"total_max_attempts": 1, "mode": "standard"}
    limits = {"connect_timeout": CONNECT_SECONDS, "read_timeout": ANSWER_SECONDS, "max_pool_connections": CONNECTIONS}
    return boto3.session.Session().client("s3", config=Config(retries=retries, **limits))


def temporary(error: Exception) -> bool:
    from botocore import exceptions  # noqa: PLC0415

    kinds = (exceptions.HTTPClientError, exceptions.ConnectionError, exceptions.IncompleteReadError)
    return isinstance(error, (*kinds, exceptions.ResponseStreamingError))


def refused(url: str, error: dict[str, str]) -> str:
    advice = {
        "NoSuchBucket": "make the bucket, or name another",
        "AccessDenied": "give your credentials, or the machines' role, the right to list, read and write there",
        "InvalidAccessKeyId": "see to your AWS credentials",
        "SignatureDoesNotMatch": "see to your AWS credentials",
    }
    return f"Cannot use {url} ({error.get('Message') or error['Code']}): {advice.get(error['Code'], 'see to that')}."


def within(name: str) -> bool:
    """Whether a name, taken as a relative path, stays below its folder."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name


def seconds(first: datetime, last: datetime) -> float:
    return (last - first).total_seconds()
