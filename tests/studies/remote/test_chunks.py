"""A growing file in pieces: whatever is stored when the sender dies is a beginning of it, and nothing is sent twice."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from studies.remote import chunks as module
from studies.remote.chunks import CHUNK_BYTES, chunks, join


def restored(stored: dict[str, bytes]) -> bytes:
    """The file that a machine makes of what is stored."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in stored.items():
            (Path(folder) / name).write_bytes(content)
        join(Path(folder))
        found = list(Path(folder).iterdir())
        assert len(found) <= 1
        return found[0].read_bytes() if found else b""


@given(growth=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 6)), max_size=8))
def test_what_is_stored_is_always_a_beginning(growth):
    """The file grows; each time a sender stores what is new, and dies after some pieces, or (0) not at all."""
    stored: dict[str, bytes] = {}
    known, content = 0, b""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "arm"
        module.CHUNK_BYTES = 8
        try:
            for size, dies_after in growth:
                content += bytes((len(content) + place) % 251 for place in range(size))
                path.write_bytes(content)
                for sent, (name, piece) in enumerate(chunks(path, known), 1):
                    stored[name] = piece
                    if sent == dies_after:
                        break
                known = 0 if dies_after else len(content)
                whole = restored(stored)
                assert content.startswith(whole)
                assert len(whole) >= known
        finally:
            module.CHUNK_BYTES = CHUNK_BYTES


def test_only_what_is_new_is_sent(tmp_path):
    path = tmp_path / "arm"
    path.write_bytes(bytes(10 * CHUNK_BYTES + 5))
    assert [name for name, _ in chunks(path, 0)] == [*(f"arm@{number}" for number in range(10, 0, -1)), "arm"]
    assert [(name, len(content)) for name, content in chunks(path, 10 * CHUNK_BYTES + 2)] == [("arm@10", 5)]
    assert list(chunks(path, 11 * CHUNK_BYTES)) == []


def test_pieces_that_follow_on_none_are_dropped():
    whole = bytes(CHUNK_BYTES)
    assert restored({"arm": b"short", "arm@1": b"of before"}) == b"short"
    assert restored({"arm": whole, "arm@2": b"of before"}) == whole
    assert restored({"arm": whole, "arm@1": b"tail", "arm@2": b"of before"}) == whole + b"tail"
    assert restored({"arm": whole + b"longer", "arm@1": b"of before"}) == whole + b"longer"
