"""Files to what a model says of them: several decoded at a time, named one by one, and gone on with."""

import csv
import io
import json
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from studies.console import Step, print_line, show, table
from trainables.corpora.decoding import read
from trainables.corpora.folders import NOT_UTF_8, audio_files, legible
from trainables.corpora.own.layouts import ENDINGS, UNREAD
from trainables.errors import UserError
from trainables.models import Model, Prediction, load_model
from trainables.storage import files

MINUTE = 60
AHEAD = 2
"""Files that are decoded while one is predicted: a long one takes much memory."""
SHOWN = 20
"""Lines of the table on the terminal; a CSV has all."""
COLUMNS = ("file", "start", "end", "of", "seconds", "rate", "resampled_to", "model")
ERROR = "error"
WHOLE = 0.999
"""The share of a recording that windows cover, from which on the rest is not mentioned."""

Row = dict[str, Any]
Mono = tuple[np.ndarray, int]


class Unusable(UserError):
    """Some files could not be used; all others were."""

    exit_code = 3


@dataclass(frozen=True)
class Wanted:
    """What is asked of each recording; see `Model.predict`. `threads` 0 are all."""

    hop: float | None = None
    top: int = 3
    threshold: float = 0.0
    batch: int = 64
    threads: int = 0
    windows: bool = False

    @property
    def columns(self) -> list[str]:
        places = range(1, self.top + 1)
        return [*COLUMNS, *(f"{name}_{place}" for place in places for name in ("label", "probability"))]


@dataclass
class Count:
    """What has been done: seconds of audio, files that could not be used, and files that windows cover in part."""

    done: int = 0
    seconds: float = 0.0
    bad: list[str] = field(default_factory=list)
    partly: int = 0


def predict(
    path: Path, sources: Sequence[Path], output: Path | None, wanted: Wanted, step: Step, *, as_json: bool
) -> None:
    """Say what a model says of each file, and how fast.

    Raises UserError for a model or an output that cannot be used, and Unusable after all others if some file could not.
    """
    threads = wanted.threads or os.cpu_count() or 1
    torch.set_num_threads(threads)
    model, digest = load_model(path), digest_of(path, wanted)
    found = sorted(set(found_in(sources)))
    known = begun(output, wanted, digest) if output else set()
    left = [each for each in found if str(each) not in known]
    if known and not as_json:
        print_line(f"{len(found) - len(left)} of {len(found)} files are in {output} already and are skipped.")
    shown: list[Row] = []
    count, begin = Count(), time.perf_counter()
    for rows in predicted(model, left, wanted, digest, count, step, threads):
        if output and not any(ERROR in row for row in rows):
            append(output, rows, wanted)
        for row in rows:
            if as_json:
                print(json.dumps(row, ensure_ascii=False), flush=True)
            elif ERROR in row:
                print_line(f"not used: {row['file']}: {row[ERROR]}")
            elif len(shown) <= SHOWN:
                shown.append(row)
    finish(model, count, time.perf_counter() - begin, shown, wanted, output, as_json=as_json)


def digest_of(path: Path, wanted: Wanted) -> str:
    """What predictions depend on beside a recording: the model, and what was asked of it."""
    asked = repr((wanted.hop, wanted.threshold, wanted.windows)).encode()
    return blake2b(path.read_bytes() + asked, digest_size=6).hexdigest()


def found_in(sources: Sequence[Path]) -> Iterator[Path]:
    """The files that are named, and the audio files below folders, also those that libsndfile does not read.

    Raises UserError where there is nothing.
    """
    for source in sources:
        if source.is_dir():
            below = list(audio_files(source, *ENDINGS, *UNREAD))
            if not below:
                raise UserError(f"{source} holds no audio files ({', '.join(ENDINGS)}).")
            yield from below
        elif source.exists():
            yield source
        else:
            raise UserError(f"There is no file and no folder {source}: check its path.")


def predicted(
    model: Model, paths: Sequence[Path], wanted: Wanted, digest: str, count: Count, step: Step, threads: int
) -> Iterator[list[Row]]:
    """The rows of each file; one that cannot be used has a single row with its `ERROR`, and is counted."""
    for number, (path, audio) in enumerate(decoded(paths, threads), 1):
        name = legible(str(path))
        try:
            if name != str(path):
                raise UserError(NOT_UTF_8)
            result = model.predict_mono(*audio.result(), hop=wanted.hop, batch=wanted.batch)
        except (UserError, OSError) as error:
            count.bad.append(name)
            yield [{"file": name, ERROR: reason(error)}]
        else:
            count.done, count.seconds = count.done + 1, count.seconds + result.seconds
            count.partly += result.covered < WHOLE
            yield rows_of(path, result, wanted, digest)
        step("predicting", number, len(paths))


def reason(error: Exception) -> str:
    """Why a file could not be used."""
    return f"cannot be read ({error.strerror or error})" if isinstance(error, OSError) else str(error)


def decoded(paths: Sequence[Path], threads: int) -> Iterator[tuple[Path, Future[Mono]]]:
    """The files in order, a few of them decoded ahead."""
    waiting: deque[tuple[Path, Future[Mono]]] = deque()
    left = iter(paths)
    with ThreadPoolExecutor(threads) as pool:
        waiting += [(path, pool.submit(read, path)) for path in islice(left, threads + AHEAD)]
        while waiting:
            yield waiting.popleft()
            waiting += [(path, pool.submit(read, path)) for path in islice(left, 1)]


def rows_of(path: Path, result: Prediction, wanted: Wanted, digest: str) -> list[Row]:
    """The rows of a file: one, or one for each window."""
    whole = {"file": str(path), "of": len(result.starts) if wanted.windows else 1, "seconds": round(result.seconds, 3)}
    whole |= {"rate": result.rate, "resampled_to": result.resampled_to, "model": digest}
    if not wanted.windows:
        span = {"start": 0.0, "end": round(result.seconds, 3)}
        return [{**whole, **span, **named(result.top(wanted.top, wanted.threshold))}]
    return [
        {
            **whole,
            "start": round(float(start), 3),
            "end": round(float(end), 3),
            **named(result.top_of_window(window, wanted.top, wanted.threshold)),
        }
        for window, (start, end) in enumerate(zip(result.starts, result.ends, strict=True))
    ]


def named(top: Sequence[tuple[str, float]]) -> Row:
    """Columns of the classes that are named."""
    return {
        name: value
        for place, (label, probability) in enumerate(top, 1)
        for name, value in ((f"label_{place}", label), (f"probability_{place}", round(probability, 6)))
    }


def begun(output: Path, wanted: Wanted, digest: str) -> set[str]:
    """The files that a CSV has already; what a stop has left of a file that is not whole is removed.

    Raises UserError for a CSV of another model, of other columns, or that cannot be read.
    """
    if output.suffix != ".csv":
        raise UserError(f"Predictions are written as NAME.csv, not {output.name}; --json prints them as JSON.")
    if not output.exists():
        files.replace(output, lines([], wanted, head=True).encode())
        return set()
    try:
        text = output.read_text(encoding="utf-8")
        # A stop may have cut the last line.
        reader = csv.DictReader(io.StringIO(text[: text.rfind("\n") + 1], newline=""))
        rows, columns = list(reader), reader.fieldnames
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{output} cannot be read ({error}): choose another file.") from error
    if list(columns or ()) != wanted.columns:
        raise UserError(
            f"{output} has other columns than these predictions would: choose another file, or the same --top."
        )
    whole = whole_files(rows)
    if any(row["model"] != digest for row in whole):
        raise UserError(f"{output} has predictions of another model, or by other options: choose another file.")
    if len(whole) < len(rows) or not text.endswith("\n"):
        files.replace(output, lines(whole, wanted, head=True).encode())
    return {row["file"] for row in whole}


def whole_files(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of the files that have as many as they should."""
    places: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        places.setdefault(row["file"], []).append(row)
    return [row for each in places.values() if str(len(each)) == each[-1]["of"] for row in each]


def append(output: Path, rows: Sequence[Row], wanted: Wanted) -> None:
    """Add the rows of a file to a CSV, so that a stop after them loses nothing."""
    try:
        with output.open("a", encoding="utf-8", newline="") as file:
            file.write(lines(rows, wanted, head=False))
    except OSError as error:
        raise files.unwritable(output, error) from error


def lines(rows: Sequence[Mapping[str, Any]], wanted: Wanted, *, head: bool) -> str:
    """Rows as CSV, below their head if asked for."""
    text = io.StringIO()
    writer = csv.DictWriter(text, wanted.columns, lineterminator="\n", restval="")
    if head:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def finish(
    model: Model,
    count: Count,
    seconds: float,
    rows: Sequence[Row],
    wanted: Wanted,
    output: Path | None,
    *,
    as_json: bool,
) -> None:
    """Show a table, and say what was done and how fast; raises Unusable if some file could not be used."""
    if not as_json and not output and rows:
        show(table("", ("file", "from", "to", "classes"), [cells(row, wanted) for row in rows[:SHOWN]]))
        if len(rows) > SHOWN:
            print_line("More are not shown: -o FILE.csv writes all.")
    for sentence in () if as_json else sentences(model, count, seconds, output):
        print_line(sentence)
    if count.bad:
        raise Unusable(
            f"{len(count.bad)} of {count.done + len(count.bad)} files could not be used, and are named above."
        )


def cells(row: Row, wanted: Wanted) -> list[str]:
    """A row for the terminal."""
    classes = [
        f"{row[f'label_{place}']} {row[f'probability_{place}']:.2f}"
        for place in range(1, wanted.top + 1)
        if f"label_{place}" in row
    ]
    return [row["file"], f"{row['start']:.1f} s", f"{row['end']:.1f} s", ", ".join(classes) or "none"]


def lasting(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= MINUTE else f"{seconds:.1f} s"


def sentences(model: Model, count: Count, seconds: float, output: Path | None) -> Iterator[str]:
    """What was done, how fast, and what should be known of it."""
    if count.done:
        yield (
            f"{count.done} file{'s' if count.done > 1 else ''}, {lasting(count.seconds)} of audio, in {seconds:.1f} s: "
            f"{count.seconds / seconds:.0f} times faster than real time{f'; written to {output}' if output else ''}."
        )
    if count.partly:
        yield (
            f"Of {count.partly} files not all is used: the model takes {model.header.seconds:g} s, as in training; "
            f"--hop {model.header.seconds:g} takes all."
        )
    for limit in model.header.limits:
        yield f"Limit: {limit}"
