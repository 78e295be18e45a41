"""The recipes of the documents, each with what is printed and what had to be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.findings import DOCUMENTS
from studies.catalogue import imported, modules
from trainables.registry import Value


@dataclass(frozen=True)
class NamedRecipe:
    """A recipe of a document: `printed` stands in it, or in its authors' published code, `guessed` does not.

    `sources` are ids such as S0-S6; `note` says what a reader has to know. What neither names is as in
    `trainables.recipe.recipes.Recipe`.
    """

    sources: tuple[str, ...]
    note: str
    printed: Mapping[str, Value] = field(default_factory=dict)
    guessed: Mapping[str, Value] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Value]:
        return {**self.printed, **self.guessed}

    def varied(
        self, note: str, printed: Mapping[str, Value] | None = None, guessed: Mapping[str, Value] | None = None
    ) -> "NamedRecipe":
        """The same with other values; one that is now printed is guessed no more, and the other way round."""
        new, chosen = printed or {}, guessed or {}
        return NamedRecipe(
            self.sources,
            note,
            {**{name: value for name, value in self.printed.items() if name not in chosen}, **new},
            {**{name: value for name, value in self.guessed.items() if name not in new}, **chosen},
        )


def recipes() -> dict[str, NamedRecipe]:
    """By name the recipes of all documents, the `RECIPES` of each module `printed`."""
    written = [name for document in DOCUMENTS if (name := f"{document}/printed") in modules()]
    return {name: recipe for module in written for name, recipe in imported(module).RECIPES.items()}
