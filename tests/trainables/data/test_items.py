"""Which segments a trial trains on and is tested on, what they are scored as, and what their labels are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from trainables.corpora import CORPORA
from trainables.corpora.nsynth_names import FAMILIES
from trainables.corpora.splits import Split
from trainables.corpora.store import Store
from trainables.data import features
from trainables.data.features import build
from trainables.data.items import OUTPUTS, PARTS, Items, classes_of, items_of, targets
from trainables.data.segments import Segments
from trainables.data.splitting import Division, Divisions
from trainables.errors import InvalidSetting
from trainables.resolving import resolve

WINDOWS = {"corpus": "gtzan", "segmentation": "windows", "seconds": 0.5}


def parts(store: Store, **settings: object) -> dict[str, Items]:
    configuration = resolve({**WINDOWS, **settings})
    return items_of(Divisions(store).of(configuration), configuration)


def test_segments_are_scored_as_their_clips(songs: Store) -> None:
    found = parts(songs, protocol="corrected")
    assert sum(len(found[name].table) for name in PARTS) == len(songs.clips)
    for part in found.values():
        assert len(part.rows) == 6 * len(part.table)
        assert (part.table["clip"].to_numpy()[part.item] == songs.clips["clip"].to_numpy()[part.rows // 6]).all()


def test_no_clip_is_in_two_parts_unless_segments_were_divided(songs: Store) -> None:
    for grouped in ("grouped_same_sizes", "corrected"):
        clips = {name: set(part.rows // 6) for name, part in parts(songs, protocol=grouped).items()}
        assert not clips["train"] & clips["test"] and not clips["train"] & clips["validation"]
    leaky = parts(songs, protocol="as_published")
    assert len(set(leaky["test"].rows // 6) & set(leaky["train"].rows // 6)) > 10
    rows = np.concatenate([part.rows for part in leaky.values()])
    assert sorted(rows) == list(range(6 * len(songs.clips)))


@pytest.mark.parametrize(
    "settings", [{"protocol": "as_published"}, {"protocol": "corrected", "aggregation": "segment"}]
)
def test_segments_that_are_scored_alone_have_names_of_their_own(songs: Store, settings: dict[str, str]) -> None:
    part = parts(songs, **settings)["test"]
    assert part.item.tolist() == list(range(len(part.rows)))
    clips = songs.clips["clip"].to_numpy()
    assert part.table["clip"].tolist() == [f"{clips[row // 6]}#{row % 6}" for row in part.rows]
    assert (part.table["label"].to_numpy() == songs.clips["label"].to_numpy()[part.rows // 6]).all()


def test_a_network_may_have_outputs_for_classes_that_no_part_has() -> None:
    """S3 trains on ten families with eleven outputs, of which one is never the label of a note (X14)."""
    clips = pd.DataFrame({"label": ["bass", "brass", "reed", "vocal"]})
    division = Division(clips, Segments(*np.zeros((3, 4), int), 1), clips, Split(*np.split(np.arange(4), [2, 3])))
    ten, eleven = (classes_of(division, resolve({"corpus": "nsynth", "outputs": name})) for name in OUTPUTS)
    assert ten.tolist() == ["bass", "brass", "reed", "vocal"]
    assert eleven.tolist() == list(FAMILIES)
    with pytest.raises(InvalidSetting, match="only the files of philharmonia say its classes"):
        classes_of(division, resolve({"corpus": "philharmonia", "outputs": "corpus"}))
    with pytest.raises(InvalidSetting, match="did you mean 'corpus'"):
        resolve({"outputs": "corpse"})


def test_a_clip_of_one_segment_keeps_its_name(songs: Store) -> None:
    part = parts(songs, protocol="as_published", segmentation="onset", seconds=1.0)["test"]
    assert set(part.table["clip"]) <= set(songs.clips["clip"])


def annotated(*labels: str) -> Items:
    table = pd.DataFrame({"label": [each.partition("|")[0] for each in labels], "labels": labels})
    return Items(np.arange(2 * len(labels)), np.repeat(np.arange(len(labels)), 2), table)


def test_classes_are_those_of_all_parts() -> None:
    table = annotated("b", "a", "b", "d|c", "e").table
    split = Split(np.array([0, 1]), np.array([2]), np.array([3]))
    division = Division(table, Segments(np.arange(5), np.arange(5), np.ones(5), 1), table, split)
    assert classes_of(division, resolve({})).tolist() == ["a", "b", "d"]


def test_labels_of_segments() -> None:
    part, classes = annotated("b|a", "c"), np.array(["a", "b", "c"])
    assert targets(part, classes, columns=False, device=torch.device("cpu")).tolist() == [1, 1, 2, 2]
    columns = targets(part, classes, columns=True, device=torch.device("cpu"))
    assert columns.tolist() == [[1, 1, 0]] * 2 + [[0, 0, 1]] * 2


def test_without_annotations_the_label_is_the_only_one() -> None:
    part = Items(np.arange(1), np.arange(1), pd.DataFrame({"label": ["b"]}))
    assert targets(part, np.array(["a", "b"]), columns=True, device=torch.device("cpu")).tolist() == [[0, 1]]


def test_side_features_are_samples_at_the_end(songs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    clips = songs.clips.assign(pitch=np.arange(len(songs.clips)), velocity=7)
    corpora = {"gtzan": replace(CORPORA["gtzan"], side_features=("pitch", "velocity"))}
    monkeypatch.setattr(features, "CORPORA", corpora)
    store = Store(**{**vars(songs), "clips": clips})
    settings = {**WINDOWS, "front_end": "waveform", "side_features": "velocity+pitch"}
    told = build(store, resolve(settings), torch.device("cpu"))
    assert told.shape == (1, 1, 52)
    rows = np.array([0, 7, 100])
    assert told.rows(rows)[:, 0, 0, 50:].tolist() == [[7, row // 6] for row in rows]
    plain = build(store, resolve({**settings, "side_features": ""}), torch.device("cpu"))
    assert torch.equal(told.rows(rows)[..., :50], plain.rows(rows))
    with pytest.raises(InvalidSetting, match="Unknown side feature 'label'"):
        build(store, resolve({**settings, "side_features": "label"}), torch.device("cpu"))
    withheld = build(store, resolve({**settings, "withheld": "velocity"}), torch.device("cpu"))
    assert withheld.rows(rows)[:, 0, 0, 50:].tolist() == [[0, row // 6] for row in rows]
    assert features.given(resolve({**settings, "withheld": "velocity"})) == ["pitch"]
    with pytest.raises(InvalidSetting, match="Unknown side feature of this trial 'pitch'"):
        build(store, resolve({**settings, "side_features": "velocity", "withheld": "pitch"}), torch.device("cpu"))
    with pytest.raises(InvalidSetting, match="set front_end to waveform"):
        build(store, resolve({**settings, "front_end": "mel_spectrogram"}), torch.device("cpu"))
