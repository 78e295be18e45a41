"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated, Any

import typer

from studies.commands.completing import runs_like, studies_like
from studies.commands.home import VARIABLE, chosen
from studies.seeds import MOST_TRIALS

# What stands in for it is found when the command is called: see `chosen`.
HOME: Any = None
HOME_HELP = "Folder for packed corpora and runs; else .etude here if there is one, else the platform's for data."
Home = Annotated[Path, typer.Option("--home", envvar=VARIABLE, callback=chosen, help=HOME_HELP)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, without remarks and progress.")]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing.")]
Storage = Annotated[
    str | None,
    typer.Option(
        "--storage", help="Folder for runs that all nodes of a cluster share, or s3://BUCKET/PREFIX; default HOME/runs."
    ),
]
StudyName = Annotated[
    str,
    typer.Argument(
        autocompletion=studies_like,
        help="A study's name, such as yun_bi/kernel_shape (see `etude list`), or the path of its file.",
    ),
]
StudyNames = Annotated[
    list[str],
    typer.Argument(
        metavar="STUDY...",
        autocompletion=studies_like,
        help="Names or files of studies, documents (all studies of each), or all (see `etude list`).",
    ),
]
Elsewhere = Annotated[
    str,
    typer.Option(
        "--corpus", help="Run on this corpus instead: a conceptual replication, which is no verdict of the finding."
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="With --corpus: a setting of every arm there; repeatable."),
]
RunName = Annotated[
    str,
    typer.Argument(autocompletion=runs_like, help="A run: its folder or s3:// URL, or its name below HOME/runs."),
]
ScaleName = Annotated[
    str, typer.Option("--scale", help="How much to spend: smoke (seconds, decides nothing), laptop or cluster.")
]
Epochs = Annotated[
    int | None,
    typer.Option("--epochs", metavar="N", min=1, help="Epochs of each training, in place of the scale's own."),
]
Repetitions = Annotated[
    int | None,
    typer.Option("--repetitions", metavar="N", min=1, help="Seeds of each confirmed arm, in place of the scale's own."),
]
Trials = Annotated[
    int | None,
    typer.Option(
        "--trials",
        metavar="N",
        min=1,
        max=MOST_TRIALS,
        help="Explored trials of each arm, in place of the scale's own.",
    ),
]
Folds = Annotated[
    int | None,
    typer.Option(
        "--folds",
        metavar="N",
        min=1,
        help="Parts of the data of which each corrected repetition tests another, in place of the scale's own.",
    ),
]
UntilDecided = Annotated[
    bool,
    typer.Option(
        "--until-decided",
        help="Train until curves are flat, or for --epochs; add repetitions (8 to 32) until all claims are decided.",
    ),
]
Rendered = Annotated[
    bool, typer.Option("--rendered", help="Use the rendered stand-in even if the real corpus has been packed.")
]
Address = Annotated[
    str, typer.Option("--address", help="Where Ray is: 'local' (this machine), or a cluster's address such as auto.")
]
Threads = Annotated[int, typer.Option("--threads-per-trial", metavar="N", min=1, help="Processor threads of a trial.")]
Gpus = Annotated[
    float, typer.Option("--gpus-per-trial", metavar="N", min=0.0, help="GPUs of a trial; a fraction: several share.")
]
GpuSpeed = Annotated[
    float | None,
    typer.Option(
        "--gpu-speed", metavar="N", min=0.1, help="How many times as fast as a processor thread here a GPU trains."
    ),
]
EpochLimit = Annotated[
    float,
    typer.Option(
        "--epoch-limit", min=0.1, help="Minutes after which a worker in one epoch is taken for hung, at the latest."
    ),
]
