"""`etude new`: a file to begin with."""

from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from studies.console import print_line
from trainables.errors import UserError


class Kind(Enum):
    """What can be begun."""

    STUDY = "study"


def new(
    kind: Annotated[Kind, typer.Argument(help="What to begin: a study.")],
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("my_study.py"),
) -> None:
    """Write a commented file that runs as it is, to be changed into a study of your own."""
    from studies.catalogue import FILE
    from trainables.storage.files import unwritable

    if path.suffix != FILE:
        raise UserError(f"{path} does not end in {FILE}: a study is a file of Python, such as my_study.py.")
    text = (files(__package__) / "templates" / f"{kind.value}{FILE}").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.replace("FILE", str(path)))
    except FileExistsError as error:
        raise UserError(f"{path} is there: give another path, or remove it.") from error
    except OSError as error:
        raise unwritable(path, error) from error
    print_line(f"Study: {path}. `etude run {path} --scale smoke --rendered` runs it in a minute; then change it.")
