"""What fuzzing needs: how many cases, a command in this process, and what a folder holds.

With ETUDE_FUZZ=5000 in the environment so many cases are spread over the tests of this folder, other ones each time;
without it they are few and always the same.
"""

import io
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from studies.commands import cli

CASES = int(os.environ.get("ETUDE_FUZZ", "0"))
FEW = 40
LIMIT_SECONDS = 60
# What a command says of its progress.
ASIDE = re.compile(r"[\w .-]+( \(MB\))?: \d+ of \d+|Note: ")

# Whatever may be written in a name: no zero byte, which no system lets through, and no slash, which would lead away.
letters = st.characters(exclude_characters="\0/", exclude_categories=["Cs"])
# A byte that is no UTF-8 comes from the system as such a letter.
stray = st.sampled_from([chr(0xDC80), chr(0xDCFF)])
texts = st.text(letters | stray, max_size=12)
# All that UTF-8 can write; asked for by that name, it takes seconds to find them.
plain_letters = st.characters(exclude_categories=["Cs"])
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(plain_letters, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(plain_letters, max_size=8), inner, max_size=3),
    max_leaves=6,
)


def fuzzed(share: float) -> settings:
    """The settings of a test that is given this share of all cases."""
    return settings(
        max_examples=max(2, round((CASES or FEW) * share)),
        derandomize=not CASES,
        database=None,
        # A case takes up to a second, and to make one smaller takes hundreds.
        phases=(Phase.explicit, Phase.generate),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class Hung(Exception):
    """A case took longer than it may."""


@contextmanager
def limited(seconds: float = LIMIT_SECONDS) -> Iterator[None]:
    """Raise Hung in what is done within if it takes longer."""

    def hung(*_: object) -> None:
        raise Hung(f"no end after {seconds} s")

    before = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """The lines on standard error that are no progress."""
        return [line for line in self.err.splitlines() if line and not ASIDE.match(line)]


def command(*arguments: object) -> Said:
    """Run the command line in this process, as a terminal in UTF-8 would show it."""
    out, err = (
        io.TextIOWrapper(io.BytesIO(), "utf-8", errors, write_through=True) for errors in ("strict", "backslashreplace")
    )
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err), limited():
        patch.setattr(sys, "argv", ["etude", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code or 0
    assert isinstance(code, int), code
    return Said(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))  # type: ignore[attr-defined]


def well_said(*arguments: object) -> Said:
    """Run a command that may refuse what it is given, but only by one sentence or by showing its usage."""
    said = command(*arguments)
    assert said.code in (0, 1, 2), said
    if said.code == 1:
        assert len(said.sentences) == 1, said.err
        assert said.sentences[0].rstrip("'\"").endswith((".", "?")), said.err
    if said.code == 2:
        assert "Error" in said.err, said.err
    return said


def held(folder: Path) -> dict[str, str]:
    """What a folder holds: for each path below it what it is, and of a file a digest of its bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            what = f"link to {path.readlink()}"
        elif path.is_file():
            what = blake2b(path.read_bytes(), digest_size=8).hexdigest()
        else:
            what = "folder" if path.is_dir() else "other"
        found[str(path.relative_to(folder))] = what
    return found
