"""`etude predict`: what a model says of audio files."""

from pathlib import Path
from typing import Annotated

import typer

from studies.console import interruptible, progress, without_decoder_notes


def predict(
    model: Annotated[Path, typer.Argument(help="A model's file, as `etude export` writes it.")],
    sources: Annotated[
        list[Path], typer.Argument(metavar="FILE|DIR...", help="Audio files, and folders of them, nested ones too.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="CSV", help="Write a CSV; files that it has already are skipped."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line in place of a table.")] = False,
    hop: Annotated[
        float | None,
        typer.Option("--hop", min=0.01, help="Seconds from one window to the next, over all of each recording."),
    ] = None,
    windows: Annotated[bool, typer.Option("--windows", help="A line for each window, not for each file.")] = False,
    top: Annotated[int, typer.Option("--top", min=1, help="How many classes to name.")] = 3,
    threshold: Annotated[
        float, typer.Option("--threshold", min=0.0, max=1.0, help="Name no class that is less probable.")
    ] = 0.0,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Windows that are computed at once.")] = 64,
    threads: Annotated[int, typer.Option("--threads", min=0, help="Processor threads; 0: all.")] = 0,
) -> None:
    """Name the classes of recordings by an exported model; exits with 3 if some files could not be used."""
    with (
        interruptible("Stopped; with -o FILE.csv, the same command goes on."),
        without_decoder_notes(),
        progress() as step,
    ):
        from studies.commands import predicting

        wanted = predicting.Wanted(hop, top, threshold, batch, threads, windows=windows)
        predicting.predict(model, sources, output, wanted, step, as_json=json)
