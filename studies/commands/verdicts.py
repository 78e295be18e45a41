"""`etude verdicts`: every finding and what runs say of it."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, Storage


def verdicts(
    home: Home = HOME,
    storage: Storage = None,
    document: Annotated[str, typer.Option("--document", help="All findings of this document, and no others.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also the findings that no run has tested.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table of all findings.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print all findings, their verdicts and runs as JSON.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write all findings as a page to this file.")] = None,
) -> None:
    """Give the findings of the documents their verdicts, from finished runs; --storage may be an archive of runs."""
    from studies.commands import overview
    from studies.driver.archive import unpacked
    from studies.remote.mirror import fetched
    from trainables.errors import UserError

    folder = fetched(storage, home)
    if storage and not folder.exists():
        raise UserError(f"There is no folder and no archive {storage}: check its path.")
    overview.show(
        unpacked(folder, home) if folder.is_file() else folder,
        document,
        every=every,
        markdown=markdown,
        json=json,
        html=html,
    )
