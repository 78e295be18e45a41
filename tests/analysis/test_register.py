"""The register of findings and the reference lines: complete, unique, well-formed."""

import os
import re
from pathlib import Path

import pytest

from analysis import findings
from analysis.errors import RunError
from analysis.findings.register import Document
from analysis.references import REFERENCES, references

PLAIN = "DIR|EQ|NI|OPT|SAT|LEV|PROP|ORD|INT|CURVE|COST|FACT|HYP"
KIND = re.compile(rf"({PLAIN})( x\d)?( \((({PLAIN})( \+ )?)+\))?")


def test_ids_are_unique_and_documents_known() -> None:
    ids = [finding.id for finding in findings.all()]
    assert len(ids) == len(set(ids))
    for finding in findings.all():
        assert finding.id.startswith(findings.DOCUMENTS[finding.document].key + "-")


def test_a_finding_is_one_sentence_with_lines_and_a_known_type() -> None:
    for finding in findings.all():
        assert re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", finding.lines), finding
        assert all(KIND.fullmatch(kind) for kind in re.split(r" \+ (?![^(]*\))", finding.kind)), finding
        assert finding.statement[0].isupper() or finding.statement[0].isdigit(), finding
        assert finding.statement.endswith(".") and "\n" not in finding.statement, finding


def test_a_finding_has_words_of_its_document() -> None:
    for finding in findings.all():
        assert 3 <= len(finding.quote) <= 160 and finding.quote == " ".join(finding.quote.split()), finding


@pytest.mark.parametrize("document", findings.DOCUMENTS.values(), ids=lambda document: document.name)
def test_the_words_stand_in_the_lines_that_are_named(document: Document) -> None:
    folder = os.environ.get("ETUDE_DOCUMENTS")
    if not folder:
        pytest.skip("ETUDE_DOCUMENTS names no folder with the documents' texts")
    (file,) = Path(folder).glob(f"{document.key.removeprefix('S').zfill(3)}_*.txt")
    text = file.read_text(encoding="utf-8").split("\n")
    for finding in findings.of(document.name):
        spans = [each.split("-") for each in finding.lines.split(", ")]
        said = " ".join(" ".join(text[int(span[0]) - 1 : int(span[-1])]) for span in spans)
        pieces = map(re.escape, finding.quote.split(" … "))
        assert re.search(".*".join(pieces), " ".join(said.split())), finding


def test_an_unknown_finding_names_the_nearest() -> None:
    assert findings.get("S4-F3").document == "yun_bi"
    with pytest.raises(RunError, match="Unknown finding 'S4-F33': did you mean 'S4-F"):
        findings.get("S4-F33")


def test_contradictions_name_findings_of_their_document() -> None:
    found = [(document.name, each) for document in findings.DOCUMENTS.values() for each in document.contradictions]
    ids = [each.id for _, each in found]
    assert sorted(ids) == sorted(f"X{number}" for number in range(1, 36))
    assert all(findings.get(id).document == name for name, each in found for id in each.findings)


def test_sources_that_are_ids_belong_to_documents() -> None:
    assert findings.cited("S2-A11") is findings.DOCUMENTS["fagan"]
    assert findings.cited("He et al. 2016") is None


def figures(drawn_by: str, *arms: str) -> dict[str, set[str]]:
    """The arms that each figure drawn by that function shows, of those of Yun and Bi that show any."""
    declared = [each for each in findings.DOCUMENTS["yun_bi"].figures if each.drawn_by == drawn_by]
    return {each.id: set(each.arms(arms)) for each in declared if each.arms(arms)}


def test_figures_follow_the_legends_of_the_document() -> None:
    lenets = [f"LeNet_{k}_{b}*80" for k in ("5*5", "3*8") for b in (64, 128)]
    lstms = [f"LSTM_{u}_{b}*80" for u in ("64", "128", "128+128", "128+64") for b in (64, 128)]
    shown = figures("curves.compared", *lenets, *lstms)
    assert shown["S4-G5"] == {*lenets, *lstms}
    assert shown["S4-G6"] == {"LeNet_5*5_64*80", "LeNet_3*8_64*80"}
    assert shown["S4-G7"] == {"LSTM_64_64*80", "LSTM_128_64*80"}
    assert shown["S4-G8"] == {"LSTM_128_64*80", "LSTM_128+128_64*80", "LSTM_128+64_64*80"}
    assert shown["S4-G9"] == {"LSTM_128+128_64*80", "LSTM_128+64_64*80"}
    assert shown["S4-G10"] == {"LeNet_3*8_64*80", "LSTM_128+128_128*80"}
    assert figures("layers.networks", *lenets, *lstms) == {
        "S4-G1": set(lenets),
        "S4-G3": set(lstms),
        "S4-G4": set(lenets),
    }


def test_figures_show_no_arms_that_have_no_legend_or_are_not_compared() -> None:
    assert figures("curves.compared", "LSTM_128_64*80", "something else") == {"S4-G7": {"LSTM_128_64*80"}}
    assert figures("layers.networks", "something else") == {}


def test_no_reference_line_lacks_a_source() -> None:
    assert all(str(value).strip() for reference in REFERENCES for value in vars(reference).values())


def test_reference_values_fit_their_metric() -> None:
    assert all(1 < r.value < 100 if r.metric == "accuracy" else 0 < r.value < 1 for r in REFERENCES)


def test_references_are_chosen_by_corpus() -> None:
    assert {r.value for r in references("philharmonia")} == {93.5, 80.2, 83.0}
    assert {r.corpus for r in references("gtzan")} == {"gtzan"}
    assert references("nowhere") == ()
