"""What is added from outside: by the file of a user's study, and by installed packages that name an entry point."""

import sys
from functools import cache
from hashlib import blake2b
from importlib.abc import SourceLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from trainables.errors import UserError

GROUP = "etude"


class Extension(NamedTuple):
    """The file of a study that registers parts of trials, as workers on other machines execute it."""

    path: str
    text: str


class Text(SourceLoader):
    """Loads a module from a text, and writes no bytecode; the file of that name need not be there."""

    def __init__(self, extension: Extension):
        self.extension = extension

    def get_filename(self, fullname: str) -> str:
        """The path that a traceback names."""
        return self.extension.path

    def get_data(self, path: bytes | str) -> bytes:
        """The text, which is that of the only path there is."""
        return self.extension.text.encode()


def module_name(path: str) -> str:
    """The name of the module that a file becomes, by its absolute path: two files of one name are two modules."""
    return f"file_{Path(path).stem}_{blake2b(path.encode(), digest_size=4).hexdigest()}"


def executed(extension: Extension) -> ModuleType:
    """The module of a file; executing it again, changed or not, replaces what it has registered before."""
    name = module_name(extension.path)
    spec = spec_from_loader(name, Text(extension))
    assert spec and spec.loader
    # Where dataclasses and pickles look for what is defined in it.
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def load_packages() -> None:
    """Import, once, the modules that installed packages name in the group `etude`; what they register is then known.

    Raises UserError for one that cannot be imported.
    """
    # Slow to import, which every command would wait for.
    from importlib.metadata import entry_points  # noqa: PLC0415

    for point in entry_points(group=GROUP):
        try:
            point.load()
        except Exception as error:
            package = point.dist.name if point.dist else point.value
            raise UserError(
                f"Package '{package}' extends etude by {point.value}, which cannot be imported "
                f"({type(error).__name__}: {error}): mend it, or uninstall it."
            ) from error
