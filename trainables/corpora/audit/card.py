"""The card of a protocol: every check of its data and its split."""

from collections.abc import Sequence

import numpy as np

from trainables.corpora.audit import copies, groups, inputs, labels
from trainables.corpora.audit.check import Audit, Check, evenly, worst
from trainables.corpora.audit.fingerprints import Fingerprints
from trainables.corpora.corpus import Corpus
from trainables.corpora.splits import Split

AUDITS: tuple[Audit, ...] = (groups.groups_crossing, labels.labels_apart, labels.selection_on_test, labels.imbalance)
"""Of every corpus, of the table of clips alone, fold by fold."""


def card(
    corpus: Corpus,
    fingerprints: Fingerprints,
    splits: Sequence[Split],
    *,
    side_features: Sequence[str] = (),
    chosen_by: np.ndarray | None = None,
) -> list[Check]:
    """All checks of a protocol, in the order of their ids; of several folds the worst, or all of them together.

    They are those of every corpus and those that this one declares. `fingerprints` is of the table that the protocol
    divides; `side_features` are the columns of it that any network of the study is given beside the audio; `chosen_by`
    the rows by which configurations are chosen, if they are.
    """
    clips = fingerprints.clips
    tested = np.unique(np.concatenate([split.test for split in splits]))
    found = [worst([audit(clips, split) for split in splits]) for audit in (*AUDITS, *corpus.audits)]
    found += [worst([neighbours(fingerprints, split, len(splits)) for split in splits])]
    found += [worst([copies.identical(corpus.copies, clips, split) for split in splits])]
    most_tested = copies.MOST_TESTED // len(splits)
    found += [worst([copies.alike(corpus.copies, clips, split, fingerprints, most_tested) for split in splits])]
    found += [worst([inputs.side_features(clips, split, side_features, corpus.side_features) for split in splits])]
    found += [labels.chosen_on_test(tested, chosen_by), labels.size_of_test(clips, tested)]
    return sorted(found, key=lambda check: int(check.id[1:]))


def neighbours(fingerprints: Fingerprints, split: Split, folds: int) -> Check:
    """B1: the nearest-neighbour probe, of as many clips as are compared by sound."""
    train = evenly(split.train, copies.MOST_TRAINED)
    test = evenly(split.test, copies.MOST_TESTED // folds)
    timbre = copies.mean_timbre(np.concatenate([train, test]), fingerprints)
    return groups.neighbours(fingerprints.clips, train, test, timbre)
