"""What étude knows, in sections of what a command can name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rich.table import Table

from analysis import findings
from analysis.findings import DOCUMENTS
from studies import catalogue
from studies.console import table
from trainables.errors import InvalidSetting, unknown
from trainables.registry import Registry, Value


@dataclass(frozen=True)
class Section:
    """A kind of thing that a command can name: the names, and a row of cells for each, which begins with the name.

    The last columns may be `numbers`.
    """

    names: Iterable[str]
    columns: tuple[str, ...]
    row: Callable[[str], tuple[str, ...]]
    numbers: int = 0
    caption: str = ""


def listed(section: str = "", pattern: str = "", corpus: str = "") -> list[Table | str]:
    """The table of a section, of what matches the pattern; without a section, counts and the studies.

    Raises InvalidSetting for an unknown section or corpus, naming the nearest one, and for what nothing matches.
    """
    if section not in ("", *SECTIONS):
        raise unknown("section", section, SECTIONS)
    if corpus:
        if section not in ("", "studies"):
            raise InvalidSetting(f"--corpus is for studies, not for {section}: leave it out.")
        return studies_of(corpus, pattern)
    if section:
        return [shown(section, SECTIONS[section](), pattern)]
    return [counts(), shown("studies", studies(), pattern)]


def counts() -> str:
    numbers = [f"{sum(1 for _ in make().names)} {title(name).lower()}" for name, make in SECTIONS.items()]
    return f"{', '.join(numbers)}; `etude list SECTION` shows them, `etude list SECTION 'PATTERN*'` some."


def shown(name: str, section: Section, pattern: str = "") -> Table:
    names = [each for each in section.names if fnmatchcase(each, pattern or "*")]
    if pattern and not names:
        raise unknown(title(name).lower(), pattern, section.names)
    rows = map(section.row, names)
    return table(title(name), section.columns, rows, numbers=section.numbers, caption=section.caption)


def title(section: str) -> str:
    return section.replace("-", " ").capitalize()


def layers(architecture: str) -> list[Table]:
    from studies.commands.architectures import layers

    return [layers(architecture)]


def documents() -> Section:

    def row(name: str) -> tuple[str, ...]:
        each = DOCUMENTS[name]
        return name, each.key, each.authors, each.title, each.corpus

    return Section(DOCUMENTS, ("document", "id", "authors", "title", "corpus"), row)


def studies() -> Section:
    return Section(catalogue.names(), ("study", "document", "corpus", "findings", "question"), study_row)


def study_row(name: str) -> tuple[str, ...]:
    study = catalogue.declared(name)
    return name, DOCUMENTS[study.document].authors, study.corpus, ", ".join(study.findings), study.question


def studies_of(corpus: str, pattern: str) -> list[Table | str]:
    """The studies of a corpus, or the findings that wait for one."""
    from trainables.corpora import CORPORA

    _ = CORPORA[corpus]
    section = studies()
    names = [name for name in section.names if catalogue.declared(name).corpus == corpus]
    if names:
        return [shown("studies", Section(names, section.columns, section.row), pattern)]
    documents = [each for each in DOCUMENTS.values() if each.corpus == corpus]
    waiting = [[finding.id for finding in findings.of(each.name)] for each in documents]
    spans = " and ".join(f"{ids[0]} to {ids[-1]}" for ids in waiting if ids)
    return [f"Studies of {corpus}: none yet{f'; findings {spans} wait for one' if spans else ''}."]


def corpora() -> Section:
    from trainables.corpora import CORPORA

    columns = ("corpus", "title", "licence")
    return Section(CORPORA, columns, lambda name: (name, CORPORA[name].title, CORPORA[name].licence))


def architectures() -> Section:
    """The architectures by document, with what they have and cost at their usual input."""
    from studies.commands.architectures import CAPTION, COLUMNS, in_order, row

    return Section(in_order(), COLUMNS, row, numbers=2, caption=CAPTION)


def front_ends() -> Section:
    from trainables.frontends import FRONT_ENDS

    return registered(FRONT_ENDS)


def recipes() -> Section:
    """The documents' recipes, with what is printed and what is guessed; the rest is as in `Recipe`."""
    from studies.recipes import recipes

    known = recipes()

    def row(name: str) -> tuple[str, ...]:
        each = known[name]
        return name, ", ".join(each.sources), spelled(each.printed), spelled(each.guessed), each.note

    return Section(known, ("recipe", "source", "printed", "guessed", "to know"), row)


def spelled(settings: Mapping[str, Value]) -> str:
    """Settings as a user would set them."""
    return " ".join(f"{name}={value}" for name, value in settings.items()) or "nothing"


def trainings() -> Section:
    from trainables.trainings import TRAININGS

    return registered(TRAININGS)


def registered(entries: Registry) -> Section:
    """Name, sources and first docstring line of each registered function."""

    def row(name: str) -> tuple[str, ...]:
        return name, ", ".join(entries[name].sources), entries[name].summary

    return Section(entries, (entries.kind, "source", "what it is"), row)


def weights() -> Section:
    from trainables.weights import WEIGHTS

    columns = ("weights", "what they are", "licence")
    return Section(WEIGHTS, columns, lambda name: (name, WEIGHTS[name].title, WEIGHTS[name].licence))


SECTIONS: Mapping[str, Callable[[], Section]] = {
    "documents": documents,
    "studies": studies,
    "corpora": corpora,
    "architectures": architectures,
    "front-ends": front_ends,
    "recipes": recipes,
    "trainings": trainings,
    "weights": weights,
}
