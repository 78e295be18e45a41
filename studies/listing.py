"""What étude knows: documents, studies, corpora, architectures, front ends."""

from collections.abc import Iterable

from rich.table import Table

from studies import study as registry
from trainables.architectures import ARCHITECTURES
from trainables.corpora import CORPORA
from trainables.frontends import FRONT_ENDS
from trainables.registry import Registry


def tables() -> list[Table]:
    """One table for each kind of thing that a command can name."""
    corpora = ((corpus.name, corpus.title, corpus.licence) for corpus in CORPORA.values())
    return [
        table("Studies", ("study", "question", "findings"), map(study_row, registry.names())),
        table("Corpora", ("corpus", "title", "licence"), corpora),
        table("Architectures", ("architecture", "source", "what it is"), registered(ARCHITECTURES)),
        table("Front ends", ("front end", "source", "what it is"), registered(FRONT_ENDS)),
    ]


def study_row(name: str) -> tuple[str, str, str]:
    """Name, question and findings of a study."""
    study = registry.load(name)
    return name, study.question, ", ".join(study.findings)


def registered(entries: Registry) -> Iterable[tuple[str, str, str]]:
    """Name, sources and first docstring line of each registered function."""
    return ((entry.name, ", ".join(entry.sources), entry.summary) for entry in entries.values())


def table(title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    """A table for the terminal."""
    result = Table(*columns, title=title, title_justify="left")
    for row in rows:
        result.add_row(*row)
    return result
