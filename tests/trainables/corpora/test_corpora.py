"""What every corpus must do: be rendered, packed, opened and split."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.audit.card import AUDITS, card
from trainables.corpora.audit.fingerprints import Fingerprints
from trainables.corpora.corpus import MARKER
from trainables.corpora.store import open_store
from trainables.errors import InvalidSetting
from trainables.registry import Registry


@pytest.fixture(scope="module", params=sorted(CORPORA))
def rendered(request: pytest.FixtureRequest, rendered_corpus: Callable[[str], Any]) -> Any:
    return rendered_corpus(request.param)


@pytest.fixture(scope="module")
def prints(rendered: Any) -> Fingerprints:
    return Fingerprints(rendered.store.audio, rendered.store.rate, rendered.store.clips)


def test_a_corpus_says_where_it_comes_from(rendered: Any) -> None:
    corpus = rendered.corpus
    assert all([corpus.title, corpus.bibliography, corpus.licence, corpus.home_page, corpus.remotes])


def test_a_corpus_without_a_protocol_that_all_have_is_refused() -> None:
    protocols = Registry("protocol")
    for name in ("as_published", "grouped_same_sizes"):
        protocols()(CORPORA["gtzan"].protocols[name].build)
    with pytest.raises(InvalidSetting, match="The corpus 'mine' has no protocol 'corrected': register one"):
        replace(CORPORA["gtzan"], name="mine", protocols=protocols)
    with pytest.raises(InvalidSetting, match="has no protocol 'official'"):
        replace(CORPORA["gtzan"], by_segment=frozenset({"official"}))


def test_its_classes_hold_every_label(rendered: Any) -> None:
    classes = rendered.corpus.classes
    assert not classes or set(rendered.store.labels) <= set(classes)
    assert len(set(classes)) == len(classes)


def test_rendered_audio_is_marked_and_whole(rendered: Any) -> None:
    store, calls = rendered.store, rendered.progress
    assert calls[-1][0] == calls[-1][1] == len(calls)
    assert (rendered.folder / MARKER).is_file()
    assert store.rendered
    assert store.problems.empty
    counts = store.clips["label"].value_counts()
    assert counts.nunique() == 1
    assert counts.min() >= rendered.clips
    assert all(fact is None or fact > 0 for fact in store.facts.values())
    assert open_store(store.path.parent, rendered.corpus.name).digest == store.digest


def test_the_table_points_at_the_audio(rendered: Any) -> None:
    store = rendered.store
    placed = store.clips.sort_values("start")
    assert store.audio.dtype == np.int16
    assert placed["start"].tolist() == [0, *np.cumsum(placed["length"])[:-1]]
    assert len(store.audio) == store.clips["length"].sum()
    assert all(np.abs(store.samples(row)).max() > 5000 for row in range(0, len(store.clips), 17))
    measured = rendered.corpus.measure(store.samples(3), store.rate)
    assert measured == store.clips.loc[3, list(measured)].to_dict()


def test_every_protocol_splits_the_rendered_audio(rendered: Any, prints: Fingerprints) -> None:
    corpus, store = rendered.corpus, rendered.store
    for protocol, entry in corpus.protocols.items():
        split = entry.build(store.clips, split_seed=0, fold=0, folds=1)
        assert not set(split.train) & (set(split.validation) | set(split.test)), protocol
        untested = set(store.labels) - set(store.clips["label"].iloc[split.test])
        assert untested <= set(corpus.untested), protocol
        # Beside those of the table alone: two of sound, one of samples, one of side features, two of all folds.
        assert len(card(corpus, prints, [split])) == len(AUDITS) + len(corpus.audits) + 6


def failed(rendered: Any, prints: Fingerprints, protocol: str) -> set[str]:
    """The ids of the checks that fail under a protocol."""
    split = rendered.corpus.protocols[protocol].build(rendered.store.clips, split_seed=0, fold=0, folds=1)
    return {check.id for check in card(rendered.corpus, prints, [split]) if check.outcome == "fail"}


def test_the_corrected_protocol_has_no_leak(rendered: Any, prints: Fingerprints) -> None:
    # Of so few clips, and so few published excerpts.
    assert failed(rendered, prints, "corrected") <= {"B3", "B5", "B11", "B19"}


def test_the_same_seed_renders_the_same_audio(rendered: Any, tmp_path: Path) -> None:
    found = []
    for number, seed in enumerate([3, 3, 4]):
        folder = tmp_path / str(number)
        rendered.corpus.render(folder, seed, clips_per_class=1)
        found.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert found[0] == found[1] != found[2]


def test_an_unknown_corpus_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(InvalidSetting, match="did you mean 'philharmonia'"):
        CORPORA["filharmonia"]
