"""What a shell offers for a name that is begun; nothing is imported for it but what finds names."""

from studies.commands.home import usual


def studies_like(incomplete: str) -> list[str]:
    """The documents and studies whose names begin so, and `all`."""
    from analysis.findings import DOCUMENTS
    from studies import catalogue

    names = ["all", *DOCUMENTS, *(name for name in catalogue.names() if incomplete)]
    return [name for name in names if name.startswith(incomplete)]


def runs_like(incomplete: str) -> list[str]:
    """The runs below the usual home whose names begin so."""
    folder = usual() / "runs"
    return sorted(path.name for path in folder.glob("*") if path.is_dir() and path.name.startswith(incomplete))
