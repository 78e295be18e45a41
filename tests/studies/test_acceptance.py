"""The register, the studies and what the documents print, against each other.

`acceptance.csv` has a line for each finding: the lines of its document, its claim type, the figures that the document
prints of it, and those that follow from printed ones, such as a difference in points.
"""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis import findings
from analysis.claims import KINDS, Better, Claim, ClassShare, Fact, Interaction, Level, Recall, Share
from studies import catalogue
from studies.study import Study

FIGURE = re.compile(r"\d[\d,]*\.?\d*|\.\d+")
SERVE: Mapping[str, tuple[str, ...]] = {
    "DIR": ("DIR", "PROP", "OPT", "SPREAD", "RECALL", "slope"),
    "EQ": ("EQ",),
    "NI": ("NI",),
    "OPT": ("OPT",),
    "SAT": ("SAT",),
    "LEV": ("LEV", "EQ"),
    "PROP": ("PROP", "CLASSES", "RUNS"),
    "ORD": ("ORD", "PROP", "IMPORTANCE", "UNEQ"),
    "INT": ("INT", "RECALL", "slope", "EQ", "DIR"),
    "CURVE": ("DIR", "EQ", "LEV", "COST"),
    "COST": ("COST", "LEV", "DIR", "RUNS"),
    "FACT": ("FACT", "EQ"),
    "HYP": tuple(KINDS),
}
"""By the type of a finding the kinds of claim that test it; whatever its type, HYP estimates what else is told."""
SCALES = (1.0, 100.0, 0.01)
"""A share is printed as one or in percent."""


@dataclass(frozen=True)
class Accepted:
    """What a document says where: the lines, the claim type, and figures."""

    lines: str
    kind: str
    printed: frozenset[float]
    computed: frozenset[float]

    def has(self, figure: float) -> bool:
        """Whether a figure is printed or follows from what is."""
        return any(abs(scale * figure - each) < 1e-9 for scale in SCALES for each in self.printed | self.computed)


def read() -> dict[str, Accepted]:
    with Path(__file__).with_name("acceptance.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["id"]: Accepted(row["lines"], row["kind"], numbers(row["printed"]), numbers(row["computed"]))
        for row in rows
    }


def numbers(text: str) -> frozenset[float]:
    return frozenset(map(float, text.split()))


ACCEPTED = read()


def types(kind: str) -> Counter[str]:
    """The types in the kind of a finding, with how often: "HYP (EQ + COST)" and "DIR x2" as EQ, COST and DIR twice.

    HYP is one of them where no other stands behind it in brackets.
    """
    parts = re.findall(r"\b([A-Z]+)\b(?: x(\d))?(?! \()", kind)
    return Counter({name: int(times or 1) for name, times in parts})


def test_types_of_a_kind() -> None:
    assert types("HYP (EQ + COST)") == {"EQ": 1, "COST": 1}
    assert types("DIR x7 + PROP") == {"DIR": 7, "PROP": 1}
    assert types("HYP (EQ) + COST") == {"EQ": 1, "COST": 1}
    assert types("HYP x4") == {"HYP": 4}


def figures(text: str) -> list[float]:
    return [float(each.replace(",", "")) for each in FIGURE.findall(text)]


def stated(claim: Claim) -> list[float]:
    """The figures that a claim says the document prints; not whether a fact is so, nor that something is above 0."""
    if not isinstance(claim, Better | Interaction | Recall | Level | Fact | Share | ClassShare):
        return []
    given = [claim.printed, getattr(claim, "upper", None)]
    plain = (0.0, 1.0) if isinstance(claim, Fact) else (0.0,)
    return [figure for figure in given if figure is not None and figure not in plain]


def test_the_register_has_what_is_accepted_with_its_lines_and_type() -> None:
    registered = {finding.id: (finding.lines, finding.kind) for finding in findings.all()}
    assert registered == {id: (each.lines, each.kind) for id, each in ACCEPTED.items()}


def test_the_figures_of_the_register_are_printed() -> None:
    others = {f.id: [each for each in figures(f.printed) if not ACCEPTED[f.id].has(each)] for f in findings.all()}
    assert not {id: found for id, found in others.items() if found}


@pytest.mark.parametrize("document", findings.DOCUMENTS)
def test_a_finding_is_tested_by_one_study(document: str) -> None:
    """Of several runs one counts, so that parts in two studies would never be one finding."""
    assert not {finding: names for finding, names in studies_of(document).items() if len(names) > 1}


def studies_of(document: str) -> dict[str, list[str]]:
    """The studies that test each finding of a document."""
    found: dict[str, list[str]] = {}
    for name in (name for name in catalogue.names() if name.startswith(f"{document}/")):
        for finding in catalogue.declared(name).tested:
            found.setdefault(finding, []).append(name)
    return found


def of_finding(study: Study, finding: str) -> list[Claim]:
    return [claim for claim in study.claims if claim.finding == finding]


@pytest.mark.parametrize("name", catalogue.names())
class TestEveryStudy:
    def test_the_figures_of_its_claims_are_printed(self, name: str) -> None:
        claims = catalogue.declared(name).claims
        others = {c.name: [each for each in stated(c) if not ACCEPTED[c.finding].has(each)] for c in claims}
        assert not {name: found for name, found in others.items() if found}

    def test_its_claims_serve_the_types_of_their_findings(self, name: str) -> None:
        study = catalogue.declared(name)
        for finding in study.tested:
            kinds, wanted = [claim.kind for claim in of_finding(study, finding)], types(ACCEPTED[finding].kind)
            assert not set(kinds) - {kind for each in wanted for kind in SERVE[each]} - {"HYP"}, (finding, kinds)
            for each, times in wanted.items():
                assert sum(kind in SERVE[each] for kind in kinds) >= times, (finding, kinds)

    def test_hypotheses_and_only_these_are_marked(self, name: str) -> None:
        study = catalogue.declared(name)
        for claim in study.claims:
            kind = ACCEPTED[claim.finding].kind
            alone = "HYP" in kind and " + " not in re.sub(r"\(.*\)", "", kind)
            assert claim.hypothesis or not alone, claim.name
            assert "HYP" in kind or not claim.hypothesis or claim.kind == "HYP", claim.name
