"""A bucket on a server that speaks S3's protocol: whole objects, conditions, refusals, and a network that fails."""

import threading
import time

import pytest

from trainables.errors import UserError
from trainables.storage import bucket
from trainables.storage.bucket import Bucket, Changed
from trainables.storage.run_storage import Folder, Mirror


@pytest.fixture(scope="module")
def client(s3):
    return bucket.client()


@pytest.fixture
def place(s3, client, monkeypatch):
    """A bucket of its own for each test; of one client, which takes longer to make than all else."""
    monkeypatch.setattr(bucket, "client", lambda: client)
    return Bucket(s3.new())


def test_what_was_put_is_there(place):
    assert place.get("a") is None
    version = place.put("folder/a b=é", b"content")
    found = place.get("folder/a b=é")
    assert (found.content, found.version) == (b"content", version)
    assert 0 <= found.age < 60
    place.delete("folder/a b=é")
    place.delete("folder/a b=é")
    assert place.get("folder/a b=é") is None


def test_names_below_a_prefix(place):
    wanted = {f"trials/{number:04}/config.json" for number in range(30)}
    for name in wanted | {"trial", "x/trials/y"}:
        place.put(name, b"")
    assert set(place.names("trials/")) == wanted
    assert set(Bucket(f"{place.url}/trials").names()) == {name.removeprefix("trials/") for name in wanted}
    assert place.folders() == ["trials", "x"] and Bucket(f"{place.url}/x").folders() == ["trials"]


def test_long_lists_come_whole(place, monkeypatch):
    whole = place.client.list_objects_v2
    monkeypatch.setattr(place.client, "list_objects_v2", lambda **where: whole(MaxKeys=7, **where))
    names = {f"{number:03}/file" for number in range(40)}
    for name in names:
        place.put(name, b"")
    found = place.names()
    assert (set(found), len(found)) == (names, 40)
    assert place.folders() == sorted(name.partition("/")[0] for name in names)


def test_only_the_first_of_two_writers_makes_an_object(place):
    place.put("owner", b"first", IfNoneMatch="*")
    with pytest.raises(Changed):
        place.put("owner", b"second", IfNoneMatch="*")
    assert place.get("owner").content == b"first"


def test_a_version_is_replaced_once(place):
    version = place.put("owner", b"first")
    place.put("owner", b"second", IfMatch=version)
    with pytest.raises(Changed):
        place.put("owner", b"third", IfMatch=version)
    assert place.get("owner").content == b"second"


@pytest.mark.parametrize("name", ["../outside", "a/../../outside", "/absolute", "a\\..\\b", ""])
def test_names_that_lead_out_of_the_folder_are_refused(place, name, tmp_path):
    with pytest.raises(UserError, match="leads out of its folder"):
        place.download(["fine", name], tmp_path / "inside")
    assert not list(tmp_path.iterdir())


def test_such_an_object_in_the_bucket_is_refused_too(place, tmp_path):
    place.client.put_object(Bucket=place.bucket, Key="run/../../outside", Body=b"x")
    with pytest.raises(UserError, match="leads out of its folder"):
        Mirror(Bucket(f"{place.url}/run"), tmp_path / "run").fetch(tmp_path / "run")
    assert not list(tmp_path.iterdir())


def test_bucket_that_is_not_there(place):
    with pytest.raises(UserError, match=r"^Cannot use s3://no-such-bucket .*make the bucket, or name another\.$"):
        Bucket("s3://no-such-bucket").put("a", b"")


def test_library_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    with pytest.raises(UserError, match=r"pip install 'etude\[aws\]'\.$"):
        Bucket("s3://bucket")


class TestNetwork:
    """Between the bucket and its user: a relay that can be cut."""

    @pytest.fixture
    def relayed(self, s3, monkeypatch):
        monkeypatch.setenv("AWS_ENDPOINT_URL", s3.relay())
        yield Bucket(s3.new())
        s3.restore()

    def test_a_network_that_fails_costs_time_and_nothing_else(self, relayed, s3):
        relayed.put("before", b"1")
        s3.cut()
        threading.Timer(3, s3.restore).start()
        begun = time.monotonic()
        relayed.put("during", b"2")
        assert time.monotonic() - begun > 2.5
        assert (relayed.get("before").content, relayed.get("during").content) == (b"1", b"2")

    def test_an_answer_that_gets_lost_is_asked_for_again(self, relayed, s3):
        relayed.put("big", b"x" * 5_000_000)
        threading.Timer(0.05, s3.cut).start()
        threading.Timer(1, s3.restore).start()
        for _ in range(20):
            assert len(relayed.get("big").content) == 5_000_000

    def test_patience_ends_with_a_sentence(self, relayed, s3, monkeypatch):
        monkeypatch.setattr(bucket, "PATIENCE_SECONDS", 1.0)
        s3.cut()
        with pytest.raises(UserError, match=r"has not answered for 0 min .*run the same command again\.$"):
            relayed.put("a", b"")


class TestMirror:
    """A copy on this machine, and what is stored."""

    @pytest.fixture
    def mirror(self, place, tmp_path):
        return Mirror(place, tmp_path / "run")

    def test_keeps_here_and_there(self, mirror):
        path = mirror.root / "trials" / "a" / "epochs.jsonl"
        mirror.keep(path, b"1")
        assert path.read_bytes() == mirror.read(path) == b"1"

    def test_large_files_are_uploaded_beside_the_training_one_at_a_time(self, mirror, monkeypatch):
        put, going, most = mirror.bucket.put, [], []

        def slow(name, content, **condition):
            going.append(name)
            most.append(len(going))
            time.sleep(0.3)
            going.remove(name)
            return put(name, content, **condition)

        monkeypatch.setattr(mirror.bucket, "put", slow)
        path = mirror.root / "checkpoint"
        begun = time.monotonic()
        mirror.keep(path, b"1", background=True)
        assert time.monotonic() - begun < 0.2, "the first is not waited for"
        mirror.keep(path, b"2", background=True)
        assert time.monotonic() - begun > 0.25, "the second waits for the first"
        mirror.flush()
        assert (mirror.read(path), max(most)) == (b"2", 1)

    def test_upload_that_failed_is_not_forgotten(self, mirror, monkeypatch):
        def fail(*_, **__):
            raise UserError("No more room.")

        monkeypatch.setattr(mirror.bucket, "put", fail)
        mirror.keep(mirror.root / "checkpoint", b"1", background=True)
        with pytest.raises(UserError, match="No more room"):
            mirror.flush()

    def test_what_is_stored_wins(self, mirror):
        folder = mirror.root / "trials" / "a"
        for name, content in (("epochs.jsonl", b"stored"), ("config.json", b"{}")):
            mirror.keep(folder / name, content)
        (folder / "epochs.jsonl").write_bytes(b"of a worker that was cut off")
        (folder / "checkpoint").write_bytes(b"of that worker too")
        (mirror.root / "trials" / "b").mkdir()
        (mirror.root / "trials" / "b" / "checkpoint").write_bytes(b"another trial's")
        mirror.fetch(folder)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
            "epochs.jsonl": b"stored",
            "config.json": b"{}",
        }
        assert (mirror.root / "trials" / "b" / "checkpoint").exists()

    def test_names_left_alone(self, mirror):
        mirror.keep(mirror.root / "checkpoint", b"stored")
        (mirror.root / "checkpoint").write_bytes(b"mine")
        mirror.fetch(mirror.root, but={"checkpoint"})
        assert (mirror.root / "checkpoint").read_bytes() == b"mine"

    def test_missing_file_is_a_sentence(self, mirror, tmp_path):
        for storage in (mirror, Folder()):
            with pytest.raises(UserError, match=r"run the same command again\.$"):
                storage.read(mirror.root / "owner")
