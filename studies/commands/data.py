"""`etude data`: get, check, pack or render a corpus."""

from pathlib import Path
from typing import Annotated

import typer

from studies.commands.options import HOME, Home, Yes
from studies.console import interruptible, print_line, progress, without_decoder_notes
from trainables.errors import UserError


def data(
    corpus: Annotated[
        str, typer.Argument(help="A corpus, such as philharmonia (see `etude list corpora`), or a name for your own.")
    ],
    source: Annotated[
        str | None, typer.Option("--from", help="Folder with the corpus's files as published, or s3://BUCKET/FOLDER.")
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Get the files from where they are published.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="With --download: get this archive alone, such as nsynth-test; may be repeated."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Look at what has been packed; with --from, at what that folder would give.")
    ] = False,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="With --from: pack even if over 5 % of the files cannot be used.")
    ] = False,
    render: Annotated[bool, typer.Option("--render", help="Render the stand-in (also without any option).")] = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Remove all that is packed, rendered and downloaded of it; it asks first.")
    ] = False,
    yes: Yes = False,
    home: Home = HOME,
) -> None:
    """Check, decode and pack a corpus once; without an option, render a stand-in for one that étude ships."""
    if clean + download + check + render + (source is not None and not check) > 1:
        raise UserError("Give one of --from, --download, --check, --render and --clean, or --check with --from.")
    if only and not download:
        raise UserError("--only chooses what is downloaded: give it with --download.")
    if clean:
        remove(corpus, home, yes=yes)
        return
    sentence = interrupted(source or "", download=download, check=check)
    with interruptible(sentence), without_decoder_notes(), progress() as step:
        from studies.commands import corpora

        corpora.get(corpus, source, home, step, download=download, check=check, only=only or (), incomplete=incomplete)


def remove(corpus: str, home: Path, *, yes: bool) -> None:
    """Remove the folders of a corpus, if the user says so."""
    from studies.commands import keeping
    from studies.commands.stores import corpus_named

    found = keeping.packed(corpus_named(corpus, home), home)
    for folder in found:
        print_line(f"{folder}: {keeping.in_bytes(keeping.files_below(folder))}")
    if yes or typer.confirm("Remove these? Runs on them cannot go on until the same files are packed again"):
        keeping.remove(found)
        print_line(f"Removed {len(found)} folders.")


def interrupted(source: str, *, download: bool, check: bool) -> str:
    """What Ctrl-C leaves: files that have been fetched stay, and nothing is packed in part."""
    if download or source.startswith("s3://"):
        return "Stopped; what has been fetched is kept: run the same command again to go on."
    return f"Stopped; nothing was {'changed' if check else 'packed'}."
