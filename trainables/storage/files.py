"""Files that are written whole or not at all."""

import errno
import json
import os
from pathlib import Path
from typing import Any
from zlib import crc32

from trainables.errors import UserError

CHECKSUM_BYTES = 4
REASONS = {
    errno.ENOSPC: "the disk is full; make room there",
    errno.EDQUOT: "the disk quota is used up; make room there",
    errno.EROFS: "the file system is read-only; choose a folder that can be written",
    errno.EACCES: "it may not be written; choose a folder that can be written",
    errno.EISDIR: "a folder has its name; move that away",
    errno.EPERM: "it may not be written; choose a folder that can be written",
}


def replace(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader, also after a crash at any moment, sees the old file or the new one.

    Raises UserError when the disk is full or cannot be written.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True) if temporary.parent.is_dir() else None
        raise unwritable(path, error) from error


def replace_json(path: Path, value: Any) -> None:
    replace(path, json.dumps(value, indent=1, ensure_ascii=False).encode())


def unwritable(path: Path, error: OSError) -> UserError:
    reason = REASONS.get(error.errno or 0, error.strerror or "unknown reason")
    return UserError(f"Cannot write {path}: {reason}, then run the same command again.")


def sealed(content: bytes) -> bytes:
    """A content followed by its CRC-32, for what is read by something that compares no checksums, as torch.load.

    CRC-32 is fast, and it has to guard against damage, not against intent.
    """
    return content + crc32(content).to_bytes(CHECKSUM_BYTES, "big")


def unsealed(content: bytes) -> bytes:
    """The content of a sealed one; raises ValueError if the checksum differs, as after a cut or a changed bit."""
    found = content[:-CHECKSUM_BYTES]
    if sealed(found) != content:
        raise ValueError("the checksum differs")
    return found
