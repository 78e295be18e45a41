"""The tables of `etude list`."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from rich.table import Table
from rich.text import Text

from analysis import findings
from analysis.findings import DOCUMENTS
from studies import catalogue
from studies.commands.as_json import FORMAT, Listed, ListedSection
from studies.commands.sections import SECTIONS, Section, studies
from studies.console import table
from trainables.errors import InvalidSetting, unknown


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


def as_data(section: str = "", pattern: str = "", corpus: str = "") -> Listed:
    """What is listed, as data: the rows of one section, without one the studies."""
    found = [each for each in listed(section, pattern, corpus) if isinstance(each, Table)]
    numbers = SECTIONS[section or "studies"]().numbers
    sections = (ListedSection(section or "studies", tuple(rows_of(each, numbers))) for each in found)
    return Listed(FORMAT, tuple(sections))


def rows_of(shown: Table, numbers: int) -> Iterator[dict[str, str | int]]:
    """The rows of a table by column, of which the last are `numbers`."""
    heads = [str(column.header).replace(" ", "_").replace("-", "_") for column in shown.columns]
    for cells in zip(*(column.cells for column in shown.columns), strict=True):
        texts = [Text.from_markup(cell).plain if isinstance(cell, str) else str(cell) for cell in cells]
        split = len(texts) - numbers
        values: list[str | int] = [*texts[:split], *(int(text.replace(",", "")) for text in texts[split:])]
        yield dict(zip(heads, values, strict=True))


def counts() -> str:
    numbers = [f"{len(make().names)} {title(name).lower()}" for name, make in SECTIONS.items()]
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


def studies_of(corpus: str, pattern: str) -> list[Table | str]:
    """The studies of a corpus, or the findings that wait for one."""
    from trainables.corpora import CORPORA

    _ = CORPORA[corpus]
    section = studies()
    names = [name for name, study in catalogue.every().items() if study.corpus == corpus]
    if names:
        return [shown("studies", Section(names, section.columns, section.row), pattern)]
    documents = [each for each in DOCUMENTS.values() if each.corpus == corpus]
    waiting = [[finding.id for finding in findings.of(each.name)] for each in documents]
    spans = " and ".join(f"{ids[0]} to {ids[-1]}" for ids in waiting if ids)
    return [f"Studies of {corpus}: none yet{f'; findings {spans} wait for one' if spans else ''}."]
