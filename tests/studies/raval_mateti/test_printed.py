"""The models of Raval and Mateti are as printed, in full and reduced, and are told what the corpus offers."""

import pytest
import torch

from analysis.findings.raval_mateti import FAMILIES
from studies import catalogue
from studies.raval_mateti.model_1 import GOOD
from studies.raval_mateti.printed import M1, M2, TESTED, VALUES, narrowed, withheld
from studies.study import form
from trainables.architectures import network_of
from trainables.corpora import CORPORA
from trainables.corpora.nsynth import RECOGNISED

CORPUS = CORPORA["nsynth"]
STUDY = catalogue.load("raval_mateti/two_models")


def parameters(name: str, samples: int, scale: str = "cluster") -> int:
    found = form(STUDY, scale)
    with torch.device("meta"):
        network = network_of(found.printed(found.arm(name)), (1, 1, samples), len(FAMILIES))
    return sum(each.numel() for each in network.parameters())


def test_networks_have_as_many_weights_as_the_document_s_code() -> None:
    assert (parameters(M1.name, 8000), parameters(M2.name, 8013)) == (25_601_019, 3_210_243)


def test_a_reduced_form_is_narrower_and_has_fewer_notes() -> None:
    for scale, share, notes in (("laptop", 16, 300), ("smoke", 64, 10)):
        one, two = (form(STUDY, scale).arm(arm.name).settings for arm in (M1, M2))
        assert one["per_key"] == notes and "per_key" not in two
        assert parameters(M1.name, 8000, scale) < 1.1 * 25_601_019 / share
    assert narrowed("64-32", 8) == "8-4"


def test_values_and_families_are_those_of_the_corpus() -> None:
    assert CORPUS.side_features == VALUES
    assert CORPUS.classes == FAMILIES
    assert set(FAMILIES) - set(TESTED) == set(CORPUS.untested)
    assert GOOD == RECOGNISED


@pytest.mark.parametrize("told", [(), ("source",), ("pitch", "velocity", "source", "qualities")])
def test_what_is_not_told_is_withheld(told: tuple[str, ...]) -> None:
    left = [value for value in withheld(*told).split("+") if value]
    assert len(left) == 13 - sum(10 if feature == "qualities" else 1 for feature in told)
    assert not set(told) & set(left)
