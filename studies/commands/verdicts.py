"""`etude verdicts`: every finding and what runs say of it."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, Storage


def verdicts(
    home: Home = HOME,
    storage: Storage = None,
    document: Annotated[str, typer.Option("--document", help="Only the findings of this document.")] = "",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write all findings as a page to this file.")] = None,
) -> None:
    """Give every finding of every document its verdict, from all finished runs."""
    from studies.commands import overview
    from studies.remote.mirror import fetched

    overview.show(fetched(storage, home), document, markdown=markdown, html=html)
