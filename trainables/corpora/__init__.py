"""Corpora of labelled music audio: a module each, of the corpus's name, that has a `CORPUS`."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from trainables.corpora.own.naming import PREFIX
from trainables.errors import unknown

if TYPE_CHECKING:
    # It needs pandas, for which nobody waits who only names what is in a corpus.
    from trainables.corpora.corpus import Corpus


class Corpora(Mapping[str, "Corpus"]):
    """The corpora of this package by name; an unknown name raises InvalidSetting with the nearest known one.

    Users' own corpora have names that begin with `own-`, and are not listed.

    A corpus is imported when it is asked for: each worker starts sooner without the others and their renderers.
    """

    def __getitem__(self, name: str) -> "Corpus":
        if name.startswith(PREFIX):
            from trainables.corpora.own.corpus import own  # noqa: PLC0415

            return own(name)
        if name not in self:
            raise unknown("corpus", str(name), self)
        corpus: Corpus = import_module(f"{__name__}.{name}").CORPUS
        return corpus

    def __contains__(self, name: object) -> bool:
        if str(name).startswith(PREFIX):
            return True
        return name in self._modules and hasattr(import_module(f"{__name__}.{name}"), "CORPUS")

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._modules if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def _modules(self) -> list[str]:
        # Looked for once: each configuration that is checked asks, and a driver checks several for each trial.
        return [module.name for module in iter_modules(__path__)]


CORPORA = Corpora()
