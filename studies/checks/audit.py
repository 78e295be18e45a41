"""The card of each protocol that a study uses, before anything is trained: see `trainables.corpora.audit`."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from analysis.protocols import HEADLINE
from studies.console import Step, silent
from studies.scale import Scale
from studies.study import Study
from studies.tasks import protocols_of
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.audit.card import card
from trainables.corpora.audit.check import Check, worst
from trainables.corpora.audit.fingerprints import Fingerprints
from trainables.corpora.audit.groups import leak_share
from trainables.corpora.audit.remembered import remembered
from trainables.corpora.store import Store
from trainables.data.features import given
from trainables.data.items import PARTS
from trainables.data.splitting import Divisions, divided_by
from trainables.registry import Value


@dataclass(frozen=True)
class AuditData:
    """What is audited: a study at a scale, its splits, and the fingerprints of its clips."""

    study: Study
    scale: Scale
    divisions: Divisions
    fingerprints: Fingerprints


def protocol_cards(study: Study, scale: Scale, store: Store, step: Step = silent) -> dict[str, Any]:
    """The sizes and the card of each protocol that confirm uses; of several folds those of the first division."""
    if not study.arms:
        return {}
    data = AuditData(study, scale, Divisions(store), Fingerprints(store.audio, store.rate, store.clips))
    names, cards = protocols_of(study), {}
    for done, protocol in enumerate(names):
        step("auditing protocols", done, len(names))
        cards[protocol] = protocol_card(data, protocol)
    step("auditing protocols", len(names), len(names))
    return cards


def protocol_card(data: AuditData, protocol: str) -> dict[str, Any]:
    """One protocol: sizes, leak share and checks, the worst of all ways in which the arms divide the data."""
    found = list(ways(data.study, data.scale, protocol))
    cards = [audited(data, way) for way in found]
    first = data.divisions.of(found[0][0])
    table, split = first.table, first.split
    return {
        "counts": {part: len(getattr(split, part)) for part in PARTS},
        "groups": int(table["group"].iloc[split.test].nunique()),
        "folds": len(found[0]),
        "leak_share": leak_share(table, split),
        "checks": [asdict(worst(each, "ways to divide the data")) for each in zip(*cards, strict=True)],
        "guessed": list(data.study.guessed),
    }


def ways(study: Study, scale: Scale, protocol: str) -> Iterator[list[Configuration]]:
    """Each way in which arms divide the data under a protocol: a configuration for each fold of it."""
    folds = scale.folds_of(protocol)
    place: dict[str, Value] = {"protocol": protocol, "folds": folds}
    different = {divided_by(study.configured(arm, place)): arm for arm in reversed(study.arms)}
    for arm in reversed(different.values()):
        yield [study.configured(arm, {**place, "fold": fold}) for fold in range(folds)]


def audited(data: AuditData, folds: Sequence[Configuration]) -> list[Check]:
    """The checks of the folds of a division, which a store is asked once for all studies that divide it alike."""
    study = data.study
    features = list(dict.fromkeys(name for arm in study.arms for name in given(study.printed(arm))))
    chooses = bool(study.tuned) and folds[0]["protocol"] == HEADLINE.name
    question = [study.corpus, *(divided_by(fold) for fold in folds), features, chooses]
    return remembered(data.divisions.store.path, question, lambda: asked(data, folds, features, chooses))


def asked(data: AuditData, folds: Sequence[Configuration], features: list[str], chooses: bool) -> list[Check]:
    divisions, chosen_by = data.divisions, None
    if chooses:
        explored = {**folds[0].settings, "fold": 0, "folds": 1, "split_seed": 0}
        chosen_by = divisions.of(replace(folds[0], settings=explored)).split.validation
    table, splits = divisions.of(folds[0]).table, [divisions.of(fold).split for fold in folds]
    fingerprints = data.fingerprints.over(table)
    return card(CORPORA[data.study.corpus], fingerprints, splits, side_features=features, chosen_by=chosen_by)
