"""What étude knows: documents, studies, corpora, architectures, front ends, recipes, trainings, weights."""

from collections.abc import Callable, Iterable, Mapping

from rich.markup import escape
from rich.table import Table

from analysis.findings import DOCUMENTS, cited
from studies import study as registry
from studies.recipes import recipes as named_recipes
from trainables.architectures import ARCHITECTURES, usual_shape
from trainables.architectures.layers import Row, layer_table, without_numbers
from trainables.corpora import CORPORA
from trainables.errors import unknown
from trainables.frontends import FRONT_ENDS
from trainables.registry import Entry, Registry, Value
from trainables.trainings import TRAININGS
from trainables.weights import WEIGHTS

CLASSES = 10
"""How many classes an architecture of no document is shown with."""


def tables(section: str = "") -> list[Table]:
    """One table for each kind of thing that a command can name, or that of one section.

    Raises InvalidSetting for an unknown section, naming the nearest one.
    """
    if not section:
        return [make() for make in SECTIONS.values()]
    if section not in SECTIONS:
        raise unknown("section", section, SECTIONS)
    return [SECTIONS[section]()]


def layers(architecture: str) -> Table:
    """The layers of an architecture with its defaults, for one input of its usual shape."""
    entry = ARCHITECTURES[architecture]
    rows = layers_of(entry)
    shown = ((str(row["name"]), str(row["kind"]), str(row["output"]), *counts(row)) for row in rows)
    title = f"{architecture} at {written(usual_shape(entry))}, {classes(entry)} classes"
    columns = ("layer", "kind", "output", "parameters", "multiply-adds")
    return table(title, columns, [*shown, ("sum", "", "", *total(rows))], numbers=2)


def documents() -> Table:
    """The documents."""
    rows = ((each.key, each.name, each.authors, each.title, each.corpus) for each in DOCUMENTS.values())
    return table("Documents", ("id", "document", "authors", "title", "corpus"), rows)


def studies() -> Table:
    """The studies."""
    return table("Studies", ("study", "question", "findings"), map(study_row, registry.names()))


def corpora() -> Table:
    """The corpora."""
    rows = ((corpus.name, corpus.title, corpus.licence) for corpus in CORPORA.values())
    return table("Corpora", ("corpus", "title", "licence"), rows)


def architectures() -> Table:
    """The architectures by document, with what they have and cost at their usual input."""
    entries = sorted(ARCHITECTURES.values(), key=by_source)
    columns = ("architecture", "source", "input", "what it is", "parameters", "multiply-adds")
    result = table("Architectures", columns, map(architecture_row, entries), numbers=2)
    result.caption = f"for one input, channels x height x time, with as many classes as its document has, or {CLASSES}"
    return result


def recipes() -> Table:
    """The documents' recipes, with what is printed and what is guessed; the rest is as in `Recipe`."""
    columns = ("recipe", "source", "printed", "guessed", "to know")
    rows = (
        (name, ", ".join(each.sources), spelled(each.printed), spelled(each.guessed), each.note)
        for name, each in named_recipes().items()
    )
    return table("Recipes", columns, rows)


def spelled(settings: Mapping[str, Value]) -> str:
    """Settings as a user would set them."""
    return " ".join(f"{name}={value}" for name, value in settings.items()) or "nothing"


def weights() -> Table:
    """Published weights."""
    rows = ((each.name, each.title, each.licence) for each in WEIGHTS.values())
    return table("Weights", ("weights", "what they are", "licence"), rows)


SECTIONS: Mapping[str, Callable[[], Table]] = {
    "documents": documents,
    "studies": studies,
    "corpora": corpora,
    "architectures": architectures,
    "front-ends": lambda: registered("front end", FRONT_ENDS),
    "recipes": recipes,
    "trainings": lambda: registered("training", TRAININGS),
    "weights": weights,
}


def architecture_row(entry: Entry) -> tuple[str, ...]:
    """Name, source, usual input, summary, parameters and multiply-adds."""
    shape = written(usual_shape(entry))
    return entry.name, ", ".join(entry.sources), shape, entry.summary, *total(layers_of(entry))


def layers_of(entry: Entry) -> list[Row]:
    """The layers of an architecture with its defaults at its usual input."""
    network = without_numbers(lambda: entry.build(usual_shape(entry), classes(entry)))
    return layer_table(network, usual_shape(entry))


def classes(entry: Entry) -> int:
    """How many classes the document of an architecture has."""
    return next((document.classes for document in map(cited, entry.sources) if document), CLASSES)


def by_source(entry: Entry) -> tuple[bool, str, int, str]:
    """The document and the number of an architecture's first id, such as S2-A11; those of no document come last."""
    ids = [source for source in entry.sources if cited(source)]
    document, _, number = (ids or [""])[0].partition("-")
    return not ids, document, int("".join(filter(str.isdigit, number)) or 0), entry.name


def counts(row: Row) -> tuple[str, str]:
    """Parameters and multiply-adds of a layer, with their thousands apart."""
    return f"{row['parameters']:,}", f"{row['multiply_adds']:,}"


def total(rows: list[Row]) -> tuple[str, str]:
    """Parameters and multiply-adds of all layers together."""
    return counts({name: sum(int(row[name]) for row in rows) for name in ("parameters", "multiply_adds")})


def written(shape: Iterable[int]) -> str:
    """A shape as "1 x 64 x 80"."""
    return " x ".join(map(str, shape))


def study_row(name: str) -> tuple[str, str, str]:
    """Name, question and findings of a study."""
    study = registry.declared(name)
    return name, study.question, ", ".join(study.findings)


def registered(kind: str, entries: Registry) -> Table:
    """Name, sources and first docstring line of each registered function."""
    rows = ((entry.name, ", ".join(entry.sources), entry.summary) for entry in entries.values())
    return table(f"{kind.capitalize()}s", (kind, "source", "what it is"), rows)


def table(title: str, columns: Iterable[str], rows: Iterable[tuple[str, ...]], numbers: int = 0) -> Table:
    """A table for the terminal; the last columns may be `numbers`."""
    result = Table(*columns, title=title, title_justify="left")
    for column in result.columns[len(result.columns) - numbers :]:
        column.justify = "right"
        column.no_wrap = True
    for row in rows:
        result.add_row(*map(escape, row))
    return result
