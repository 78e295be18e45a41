"""Folders of users' own, in the layouts that people keep audio in."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from trainables.corpora import CORPORA
from trainables.corpora.checking import changed
from trainables.corpora.corpus import silent_progress
from trainables.corpora.own.corpus import HIGHEST_RATE, at_its_rate
from trainables.corpora.own.layouts import scan
from trainables.corpora.packing import Accept, accept_all
from trainables.corpora.splits import Split
from trainables.corpora.store import Store, pack
from trainables.errors import InvalidSetting, UserError

CLASSES = ("cat", "dog", "great tit")


def write(path: Path, number: int, rate: int = 16_000, channels: int = 1, seconds: float = 0.1) -> None:
    """A sound that no other number has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(number).uniform(-0.5, 0.5, (round(seconds * rate), channels))
    soundfile.write(path, noise, rate)


def classes(folder: Path, names: Iterable[str] = CLASSES, count: int = 6, ending: str = ".wav") -> Path:
    for place, name in enumerate(names):
        for number in range(count):
            write(folder / name / f"{number}{ending}", 100 * place + number)
    return folder


def table(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]))


def packed(folder: Path, accept: Accept = accept_all) -> Store:
    return pack(at_its_rate(CORPORA["own-mine"], folder), folder, folder.parent / "root", accept=accept)


def class_folders(folder: Path) -> None:
    """Nested, with capital endings and spaces, at two rates."""
    classes(folder, count=5)
    for place, name in enumerate(CLASSES):
        write(folder / name / "more" / "One More.FLAC", 50 + place, rate=44_100)


def audio_folder(folder: Path) -> None:
    """Parts of class folders, as AudioFolder has them."""
    for number, part in enumerate(("train", "validation", "test")):
        for place, name in enumerate(CLASSES):
            for again in range(2):
                write(folder / part / name / f"{again}.wav", 1000 * number + 10 * place + again)


def audio_folder_with_metadata(folder: Path) -> None:
    """A part is a folder of files, with a table of classes in each."""
    for number, part in enumerate(("train", "test")):
        names = [f"{place} {again}.wav" for place in range(3) for again in range(3)]
        for place, name in enumerate(names):
            write(folder / part / name, 1000 * number + place, rate=8000)
        lines = [f"{name},{CLASSES[place // 3]}" for place, name in enumerate(names)]
        table(folder / part / "metadata.csv", "file_name,label", *lines)


def table_with_groups(folder: Path) -> None:
    """A table of files, classes and recordings; 96 kHz, stereo."""
    lines = []
    for place, name in enumerate(CLASSES):
        for number in range(6):
            write(folder / "audio" / f"{place}-{number}.wav", 10 * place + number, rate=96_000, channels=2)
            lines.append(f"audio/{place}-{number}.wav,{name},{name} {number // 2}")
    table(folder / "labels.csv", "path,class,recording", *lines)


def described_table(folder: Path) -> None:
    """Columns of other names, numbers for classes, and a rate, as a description says."""
    lines = []
    for place in range(3):
        for number in range(6):
            write(folder / f"{place}-{number}.ogg", 10 * place + number)
            lines.append(f"{place}-{number}.ogg,{place},{number // 2}")
    table(folder / "what.csv", "Datei,Art,Vogel", *lines)
    table(folder / "other.csv", "a,b", "1,2")
    named = ", ".join(f'{place} = "{name}"' for place, name in enumerate(CLASSES))
    table(
        folder / "corpus.toml",
        'title = "My birds"\nlicence = "CC BY"\ntable = "what.csv"',
        f'file = "Datei"\nlabel = "Art"\ngroup = "Vogel"\nrate = 12000\nclasses = {{ {named} }}',
    )


def one_small_class(folder: Path) -> None:
    """A class of two files."""
    classes(folder)
    for number in range(2, 6):
        (folder / CLASSES[0] / f"{number}.wav").unlink()


LAYOUTS: dict[Callable[[Path], None], tuple[int, int, int, bool]] = {
    class_folders: (18, 18, 16_000, False),
    audio_folder: (18, 18, 16_000, True),
    audio_folder_with_metadata: (18, 18, 8000, True),
    table_with_groups: (18, 9, HIGHEST_RATE, False),
    described_table: (18, 3, 12_000, False),
    one_small_class: (14, 14, 16_000, False),
}
"""Each with the clips and groups it has, its rate in Hz and whether it names parts."""


@pytest.fixture(params=LAYOUTS, ids=lambda layout: layout.__name__)
def layout(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Store, tuple[int, int, int, bool]]:
    request.param(tmp_path / "files")
    return packed(tmp_path / "files"), LAYOUTS[request.param]


def test_all_of_a_layout_is_packed_at_its_rate(layout: tuple[Store, tuple[int, int, int, bool]]) -> None:
    store, (clips, groups, rate, parts) = layout
    assert store.labels == sorted(CLASSES)
    assert (len(store.clips), store.clips["group"].nunique(), store.rate) == (clips, groups, rate)
    assert store.problems.empty
    assert not store.rendered
    assert (store.clips["part"] != "").all() == parts
    assert store.about["grouping"] == ("known" if groups < clips else "unknown")
    assert not changed(store, CORPORA["own-mine"], silent_progress)


@pytest.mark.parametrize("protocol", sorted(CORPORA["own-mine"].protocols))
def test_every_protocol_divides_a_layout(layout: tuple[Store, tuple[int, int, int, bool]], protocol: str) -> None:
    store, _ = layout
    split: Split = CORPORA["own-mine"].protocols[protocol].build(store.clips, 0, 0, 1)
    assert set(store.clips["label"].iloc[split.train]) == set(CLASSES)
    assert set(store.clips["label"].iloc[split.test]) == set(CLASSES)
    assert not set(split.train) & set(split.test)
    groups = store.clips["group"].to_numpy()
    assert protocol == "as_published" or not set(groups[split.train]) & set(groups[split.test])


def test_over_folds_every_group_that_does_not_validate_is_tested_once(tmp_path: Path) -> None:
    clips = packed(classes(tmp_path / "files", count=8)).clips
    splits = [CORPORA["own-mine"].protocols["corrected"].build(clips, 3, fold, 3) for fold in range(3)]
    tested = np.concatenate([split.test for split in splits])
    assert len(np.unique(tested)) == len(tested)
    assert set(tested) | set(splits[0].validation) == set(range(len(clips)))
    assert all(np.array_equal(split.validation, splits[0].validation) for split in splits)


def test_parts_that_a_folder_names_are_what_is_published(tmp_path: Path) -> None:
    audio_folder(tmp_path / "files")
    clips = packed(tmp_path / "files").clips
    split = CORPORA["own-mine"].protocols["as_published"].build(clips, 0, 0, 1)
    for part in ("train", "validation", "test"):
        assert set(clips["part"].iloc[getattr(split, part)]) == {part}


def test_what_cannot_be_used_is_listed_with_its_reason(tmp_path: Path) -> None:
    folder = classes(tmp_path / "files")
    (folder / "dog" / "broken.wav").write_bytes(b"no audio")
    (folder / "dog" / "empty.mp3").touch()
    (folder / "dog" / "phone.M4A").write_bytes(b"something")
    (folder / "dog" / "again.wav").write_bytes((folder / "dog" / "0.wav").read_bytes())
    write(folder / "dog" / "click.wav", 999, seconds=0.01)
    write(folder / "loose.wav", 998)
    problems = packed(folder).problems.set_index("path")["reason"].to_dict()
    assert problems.pop("dog/broken.wav").startswith("is not audio that can be decoded")
    assert problems == {
        "dog/again.wav": "has the same bytes as dog/0.wav",
        "dog/click.wav": "lasts 10 ms, less than 0.05 s",
        "dog/empty.mp3": "is empty (0 bytes)",
        "dog/phone.M4A": "is .m4a, which cannot be decoded here: convert it to .flac or .wav",
        "loose.wav": "lies in no folder of a class, and no table names its class",
    }


def test_files_and_lines_that_lack_each_other_are_listed(tmp_path: Path) -> None:
    table_with_groups(tmp_path)
    (tmp_path / "audio" / "0-0.wav").rename(tmp_path / "audio" / "moved.wav")
    rejected = {each.path: each.reason for each in scan(tmp_path).rejected}
    assert rejected == {
        "audio/moved.wav": "is in no line of the table",
        "audio/0-0.wav": "is in the table, and not in the folder",
    }


def test_a_column_without_a_name_is_none(tmp_path: Path) -> None:
    """As the index is that pandas writes: it is no class and no group."""
    classes(tmp_path / "sounds")
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.wav"))
    table(tmp_path / "files.csv", ",path,seconds", *(f"{number},{name},0.1" for number, name in enumerate(names)))
    found = scan(tmp_path / ".")
    assert not found.rejected
    assert {clip.label for clip in found.clips} == {"sounds"} and all(clip.group == clip.path for clip in found.clips)


def test_lines_that_contradict_each_other_are_listed_and_equal_ones_count_once(tmp_path: Path) -> None:
    classes(tmp_path, ["a"], count=3)
    lines = ["a/0.wav,cat,1", "a/1.wav,cat,1", "a/2.wav,cat,1", "a/0.wav,cat,1", "a/1.wav,dog,1", "a/2.wav,cat,2"]
    table(tmp_path / "files.csv", "path,class,group", *lines)
    found = scan(tmp_path)
    assert [(clip.path, clip.label) for clip in found.clips] == [("a/0.wav", "cat")]
    assert {each.path: each.reason for each in found.rejected} == {
        "a/1.wav": "is in two lines of the table, as 'cat' of group '1' and as 'dog' of group '1'",
        "a/2.wav": "is in two lines of the table, as 'cat' of group '1' and as 'cat' of group '2'",
    }


def test_paths_of_a_table_may_be_absolute_and_those_elsewhere_are_listed(tmp_path: Path) -> None:
    folder = classes(tmp_path / "folder", ["a"], count=1)
    table(folder / "files.csv", "path,class", f"{folder}/a/0.wav,cat", "/elsewhere/b.wav,dog", "../c.wav,dog")
    found = scan(folder)
    assert [(clip.path, clip.label) for clip in found.clips] == [("a/0.wav", "cat")]
    assert {each.reason for each in found.rejected} == {"is in the table, and not in the folder"}
    assert "../c.wav" in {each.path for each in found.rejected}


@pytest.mark.parametrize(("there", "listed"), [("e\u0301.wav", "\u00e9.wav"), ("\u00e9.wav", "e\u0301.wav")])
def test_accents_may_be_composed_in_a_table_and_not_in_a_folder(tmp_path: Path, there: str, listed: str) -> None:
    write(tmp_path / there, 1)
    table(tmp_path / "files.csv", "path,class", f"{listed},cat")
    found = scan(tmp_path)
    assert [(clip.path, clip.label) for clip in found.clips] == [(there, "cat")] and not found.rejected


def test_a_class_is_one_however_its_accents_are_written(tmp_path: Path) -> None:
    for number, name in enumerate(("train/e\u0301t\u00e9", "test/\u00e9te\u0301", "test/other")):
        write(tmp_path / name / f"{number}.wav", number)
    table(tmp_path / "corpus.toml", 'classes = { "e\u0301t\u00e9" = "summer" }')
    assert {clip.label for clip in scan(tmp_path).clips} == {"summer", "other"}


def test_a_name_that_is_not_utf_8_is_listed(tmp_path: Path) -> None:
    classes(tmp_path)
    (tmp_path / "cat" / "0.wav").rename(tmp_path / "cat" / os.fsdecode(b"caf\xe9.wav"))
    store = packed(tmp_path)
    assert len(store.clips) == 17
    assert [(each.path, each.reason) for each in scan(tmp_path).rejected] == [
        ("cat/caf\\udce9.wav", "has a name that is not UTF-8: rename it")
    ]


def test_equal_samples_never_lie_on_both_sides(tmp_path: Path) -> None:
    """As those of one recording that is there as .wav and as .flac do not."""
    for path in list(classes(tmp_path / "files").rglob("*.wav")):
        soundfile.write(path.with_suffix(".flac"), *soundfile.read(path, dtype="int16"))
    store = packed(tmp_path / "files")
    split = CORPORA["own-mine"].protocols["corrected"].build(store.clips, 0, 0, 1)
    digests = [set(store.clips["digest"].iloc[rows]) for rows in (split.train, split.validation, split.test)]
    assert all(digests) and sum(map(len, digests)) == len(set.union(*digests)) == 18


def speakers(count: int, words: int, random: np.random.Generator) -> pd.DataFrame:
    """Clips of speakers who each say some of the words, a varying number of times; each word has four speakers."""
    said = random.integers(0, 4, (count, words))
    for word in range(words):
        said[random.permutation(count)[:4], word] += 1
    pairs = [(speaker, word) for speaker in range(count) for word in range(words) for _ in range(said[speaker, word])]
    rows = [{"clip": f"{n}", "digest": f"{n}", "group": f"s{s}", "label": f"w{w}"} for n, (s, w) in enumerate(pairs)]
    return pd.DataFrame(rows).assign(part="")


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(8, 20), words=st.integers(2, 6), folds=st.integers(1, 5))
def test_speakers_of_many_words_are_divided_whole(seed: int, count: int, words: int, folds: int) -> None:
    clips = speakers(count, words, np.random.default_rng(seed))
    build = CORPORA["own-mine"].protocols["corrected"].build
    splits = [build(clips, seed, fold, folds) for fold in range(folds)]
    groups, labels = clips["group"].to_numpy(), clips["label"].to_numpy()
    for split in splits:
        parts = [set(groups[rows]) for rows in (split.train, split.validation, split.test)]
        assert all(parts) and sum(map(len, parts)) == len(set.union(*parts)) == len(set(groups))
        assert set(labels[split.train]) == set(labels)
    tested = np.concatenate([split.test for split in splits])
    assert len(np.unique(tested)) == len(tested)
    assert folds == 1 or set(tested) | set(splits[0].validation) == set(range(len(clips)))
    same = CORPORA["own-mine"].protocols["grouped_same_sizes"].build(clips, seed, 0, folds)
    assert not set(groups[same.train]) & set(groups[same.test])
    again = build(clips, seed, 0, folds)
    assert all(np.array_equal(getattr(again, part), getattr(splits[0], part)) for part in ("train", "test"))


def test_classes_are_divided_evenly_where_speakers_allow(tmp_path: Path) -> None:
    """Each speaker says as much of each word: so does each part."""
    clips = pd.concat([speakers(1, 3, np.random.default_rng(0)).assign(group=f"s{n}") for n in range(20)])
    clips = clips.reset_index(drop=True).assign(
        clip=lambda t: t.index.astype(str), digest=lambda t: t.index.astype(str)
    )
    split = CORPORA["own-mine"].protocols["corrected"].build(clips, 1, 0, 1)
    shares = [clips["label"].iloc[rows].value_counts(normalize=True) for rows in (split.train, split.test)]
    assert np.allclose(*(share.sort_index() for share in shares))
    assert len(split.test) == len(clips) / 5 and len(split.validation) == len(clips) / 5


class TestSpeakersOfSomeWords:
    """Twelve speakers, each of whom says about three in five of ten words; each word has six speakers or more."""

    @staticmethod
    def clips(seed: int) -> pd.DataFrame:
        random = np.random.default_rng(seed)
        chosen = random.random((12, 10)) < 0.2
        for word in range(10):
            chosen[random.permutation(12)[:6], word] = True
        said = random.integers(1, 4, (12, 10)) * chosen
        pairs = [(s, w) for s in range(12) for w in range(10) for _ in range(said[s, w])]
        rows = [{"digest": f"{n}", "group": f"s{s}", "label": f"w{w}"} for n, (s, w) in enumerate(pairs)]
        return pd.DataFrame(rows).assign(clip=lambda t: t["digest"], part="")

    @pytest.mark.parametrize("protocol", ["corrected", "grouped_same_sizes"])
    def test_hardly_any_part_lacks_a_class(self, protocol: str) -> None:
        build, lacking = CORPORA["own-mine"].protocols[protocol].build, []
        for seed in range(20):
            clips = self.clips(seed)
            split, whole = build(clips, seed, 0, 1), set(clips["label"])
            lacking += [whole - set(clips["label"].iloc[rows]) for rows in (split.train, split.validation, split.test)]
        assert len(lacking) == 60 and sum(map(bool, lacking)) <= 2

    def test_another_seed_is_another_division(self) -> None:
        clips, build = self.clips(0), CORPORA["own-mine"].protocols["corrected"].build
        tested = {tuple(np.unique(clips["group"].iloc[build(clips, seed, 0, 3).test])) for seed in range(10)}
        assert len(tested) >= 5


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ({"a": "x y", "b": "x y"}, r"The clips are of 2 group\(s\) where 3 are needed"),
        ({"a": "x y", "b": "x", "c": "x", "d": "x"}, r"The class 'y' has 1 group\(s\) to divide where 2 are needed"),
    ],
)
def test_too_few_speakers_are_refused_for_what_they_lack(groups: dict[str, str], why: str) -> None:
    pairs = [(group, label) for group, labels in groups.items() for label in labels.split()]
    rows = [{"digest": f"{n}", "group": group, "label": label} for n, (group, label) in enumerate(pairs)]
    with pytest.raises(InvalidSetting, match=why):
        CORPORA["own-mine"].protocols["corrected"].build(pd.DataFrame(rows), 0, 0, 1)


def test_groups_that_leave_nothing_to_validate_by_are_refused(tmp_path: Path) -> None:
    store = packed(classes(tmp_path / "files", count=2))
    with pytest.raises(InvalidSetting, match="No class has three groups of clips"):
        CORPORA["own-mine"].protocols["corrected"].build(store.clips, 0, 0, 1)
    with pytest.raises(InvalidSetting, match="No class has three groups of clips"):
        several = pd.concat([store.clips.assign(digest=store.clips["digest"] + f"{n}") for n in range(5)])
        CORPORA["own-mine"].protocols["grouped_same_sizes"].build(several.reset_index(drop=True), 0, 0, 1)


def test_what_is_refused_is_packed_nowhere(tmp_path: Path) -> None:
    def refuse(problems: object, files: int) -> None:
        raise UserError(f"{files} files")

    with pytest.raises(UserError, match="18 files"):
        packed(classes(tmp_path / "files"), refuse)
    assert not list((tmp_path / "root").glob("*"))


WRONG = {
    'titel = "x"': r"corpus.toml: Unknown key 'titel': did you mean 'title'\?",
    "rate = 5": "corpus.toml: rate: input should be greater than or equal to 1000; mend it there",
    "= 3": "corpus.toml cannot be read",
    'table = "no.csv"': "names the table no.csv, which is not there",
    'group = "speeker"': r"labels.csv: Unknown column of the group 'speeker': did you mean 'speaker'\?",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_description_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    table(tmp_path / "labels.csv", "path,class,speaker", "a.wav,dog,1")
    table(tmp_path / "corpus.toml", text)
    with pytest.raises(UserError, match=WRONG[text]):
        scan(tmp_path)


def test_tables_that_cannot_be_used(tmp_path: Path) -> None:
    table(tmp_path / "one.csv", "a,b", "1,2")
    with pytest.raises(UserError, match=r"has no column of files \(a, b\): name it in corpus.toml"):
        scan(tmp_path)
    table(tmp_path / "two.csv", "a,b", "1,2")
    with pytest.raises(UserError, match=r"has several tables \(one.csv, two.csv\): name one in corpus.toml"):
        scan(tmp_path)


@pytest.mark.parametrize("name", ["own-", "own-Mine", "own-my corpus", "own-../x", "own-a__b"])
def test_names_that_cannot_name_a_corpus(name: str) -> None:
    with pytest.raises(InvalidSetting, match="cannot name a corpus: use lower-case letters"):
        _ = CORPORA[name]


def test_own_corpora_have_no_stand_in(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no rendered stand-in: pack it with `--from DIR`"):
        CORPORA["own-mine"].render(tmp_path)
