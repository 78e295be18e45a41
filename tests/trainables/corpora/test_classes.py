"""Plan, report and trial give a network as many outputs, under every protocol of every corpus."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from studies.checks import probing
from studies.checks.probing import memory_of, probe
from studies.checks.validity import Buildable
from studies.driver.run import architecture
from studies.study import Arm, Study, arm
from trainables.architectures import ARCHITECTURES
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.store import Store
from trainables.data.features import build
from trainables.data.items import PARTS
from trainables.data.splitting import Divisions
from trainables.data.trial_data import TrialData
from trainables.registry import Entry
from trainables.trainings import TRAININGS

CPU = torch.device("cpu")
FIXED = {"architecture": "counting", "seconds": 0.25, "frame": 512, "hop": 256, "bands": 16, "frames": 10}
CASES = [(corpus, protocol) for corpus in sorted(CORPORA) for protocol in CORPORA[corpus].protocols]


@pytest.fixture(autouse=True)
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The epoch whose memory is counted is trained, but not traced, which takes longer than all else here."""
    monkeypatch.setattr(probing, "peak_of_epoch", lambda fit: len(fit.epoch()))


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of classes that networks have been built for."""
    found: list[int] = []

    def counting(shape: tuple[int, ...], classes: int) -> nn.Module:
        found.append(classes)
        return nn.Sequential(nn.Flatten(), nn.Linear(prod(shape), classes))

    monkeypatch.setitem(ARCHITECTURES._entries, "counting", Entry("counting", counting))
    return found


def study_under(corpus: str, protocol: str, **fixed: Any) -> Study:
    class Under(Study):
        """A study all of whose trials are under one protocol."""

        def configured(self, arm: Arm, settings: Mapping[str, Any]) -> Configuration:
            return super().configured(arm, {"protocol": protocol, **settings})

    printed = {"document": "yun_bi", "section": "", "title": "", "question": "", "epochs": 1, "corpus": corpus}
    return Under(**printed, fixed={**FIXED, **fixed}, arms=(arm("one"), arm("two", learning_rate=2e-3)))


def test_the_cost_of_published_excerpts_is_known_before_a_run(rendered_corpus: Callable[[str], Any]) -> None:
    for corpus, costs in (("irmas", True), ("gtzan", False)):
        study, store = study_under(corpus, "corrected", architecture="linear"), rendered_corpus(corpus).store
        found = probe(study, Divisions(store), study.arms[0], CPU)
        assert (found.excerpts > 0) == costs


def count_all(study: Study, store: Store, training: Callable[[TrialData], object]) -> TrialData:
    """Build the network of a study's first arm as plan, report and trial do."""
    divisions, configuration = Divisions(store), study.printed(study.arms[0])
    assert Buildable(store).why_not(configuration) is None
    probe(study, divisions, study.arms[0], CPU)
    memory_of(study, divisions, study.arms[0])
    architecture(divisions, configuration)
    data = TrialData(configuration, divisions.of(configuration), build(store, configuration, CPU))
    training(data)
    return data


@pytest.mark.parametrize(("corpus", "protocol"), CASES)
@pytest.mark.parametrize("loss", ["cross_entropy", "bce"])
def test_all_count_as_many_classes(
    corpus: str, protocol: str, loss: str, rendered_corpus: Callable[[str], Any], counts: list[int]
) -> None:
    study, store = study_under(corpus, protocol, loss=loss), rendered_corpus(corpus).store
    data = count_all(study, store, TRAININGS["classification"].build)
    division = Divisions(store).of(data.configuration)
    used = division.table.iloc[np.concatenate([getattr(division.split, part) for part in PARTS])]
    assert len(counts) >= 5
    assert set(counts) == {used["label"].nunique()} == {len(data.classes)}


def test_training_says_how_many_outputs_its_network_has(
    rendered_corpus: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, entry = [], ARCHITECTURES["dcgan_discriminator"]

    def recorded(shape: tuple[int, ...], classes: int, **parameters: Any) -> nn.Module:
        found.append(classes)
        return entry.build(shape, classes, **parameters)

    monkeypatch.setitem(ARCHITECTURES._entries, entry.name, replace(entry, build=recorded))
    images = {"front_end": "mfcc_image", "frame": 1024, "side": 32, "architecture": entry.name, "width": 4}
    printed = {"document": "lunger_rho", "section": "", "title": "", "question": "", "epochs": 1}
    arms = (arm("one"), arm("two", learning_rate=2e-3))
    fixed = {"training": "dcgan", "seconds": 0.25, "batch_size": 4, **images}
    study = Study(**printed, corpus="philharmonia", fixed=fixed, arms=arms)
    count_all(study, rendered_corpus("philharmonia").store, partial(TRAININGS["dcgan"].build, generator_width=4))
    assert set(found) == {1}
