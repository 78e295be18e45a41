"""A file that only grows, kept in a bucket in chunks, so that each upload sends only the last ones."""

from collections.abc import Iterator
from pathlib import Path

CHUNK_BYTES = 2**16
# Between the name of a file and the number of a chunk, except for the first; no journal has it in its name.
MARK = "@"


def chunks(path: Path, stored: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each chunk that has something beyond the first `stored` bytes of a file.

    The last comes first, because a chunk counts only if the one before it is full. If the upload is cut off, what is
    stored is therefore always a beginning of the file.
    """
    count = -(-path.stat().st_size // CHUNK_BYTES)
    with path.open("rb") as file:
        for number in reversed(range(stored // CHUNK_BYTES, count)):
            file.seek(number * CHUNK_BYTES)
            yield chunk_name(path.name, number), file.read(CHUNK_BYTES)


def join(folder: Path) -> None:
    """Join the chunks of the files in a folder; a chunk that does not follow a full one is dropped."""
    further = {path.name: path for path in folder.glob(f"*{MARK}*")}
    for path in [path for path in folder.glob("*") if path.name not in further]:
        number = 1
        while path.stat().st_size == number * CHUNK_BYTES and chunk_name(path.name, number) in further:
            with path.open("ab") as file:
                file.write(further[chunk_name(path.name, number)].read_bytes())
            number += 1
    for path in further.values():
        path.unlink()


def chunk_name(name: str, number: int) -> str:
    return f"{name}{MARK}{number}" if number else name
