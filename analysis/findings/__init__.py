"""The register of what the documents claim, one module per document."""

from collections.abc import Mapping

from analysis.errors import unknown
from analysis.findings import fagan, hefetz_dahan, lunger_rho, raval_mateti, yun_bi
from analysis.findings.contradictions import CONTRADICTIONS
from analysis.findings.register import Contradiction, Document, Finding

MODULES = (lunger_rho, hefetz_dahan, fagan, raval_mateti, yun_bi)
DOCUMENTS: Mapping[str, Document] = {module.DOCUMENT.name: module.DOCUMENT for module in MODULES}
_FINDINGS: Mapping[str, Finding] = {finding.id: finding for module in MODULES for finding in module.FINDINGS}

__all__ = ["CONTRADICTIONS", "DOCUMENTS", "Contradiction", "Document", "Finding", "all", "get", "of"]


def all() -> tuple[Finding, ...]:
    """Every finding, by document and in its order."""
    return tuple(_FINDINGS.values())


def get(id: str) -> Finding:
    """The finding of that id; raises RunError, naming the nearest, for an unknown one."""
    if id not in _FINDINGS:
        raise unknown("finding", id, _FINDINGS)
    return _FINDINGS[id]


def of(document: str) -> tuple[Finding, ...]:
    """The findings of a document, by its name in code."""
    return tuple(finding for finding in _FINDINGS.values() if finding.document == document)
