"""What étude knows, in sections of what can be added and named: how each kind is found, and what a row says of it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from analysis.findings import DOCUMENTS
from studies import catalogue
from studies.study import Study
from trainables.registry import Registry, Value

T = TypeVar("T")


@dataclass(frozen=True)
class Section:
    """A kind of thing: the names, and a row of cells for each, which begins with the name.

    The last columns may be `numbers`.
    """

    names: Collection[str]
    columns: tuple[str, ...]
    row: Callable[[str], tuple[str, ...]]
    numbers: int = 0
    caption: str = ""


def of(entries: Mapping[str, T], columns: tuple[str, ...], cells: Callable[[T], Iterable[str]]) -> Section:
    """The section of a registry, with what `cells` says of each entry after its name."""
    return Section(entries, columns, lambda name: (name, *cells(entries[name])))


def registered(entries: Registry) -> Section:
    """Name, sources and first docstring line of each registered function."""
    return of(entries, (entries.kind, "source", "what it is"), lambda each: (", ".join(each.sources), each.summary))


def documents() -> Section:
    columns = ("document", "id", "authors", "title", "corpus", "link")
    return of(DOCUMENTS, columns, lambda each: (each.key, each.authors, each.title, each.corpus, each.url))


def studies() -> Section:
    return of(catalogue.every(), ("study", "document", "corpus", "findings", "question"), study_cells)


def study_cells(study: Study) -> tuple[str, ...]:
    authors = DOCUMENTS[study.document].authors if study.document else ""
    return authors, study.corpus, ", ".join(study.tested), study.question


def arms() -> Section:
    """The arms of all studies, with the settings in which each differs from the others of its study."""
    known = {f"{name}/{arm.name}": arm for name, study in catalogue.every().items() for arm in study.arms}
    return of(known, ("arm", "what is its own"), lambda arm: (spelled(arm.settings),))


def corpora() -> Section:
    from trainables.corpora import CORPORA

    return of(CORPORA, ("corpus", "title", "licence"), lambda each: (each.title, each.licence))


def protocols() -> Section:
    from analysis.protocols import PROTOCOLS

    columns = ("protocol", "in words", "configuration", "verdicts")
    return of(
        PROTOCOLS,
        columns,
        lambda each: (each.title, each.judged_by.replace("_", " "), "yes" if each.judges else "no, only shown"),
    )


def architectures() -> Section:
    """The architectures by document, with what they have and cost at their usual input."""
    from studies.commands.architectures import CAPTION, COLUMNS, in_order, row

    return Section(in_order(), COLUMNS, row, numbers=2, caption=CAPTION)


def front_ends() -> Section:
    from trainables.frontends import FRONT_ENDS

    return registered(FRONT_ENDS)


def augmentations() -> Section:
    from trainables.augmentation import AUGMENTATIONS

    return registered(AUGMENTATIONS)


def trainings() -> Section:
    from trainables.trainings import TRAININGS

    return registered(TRAININGS)


def recipe_settings() -> Section:
    """The settings of every recipe, with their defaults and what else they may be."""
    from trainables.recipe.recipes import RECIPE

    def row(name: str) -> tuple[str, ...]:
        return name, str(RECIPE.parameters[name]), ruled(RECIPE.about[name])

    return Section(RECIPE.parameters, ("setting of a recipe", "default", "what it may be"), row)


def settings() -> Section:
    """Every setting of a trial, with its defaults and the parts that have it; `--set` sets it."""
    from trainables.resolving import DEFAULTS, PARTS

    found = {name: {str(default): ["every trial"]} for name, default in DEFAULTS.items()}
    for entries in PARTS.values():
        for part, entry in entries.items():
            for name, default in entry.parameters.items():
                found.setdefault(name, {}).setdefault(str(default), []).append(part)

    def row(name: str) -> tuple[str, ...]:
        defaults = found[name]
        return name, " or ".join(each or "none" for each in defaults), of_parts(defaults)

    return Section(found, ("setting", "default", "of"), row)


def of_parts(defaults: Mapping[str, Sequence[str]]) -> str:
    """The parts that have a setting; where they differ in its default, after each default."""
    if len(defaults) == 1:
        return ", ".join(*defaults.values())
    return "; ".join(f"{default or 'none'}: {', '.join(parts)}" for default, parts in defaults.items())


def ruled(rules: Mapping[str, Any]) -> str:
    """What the rules of a recipe's setting admit, in words."""
    from trainables.errors import BOUNDS

    chooser, owners = rules.get("only", ("", ()))
    parts = (
        " or ".join(rules.get("choices", ())),
        " and ".join(f"{bound.replace('_', ' ')} {rules[bound]}" for bound in BOUNDS if bound in rules),
        f"with {chooser} {' or '.join(owners)}" if chooser else "",
    )
    return ", ".join(part for part in parts if part) or "true or false"


def recipes() -> Section:
    """The documents' recipes, with what is printed and what is guessed; the rest is as in `Recipe`."""
    from studies.recipes import NamedRecipe, recipes

    def cells(each: NamedRecipe) -> tuple[str, ...]:
        return ", ".join(each.sources), spelled(each.printed), spelled(each.guessed), each.note

    return of(recipes(), ("recipe", "source", "printed", "guessed", "to know"), cells)


def search_dimensions() -> Section:
    from search_spaces import Space, dimensions

    def cells(space: Callable[[], Space]) -> tuple[str, ...]:
        found = space()
        return ("; ".join(f"{name}: {found.described(name)}" for name in found),)

    return of(dimensions(), ("search dimension", "what is drawn, unless told otherwise"), cells)


def metrics() -> Section:
    from analysis.metrics import METRICS

    columns = ("metric", "unit", "what it is", "better")
    return of(METRICS, columns, lambda each: (each.unit, each.words, "more" if each.higher else "less"))


def claim_kinds() -> Section:
    from analysis.claims import KINDS

    columns = ("kind of claim", "class", "in words", "what it says")
    return of(
        KINDS,
        columns,
        lambda each: (
            each.__name__,
            each.words,
            summary(each).removeprefix(str(each.model_fields["kind"].default)).lstrip(": "),
        ),
    )


def figures() -> Section:
    from analysis import figures

    columns = ("figure", "what it shows")
    return of(figures.figures(), columns, lambda each: (summary(each) or summary(import_module(each.__module__)),))


def weights() -> Section:
    from trainables.weights import WEIGHTS

    return of(WEIGHTS, ("weights", "what they are", "licence"), lambda each: (each.title, each.licence))


def summary(described: object) -> str:
    """The first line of a docstring."""
    return (described.__doc__ or "").strip().partition("\n")[0]


def spelled(settings: Mapping[str, Value]) -> str:
    """Settings as a user would set them."""
    return " ".join(f"{name}={value}" for name, value in settings.items()) or "nothing"


SECTIONS: Mapping[str, Callable[[], Section]] = {
    "documents": documents,
    "studies": studies,
    "arms": arms,
    "corpora": corpora,
    "protocols": protocols,
    "architectures": architectures,
    "front-ends": front_ends,
    "augmentations": augmentations,
    "trainings": trainings,
    "recipes": recipes,
    "recipe-settings": recipe_settings,
    "settings": settings,
    "search-dimensions": search_dimensions,
    "metrics": metrics,
    "claim-kinds": claim_kinds,
    "figures": figures,
    "weights": weights,
}
