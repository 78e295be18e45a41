"""The models of Raval and Mateti are as printed, in full and reduced, and are given what the corpus offers."""

import pytest
import torch

from analysis.findings.raval_mateti import FAMILIES
from studies import catalogue
from studies.raval_mateti.printed import M1, M2, TESTED, narrowed, withheld
from studies.study import form
from trainables.architectures import network_of
from trainables.corpora import CORPORA

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


def test_families_of_the_register_are_those_of_the_corpus() -> None:
    assert CORPUS.classes == FAMILIES
    assert set(FAMILIES) - set(TESTED) == set(CORPUS.untested)


@pytest.mark.parametrize("given", [(), ("source",), ("pitch", "velocity", "source", "qualities")])
def test_what_is_not_told_is_withheld(given: tuple[str, ...]) -> None:
    left = [value for value in withheld(*given).split("+") if value]
    assert len(left) == 13 - sum(10 if feature == "qualities" else 1 for feature in given)
    assert not set(given) & set(left)
