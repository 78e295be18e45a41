"""The register of findings and the reference lines: complete, unique, well-formed."""

import re

import pytest

from analysis import findings
from analysis.errors import RunError
from analysis.references import REFERENCES, references

COUNTS = {"S4": 20}
PLAIN = "DIR|EQ|NI|OPT|SAT|LEV|PROP|ORD|INT|CURVE|COST|FACT|HYP"
KIND = re.compile(rf"({PLAIN})( x\d)?( \((({PLAIN})( \+ )?)+\))?")


@pytest.mark.parametrize("key", COUNTS)
def test_no_finding_is_missing(key: str) -> None:
    ids = [finding.id for finding in findings.all() if re.fullmatch(rf"{key}-F\d+[a-d]?", finding.id)]
    assert len(ids) == len(set(ids)) == COUNTS[key]


def test_ids_are_unique_and_documents_known() -> None:
    ids = [finding.id for finding in findings.all()]
    assert len(ids) == len(set(ids))
    for finding in findings.all():
        assert finding.id.startswith(findings.DOCUMENTS[finding.document].key + "-")


@pytest.mark.parametrize("finding", findings.all(), ids=lambda finding: finding.id)
def test_a_finding_is_one_sentence_with_lines_and_a_known_type(finding: findings.Finding) -> None:
    assert re.fullmatch(r"[\d, -]+", finding.lines)
    assert all(KIND.fullmatch(kind) for kind in re.split(r" \+ (?![^(]*\))", finding.kind)), finding.kind
    assert finding.statement[0].isupper() or finding.statement[0].isdigit()
    assert finding.statement.endswith(".") and "\n" not in finding.statement


def test_an_unknown_finding_names_the_nearest() -> None:
    assert findings.get("S4-F3").document == "yun_bi"
    with pytest.raises(RunError, match="Unknown finding 'S4-F33': did you mean 'S4-F"):
        findings.get("S4-F33")


def test_contradictions_name_findings_that_exist() -> None:
    ids = [c.id for c in findings.CONTRADICTIONS]
    assert len(ids) == len(set(ids))
    assert {"X22", "X23", "X24", "X25", "X26", "X27"} <= set(ids)
    assert all(findings.get(id).id == id for c in findings.CONTRADICTIONS for id in c.findings)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: f"{r.corpus}-{r.metric}-{r.value}")
def test_no_reference_line_lacks_a_source(reference: object) -> None:
    assert all(str(value).strip() for value in vars(reference).values())


def test_reference_values_fit_their_metric() -> None:
    assert all(1 < r.value < 100 if r.metric == "accuracy" else 0 < r.value < 1 for r in REFERENCES)


def test_references_are_chosen_by_corpus_and_protocol() -> None:
    assert {r.value for r in references("philharmonia")} == {93.5, 80.2, 83.0}
    assert {r.protocol for r in references("gtzan", "random 10-fold")} == {"random 10-fold"}
    assert references("nowhere") == ()
