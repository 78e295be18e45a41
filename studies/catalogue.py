"""The studies there are: found in the folders of the documents, or at the path of a file."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from pydantic import ValidationError

import studies
from analysis.errors import RunError
from analysis.findings import DOCUMENTS
from studies.study import Study, check, form
from trainables import extensions
from trainables.errors import InvalidSetting, UserError, unknown
from trainables.extensions import Extension, Text, module_name

FILE = ".py"
"""What the name of a study ends in that is the path of its file."""


def label(name: str) -> str:
    """What a study is called wherever it is shown: its name, or that of its file without the folder."""
    return Path(name).stem if name.endswith(FILE) else name


def names() -> list[str]:
    """The names of all studies, 'document/study'; a document is a package, and its studies are modules with a STUDY.

    Raises InvalidSetting for a file that cannot be imported.
    """
    return [name for name in modules() if hasattr(imported(name), "STUDY")]


def every() -> dict[str, Study]:
    """All studies as their files declare them, by their names; the folders are read once for all.

    Raises InvalidSetting for a file that cannot be imported, or makes no study.
    """
    extensions.load_packages()
    return {name: made(name) for name in names()}


def expanded(wanted: Sequence[str]) -> list[str]:
    """Names of studies, each once: of each name given, its own; of a document, those of all its studies; of `all`, all.

    Raises InvalidSetting for a document without studies.
    """
    found: list[str] = []
    for name in wanted:
        if name not in ("all", *DOCUMENTS):
            found.append(name)
        elif mine := [each for each in names() if name == "all" or each.startswith(f"{name}/")]:
            found += mine
        else:
            raise InvalidSetting(f"Document '{name}' has no study yet: `etude list studies` shows those there are.")
    return list(dict.fromkeys(found))


def modules() -> list[str]:
    """The names of all modules in the folders of registered documents, none of which is imported for that."""
    written = [module.name for module in iter_modules(studies.__path__) if module.name in DOCUMENTS]
    return sorted(
        f"{document}/{module.name}"
        for document in written
        for module in iter_modules(import_module(f"{studies.__name__}.{document}").__path__)
    )


def imported(name: str) -> ModuleType:
    """The module of a study; raises InvalidSetting, whatever it is that its file does wrong."""
    try:
        return executed(name) if name.endswith(FILE) else import_module(f"{studies.__name__}.{name.replace('/', '.')}")
    except (Exception, SystemExit) as error:
        raise unusable(name, error) from error


def executed(path: str) -> ModuleType:
    """A file as a module that is not one of this package."""
    return extensions.executed(Extension(str(Path(path).absolute()), Path(path).read_text(encoding="utf-8")))


def extension(name: str) -> Extension | None:
    """The file of a study that has been loaded, if it has registered parts of trials, which workers then need."""
    # Whoever asks is about to train; to list studies nobody waits for torch.
    from trainables.resolving import registers  # noqa: PLC0415

    module = sys.modules.get(module_name(str(Path(name).absolute()))) if name.endswith(FILE) else None
    loader = module.__loader__ if module and registers(module.__name__) else None
    return loader.extension if isinstance(loader, Text) else None


def unusable(name: str, error: BaseException) -> InvalidSetting:
    return InvalidSetting(f"The file of study '{name}' cannot be used: {wrong(error)}: mend it there.")


def wrong(error: BaseException) -> str:
    """What an error says, in a line; of those of a model the first."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        return f"{error.title}{f', {where}' if where else ''}: {first['msg']}"
    message = " ".join(str(error).split()).rstrip(".")
    return (
        message
        if isinstance(error, UserError | RunError)
        else f"{type(error).__name__}{f': {message}' if message else ''}"
    )


def declared(name: str) -> Study:
    """The study of that name, or at that path where it ends in .py, as its file declares it.

    Raises InvalidSetting for an unknown name, naming the nearest one, and for a file that makes no study. Another file
    that is broken is no reason.
    """
    extensions.load_packages()
    if name.endswith(FILE) and not Path(name).is_file():
        raise InvalidSetting(f"There is no file {name} here: write the path of a study's file, or the name of a study.")
    if not name.endswith(FILE) and name not in modules():
        raise unknown("study", name, names())
    return made(name)


def made(name: str) -> Study:
    """The study that the file of this name makes; raises InvalidSetting where it makes none."""
    study = getattr(imported(name), "STUDY", None)
    if not isinstance(study, Study):
        raise InvalidSetting(
            f"Study '{name}' defines no STUDY of type Study: see studies/yun_bi/units.py, for example."
        )
    return study


def load(name: str) -> Study:
    """The study of that name, with all its settings checked; raises InvalidSetting where `declared` or `check` do."""
    study = declared(name)
    try:
        check(study)
        for scale in study.reduced_at:
            check(form(study, scale))
    except Exception as error:
        raise unusable(name, error) from error
    return study
