"""Files over a real connection to a server that fails in the ways servers fail."""

import gzip
import hashlib
import random
from pathlib import Path

import pytest

from trainables.corpora.corpus import Remote, silent_progress
from trainables.downloads import fetching
from trainables.downloads.fetching import ATTEMPTS, fetch, size_of
from trainables.errors import UserError

CONTENT = random.Random(0).randbytes(3_000_000)
SHA256, MD5 = hashlib.sha256(CONTENT).hexdigest(), hashlib.md5(CONTENT).hexdigest()
NAME = "a.zip"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.0)


@pytest.fixture
def served(server, serving):
    server.files[NAME] = serving.Served(CONTENT)
    return server.files[NAME]


def remote(server, **changes: object) -> Remote:
    values = {"url": server.url(f"{NAME}?download=1"), "sha256": SHA256, "bytes": None, "verified": True}
    return Remote(**{**values, **changes})


def get(remote: Remote, folder: Path) -> Path:
    return fetch(remote, folder, silent_progress, silent_progress)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("checksums", [{}, {"sha256": None, "md5": MD5}, {"sha256": None, "verified": False}])
def test_a_file_arrives_once(server, served, tmp_path, checksums) -> None:
    one = remote(server, **checksums)
    path = get(one, tmp_path)
    assert path.read_bytes() == CONTENT
    assert get(one, tmp_path) == path
    assert server.sent == [len(CONTENT)]
    assert left(tmp_path) == [NAME]


def test_progress_counts_bytes_to_the_end(server, served, tmp_path) -> None:
    calls, verified = [], []
    fetch(remote(server), tmp_path, lambda *call: calls.append(call), lambda *call: verified.append(call))
    assert [call[0] for call in calls] == sorted(call[0] for call in calls)
    assert calls[-1] == verified[-1] == (len(CONTENT), len(CONTENT))


def test_after_a_broken_connection_only_the_rest_is_sent(server, served, tmp_path) -> None:
    served.breaks = [1_100_000, 700_000]
    calls = []
    path = fetch(remote(server), tmp_path, lambda *call: calls.append(call), silent_progress)
    assert path.read_bytes() == CONTENT
    assert server.sent == [1_100_000, 700_000, len(CONTENT) - 1_800_000]
    assert server.requests[-1].headers["Range"] == "bytes=1800000-"
    assert {total for _, total in calls} == {len(CONTENT)}
    assert left(tmp_path) == [NAME]


def test_another_run_goes_on_with_what_has_arrived(server, served, tmp_path) -> None:
    served.breaks = [1_000_000, *[0] * ATTEMPTS]
    with pytest.raises(UserError, match=r"Cannot download a\.zip .* broke the connection, 4 times in a row"):
        get(remote(server), tmp_path)
    assert left(tmp_path) == ["a.zip.part", "a.zip.part.version"]
    assert get(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.sent[-1] == len(CONTENT) - 1_000_000


def test_a_server_without_ranges_sends_all_again(server, served, tmp_path) -> None:
    served.ranges, served.breaks = False, [1_000_000]
    assert get(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.sent == [1_000_000, len(CONTENT)]


def test_a_server_without_ranges_that_always_breaks_is_given_up(server, served, tmp_path) -> None:
    served.ranges, served.breaks = False, [1_000_000] * 99
    with pytest.raises(UserError, match="broke the connection"):
        get(remote(server), tmp_path)
    assert len(server.sent) == 1 + ATTEMPTS


def test_the_rest_of_another_version_is_never_added(server, served, tmp_path) -> None:
    served.breaks = [1_000_000, *[0] * ATTEMPTS]
    one = remote(server, sha256=None, verified=False)
    with pytest.raises(UserError):
        get(one, tmp_path)
    served.content, served.version = CONTENT[::-1], '"2"'
    assert get(one, tmp_path).read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize(("checksum", "asked"), [(SHA256, "bytes=1000000-"), (None, None)])
def test_the_rest_is_asked_for_only_if_something_can_tell_that_it_fits(
    server, served, tmp_path, checksum, asked
) -> None:
    served.headers, served.breaks = {"ETag": None}, [1_000_000]
    assert get(remote(server, sha256=checksum), tmp_path).read_bytes() == CONTENT
    assert server.requests[-1].headers.get("Range") == asked


def test_a_weak_mark_of_the_version_is_not_relied_on(server, served, tmp_path) -> None:
    served.headers = {"ETag": 'W/"1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    served.version, served.breaks = "Mon, 01 Jan 2024 00:00:00 GMT", [1_000_000]
    assert get(remote(server, sha256=None), tmp_path).read_bytes() == CONTENT
    assert server.sent == [1_000_000, len(CONTENT) - 1_000_000]


def test_a_file_that_had_arrived_whole_is_not_sent_again(server, served, tmp_path) -> None:
    (tmp_path / "a.zip.part").write_bytes(CONTENT)
    assert get(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.sent == [0]


def test_more_than_the_file_has_is_thrown_away(server, served, tmp_path) -> None:
    (tmp_path / "a.zip.part").write_bytes(CONTENT + b"more")
    assert get(remote(server), tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["SHA-256", "MD5"])
def test_a_wrong_checksum_is_one_sentence_and_the_file_is_set_aside(server, served, tmp_path, name) -> None:
    served.content = CONTENT[:-1] + b"!"
    wrong = remote(server) if name == "SHA-256" else remote(server, sha256=None, md5=MD5)
    with pytest.raises(UserError, match=f"a.zip has the {name} checksum .* set aside as .*a.zip.refused; run"):
        get(wrong, tmp_path)
    assert left(tmp_path) == ["a.zip.refused"]
    served.content = CONTENT
    assert get(wrong, tmp_path).read_bytes() == CONTENT


def test_a_file_that_is_not_there_is_not_asked_for_again(server, tmp_path) -> None:
    with pytest.raises(UserError, match=r"Cannot download a\.zip \(http://.*/a\.zip.* answers 404 Not Found\): run"):
        get(remote(server), tmp_path)
    assert len(server.requests) == 1
    assert left(tmp_path) == []


def test_mirrors_are_used_in_turn(server, served, tmp_path) -> None:
    one = remote(server, url=server.url("gone/a.zip"), mirrors=(server.url("too/a.zip"), server.url(NAME)))
    assert get(one, tmp_path).read_bytes() == CONTENT
    assert [request.path for request in server.requests] == ["/gone/a.zip", "/too/a.zip", "/a.zip"]


def test_a_busy_server_is_asked_again(server, served, tmp_path) -> None:
    served.statuses = [503, 429, 500]
    assert get(remote(server), tmp_path).read_bytes() == CONTENT
    server.files["b.zip"] = served
    served.statuses = [503] * 99
    with pytest.raises(UserError, match=r"answers 503 Service Unavailable, 4 times in a row"):
        get(remote(server, url=server.url("b.zip")), tmp_path)
    assert len(server.sent) == 4 + ATTEMPTS


def test_an_address_where_nobody_answers(server, served, tmp_path) -> None:
    with pytest.raises(UserError, match=r"http://127.0.0.1:9/a.zip cannot be reached, 4 times in a row"):
        get(remote(server, url="http://127.0.0.1:9/a.zip"), tmp_path)


def test_a_server_that_falls_silent(server, served, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", (0.1, 0.1))
    monkeypatch.setattr(fetching, "ATTEMPTS", 1)
    served.stall = 0.3
    with pytest.raises(UserError, match="does not answer in time"):
        get(remote(server), tmp_path)


def test_a_web_page_is_no_archive(server, served, tmp_path) -> None:
    served.headers = {"Content-Type": "text/html; charset=utf-8"}
    with pytest.raises(UserError, match="answers with a web page instead of the file"):
        get(remote(server), tmp_path)


def test_a_file_of_another_size_than_published_is_not_even_begun(server, served, tmp_path) -> None:
    with pytest.raises(UserError, match="has a file of 3,000,000 bytes where 3,000,001 are published"):
        get(remote(server, bytes=len(CONTENT) + 1), tmp_path)
    assert not (tmp_path / "a.zip.part").exists()


def test_an_archive_that_is_announced_as_an_encoding_stays_packed(server, served, tmp_path) -> None:
    served.content, served.headers = gzip.compress(b"music"), {"Content-Encoding": "gzip"}
    checksum = hashlib.sha256(served.content).hexdigest()
    assert get(remote(server, sha256=checksum), tmp_path).read_bytes() == served.content


def test_sizes_are_the_published_ones_or_those_of_the_first_address_that_says(server, served) -> None:
    assert size_of(remote(server, bytes=7)) == 7
    assert size_of(remote(server, url=server.url("gone/a.zip"), mirrors=(server.url(NAME),))) == len(CONTENT)
    assert size_of(remote(server, url=server.url("gone/a.zip"))) is None


def test_the_name_is_that_of_the_file() -> None:
    named = "https://web.archive.org/web/20211207012050/http://opihi.cs.uvic.ca/sound/genres.tar.gz?download=1"
    assert Remote(named, None, None, verified=False).name == "genres.tar.gz"
