"""Functions that a configuration can name: a decorator registers a function under its own name."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any

from trainables.errors import unknown

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Neutral:
    """Marks a parameter that was added later, as in `squeeze: Annotated[float, Neutral(1.0)] = 1.0`.

    At this value it does nothing, and then is no part of a trial's id (see `Configuration.trial`).
    """

    value: Value


@dataclass(frozen=True)
class Entry:
    """A registered function, its sources (ids of the acceptance list) and the parameters it may be given.

    `neutral` are values of parameters that were added later (see `Neutral`), `about` is what else the function's
    registry wants to know of it. `code` is the hash of the file of a function from outside this package, "" for others:
    it is part of the ids of trials, because no commit says what such a function does.
    """

    name: str
    build: Callable[..., Any]
    sources: tuple[str, ...] = ()
    parameters: Mapping[str, Value] = field(default_factory=dict)
    neutral: Mapping[str, Value] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.build) or "").partition("\n")[0]


class Registry(Mapping[str, Entry]):
    """Entries by name; the keyword-only arguments of a function are its parameters, and all have defaults."""

    def __init__(self, kind: str):
        self.kind = kind
        self._entries: dict[str, Entry] = {}
        self._modules: dict[str, ModuleType | None] = {}

    def __call__(self, *sources: str, **about: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the decorated function; `sources` are ids such as 'S4-A1'."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            name = function.__name__
            module = sys.modules.get(function.__module__)
            if name in self._entries and not executed_anew(self._modules[name], module):
                raise ValueError(f"{self.kind} '{name}' is registered twice")
            parameters, neutral = keyword_parameters(function), neutral_values(function)
            self._modules[name] = module
            self._entries[name] = Entry(name, function, sources, parameters, neutral, about, code_of(function))
            return function

        return register

    def __getitem__(self, name: str) -> Entry:
        if name not in self._entries:
            raise unknown(self.kind, str(name), self._entries)
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def executed_anew(before: ModuleType | None, now: ModuleType | None) -> bool:
    """Whether a module is one that was there before and has been executed again since."""
    return before is not None and now is not None and before is not now and before.__name__ == now.__name__


def code_of(function: Callable[..., Any]) -> str:
    """A hash of the package, or else of the module, of a function from outside this package; "" without its source."""
    top = function.__module__.partition(".")[0]
    if top == __name__.partition(".")[0]:
        return ""
    codes = [uncommented(text) for text in texts_of(top, function.__module__)]
    return blake2b("\n".join(codes).encode(), digest_size=8).hexdigest() if codes else ""


def texts_of(top: str, module: str) -> Iterator[str]:
    """The texts of all modules of a top-level package, in the order of their paths; without one that of the module."""
    package = sys.modules.get(top)
    loader: Any = getattr(sys.modules.get(module), "__loader__", None)
    # A namespace, which has no file, is no package: others may lie in it.
    if package and getattr(package, "__file__", None) and hasattr(package, "__path__"):
        for path in sorted(path for folder in package.__path__ for path in Path(folder).rglob("*.py")):
            yield path.read_text(encoding="utf-8", errors="replace")
    elif hasattr(loader, "get_source"):
        yield loader.get_source(module) or ""


def uncommented(text: str) -> str:
    """The code of a module without its comments, and without a STUDY in it; the text itself where it is no code."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    tree.body = [each for each in tree.body if not is_study(each)]
    return ast.unparse(tree)


def is_study(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else ()
    return any(isinstance(target, ast.Name) and target.id == "STUDY" for target in targets)


def keyword_parameters(function: Callable[..., Any]) -> dict[str, Value]:
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


def neutral_values(function: Callable[..., Any]) -> dict[str, Value]:
    """Name and neutral value of each argument that is marked as added later."""
    parameters = inspect.signature(function).parameters.values()
    marks = ((p.name, mark) for p in parameters for mark in getattr(p.annotation, "__metadata__", ()))
    return {name: mark.value for name, mark in marks if isinstance(mark, Neutral)}
