"""Published test excerpts of several labels: no clip is cut or padded for their sake, and every trial answers them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from trainables.corpora.store import Store
from trainables.data.features import FeatureCache, build
from trainables.data.items import EXCERPTS, PARTS
from trainables.data.segments import SEGMENTATIONS
from trainables.data.splitting import Divisions, excerpts_of
from trainables.data.trial_data import TrialData
from trainables.resolving import resolve
from trainables.trial import CONFIG, EXCERPT_ANSWERS, Trial

SMALL = {"corpus": "irmas", "frame": 512, "hop": 512, "bands": 16, "frames": 8, "epochs": 2, "batch_size": 64}
WINDOWS = {**SMALL, "segmentation": "windows", "seconds": 1.0}
NETWORKS = {
    "classification": {"architecture": "cnn"},
    "classification bce": {"architecture": "cnn", "loss": "bce"},
    "classification segment": {"architecture": "cnn", "aggregation": "segment"},
    "dual": {"architecture": "cnn", "training": "dual", "stack_network": "logistic"},
    "stateful": {"architecture": "lstm", "units": "4", "training": "stateful"},
}


@pytest.fixture(scope="module")
def store(rendered_corpus: Callable[[str], Any]) -> Store:
    found: Store = rendered_corpus("irmas").store
    return found


@pytest.mark.parametrize("name", SEGMENTATIONS)
def test_clips_are_cut_as_if_there_were_no_excerpts(store: Store, name: str) -> None:
    settings = resolve({**SMALL, "segmentation": name})
    found = Divisions(store).segments(settings)
    clips = store.clips[store.clips["part"] == "train"]
    alone = SEGMENTATIONS[name].build(clips, store.rate, **settings.part("segmentation"))
    assert found.samples == alone.samples <= clips["length"].max()
    assert found.start.tolist() == alone.start.tolist()
    assert store.clips["clip"].iloc[found.clip].tolist() == clips["clip"].iloc[alone.clip].tolist()


def test_excerpts_are_cut_into_windows_as_long_as_the_segments(store: Store) -> None:
    segments = excerpts_of(store, resolve(WINDOWS), 44_100)
    assert segments is not None and segments.samples == 44_100
    lengths = store.clips["length"].iloc[np.unique(segments.clip)]
    assert np.bincount(segments.clip)[np.unique(segments.clip)].tolist() == (-(-lengths // 44_100)).tolist()
    assert set(store.clips["part"].iloc[segments.clip]) == {"test"}
    assert (segments.available == 44_100).all()


def test_windows_of_excerpts_begin_as_far_apart_as_those_of_clips(store: Store) -> None:
    segments = excerpts_of(store, resolve({**WINDOWS, "segment_hop": 2.0}), 44_100)
    assert segments is not None
    lengths = store.clips["length"].iloc[np.unique(segments.clip)]
    expected = 1 + -(-(lengths - 44_100) // 88_200)
    assert np.bincount(segments.clip)[np.unique(segments.clip)].tolist() == expected.tolist()


def test_a_corpus_without_excerpts_has_none(rendered_corpus: Callable[[str], Any]) -> None:
    store, configuration = rendered_corpus("gtzan").store, resolve({**WINDOWS, "corpus": "gtzan"})
    assert excerpts_of(store, configuration, 100) is None
    data = TrialData(
        configuration, Divisions(store).of(configuration), build(store, configuration, torch.device("cpu"))
    )
    assert tuple(data.items) == PARTS


def opened(folder: Path, store: Store, settings: dict[str, Any]) -> Trial:
    folder.mkdir()
    (folder / CONFIG).write_text(json.dumps(dict(resolve(settings).settings)))
    return Trial(folder, store.path, FeatureCache())


def finished(folder: Path, store: Store, settings: dict[str, Any]) -> Trial:
    trial = opened(folder, store, settings)
    while not trial.finished:
        trial.step()
    trial.evaluate()
    return trial


@pytest.mark.parametrize("name", NETWORKS)
def test_a_tested_trial_has_answered_every_excerpt(tmp_path: Path, store: Store, name: str) -> None:
    trial = finished(tmp_path / "trial", store, {**WINDOWS, **NETWORKS[name]})
    table = pd.read_parquet(trial.directory / EXCERPT_ANSWERS)
    excerpts = store.clips[store.clips["part"] == "test"]
    for column, of in (("item", "clip"), ("group", "group"), ("label", "label"), ("labels", "labels")):
        assert table[column].tolist() == excerpts[of].tolist()
    assert table["number_of_labels"].tolist() == [1 + labels.count("|") for labels in excerpts["labels"]]
    assert (table["ranked"].str.partition("|")[0] == table["prediction"]).all()
    assert all(set(ranked.split("|")) == set(trial.classes) for ranked in table["ranked"])
    assert all(ranked.startswith(best) for ranked, best in zip(table["ranked"], table["prediction"], strict=True))
    assert all(best in named.split("|") for named, best in zip(table["named"], table["prediction"], strict=True))


def test_an_excerpt_is_answered_by_the_mean_probability_of_its_windows(tmp_path: Path, store: Store) -> None:
    trial = finished(tmp_path / "trial", store, {**WINDOWS, "architecture": "cnn", "aggregation": "segment"})
    part = trial.data.part(EXCERPTS)
    shares = trial.fit.logits(part).softmax(1)  # type: ignore[attr-defined]
    expected = torch.stack([shares[part.item == item].mean(0) for item in range(int(part.item.max()) + 1)])
    torch.testing.assert_close(trial.fit.excerpt_answers().exp(), expected)


def test_a_dual_network_answers_piece_by_piece(tmp_path: Path, store: Store) -> None:
    trial = finished(tmp_path / "trial", store, {**WINDOWS, **NETWORKS["dual"]})
    part = trial.data.part(EXCERPTS)
    shares = trial.fit.first.network(part.batch(torch.arange(len(part)), torch.Generator())[0]).softmax(1)
    own = shares[part.item == 0]
    pieces = [own[begin : begin + 3] for begin in range(0, len(own) - 2, 3)]
    pieces += [own[-3:]] if len(own) % 3 else []
    answers = torch.stack([trial.fit.second.network(piece[None, None]).softmax(1)[0] for piece in pieces])
    torch.testing.assert_close(trial.fit.excerpt_answers()[0].exp(), answers.mean(0), atol=1e-5, rtol=1e-4)


def test_a_generator_answers_none(tmp_path: Path, store: Store) -> None:
    images = {"front_end": "mfcc_image", "side": 32, "frame": 1024, "architecture": "dcgan_discriminator", "width": 4}
    settings = {"corpus": "irmas", "training": "dcgan", "segmentation": "windows", "seconds": 0.25}
    trial = opened(tmp_path / "trial", store, {**settings, **images})
    assert EXCERPTS in trial.items and trial.fit.excerpt_answers() is None
