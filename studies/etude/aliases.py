"""The four folders of a checkout as parts of the package `etude`, as they are in a wheel."""

from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FOLDERS = ("analysis", "search_spaces", "studies", "trainables")
PREFIX = "etude."


class Aliases(MetaPathFinder, Loader):
    """Finds `etude.analysis.claims` as the module `analysis.claims`, which is one object under two names."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec for a folder, or a module of one, below `etude`; of nothing else."""
        name = fullname.removeprefix(PREFIX)
        return ModuleSpec(fullname, self) if name != fullname and name.partition(".")[0] in FOLDERS else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module under its own name, which keeps its own spec."""
        module = import_module(spec.name.removeprefix(PREFIX))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """The module has run already."""
        assert module.__spec__
        module.__spec__ = module.__spec__.loader_state
