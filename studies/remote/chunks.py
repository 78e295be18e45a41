"""A file that only grows, kept in a bucket in pieces: what has been stored once is not sent again."""

from collections.abc import Iterator
from pathlib import Path

PIECE_BYTES = 2**16
# Between the name of a file and the number of a piece but the first; journals' own names never have it.
MARK = "@"


def pieces(path: Path, stored: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each piece that has something beyond the first `stored` bytes of a file.

    The last comes first: until the one before it is whole it does not count, so whatever is there is a beginning.
    """
    count = -(-path.stat().st_size // PIECE_BYTES)
    with path.open("rb") as file:
        for number in reversed(range(stored // PIECE_BYTES, count)):
            file.seek(number * PIECE_BYTES)
            yield piece(path.name, number), file.read(PIECE_BYTES)


def join(folder: Path) -> None:
    """Put the pieces of the files in a folder together; those that do not follow on a whole one are dropped."""
    further = {path.name: path for path in folder.glob(f"*{MARK}*")}
    for path in [path for path in folder.glob("*") if path.name not in further]:
        number = 1
        while path.stat().st_size == number * PIECE_BYTES and piece(path.name, number) in further:
            with path.open("ab") as file:
                file.write(further[piece(path.name, number)].read_bytes())
            number += 1
    for path in further.values():
        path.unlink()


def piece(name: str, number: int) -> str:
    """The name of a piece of a file."""
    return f"{name}{MARK}{number}" if number else name
