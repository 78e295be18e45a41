"""Corpora of labelled music audio: one module each, found by its module-level `CORPUS`."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from trainables.corpora.corpus import Corpus
from trainables.errors import unknown


class Corpora(Mapping[str, Corpus]):
    """The corpora of this package by name; an unknown name raises InvalidSetting with the nearest known one."""

    def __init__(self) -> None:
        modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
        found = [module.CORPUS for module in modules if isinstance(getattr(module, "CORPUS", None), Corpus)]
        self._corpora = {corpus.name: corpus for corpus in found}

    def __getitem__(self, name: str) -> Corpus:
        if name not in self._corpora:
            raise unknown("corpus", str(name), self._corpora)
        return self._corpora[name]

    def __contains__(self, name: object) -> bool:
        return name in self._corpora

    def __iter__(self) -> Iterator[str]:
        return iter(self._corpora)

    def __len__(self) -> int:
        return len(self._corpora)


CORPORA = Corpora()
