"""Where packed corpora and runs are kept."""

import os
import sys
from pathlib import Path

import typer
from platformdirs import user_data_path

FOLDER, VARIABLE = ".etude", "ETUDE_HOME"


def usual() -> Path:
    """The folder that ETUDE_HOME names, else .etude here if there is one, else the platform's for a user's data."""
    if given := os.environ.get(VARIABLE):
        return Path(given)
    here = Path(FOLDER)
    return here if here.is_dir() else user_data_path("etude", appauthor=False)


def chosen(context: typer.Context, given: Path | None) -> Path:
    """The folder that is `given`, or the usual one; a sentence says where that is before it is first used."""
    home = given or usual()
    if given is None and not home.exists() and not context.resilient_parsing:
        other = f"--home or {VARIABLE} names another folder, and a folder {FOLDER} in the current one comes first"
        print(f"Note: corpora and runs are kept in {home}: {other}.", file=sys.stderr)
    return home
