"""The register of what the documents claim: a module each, with a `DOCUMENT` and its `FINDINGS`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from analysis.errors import unknown
from analysis.findings.register import Contradiction, Document, Finding, PrintedFigure

_MODULES = [
    import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if module.name != "register"
]
_MODULES.sort(key=lambda module: module.DOCUMENT.key)

DOCUMENTS: Mapping[str, Document] = {module.DOCUMENT.name: module.DOCUMENT for module in _MODULES}
_FINDINGS: Mapping[str, Finding] = {finding.id: finding for module in _MODULES for finding in module.FINDINGS}

__all__ = ["DOCUMENTS", "Contradiction", "Document", "Finding", "PrintedFigure", "all", "cited", "get", "of"]


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


def cited(source: str) -> Document | None:
    """The document of an id such as "S4-A1"; None for any other source."""
    key = source.partition("-")[0]
    return next((document for document in DOCUMENTS.values() if document.key == key), None)
