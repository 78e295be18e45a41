"""The tables of `etude list`."""

from fnmatch import fnmatchcase

from rich.table import Table

from analysis import findings
from analysis.findings import DOCUMENTS
from studies import catalogue
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
    names = [name for name in section.names if catalogue.declared(name).corpus == corpus]
    if names:
        return [shown("studies", Section(names, section.columns, section.row), pattern)]
    documents = [each for each in DOCUMENTS.values() if each.corpus == corpus]
    waiting = [[finding.id for finding in findings.of(each.name)] for each in documents]
    spans = " and ".join(f"{ids[0]} to {ids[-1]}" for ids in waiting if ids)
    return [f"Studies of {corpus}: none yet{f'; findings {spans} wait for one' if spans else ''}."]
