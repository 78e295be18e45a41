"""Judge results that were trained elsewhere: a folder like that of a run, its verdicts and its page."""

import json
from pathlib import Path

import pandas as pd

from analysis.judged import read_claims, read_results, run_of
from analysis.runs import EPOCHS, PREDICTIONS, STUDY, TRIALS, Run
from studies.commands.verdict_lines import verdict_table, verdicts_in
from studies.console import print_line, show
from studies.driver.gather import write
from studies.driver.page import write_report
from trainables.storage import files

JUDGED = "judged"
DIGITS = 8
"""How much of the digest of the results the name of their folder has."""


def judge_files(results: Path, claims: Path, home: Path) -> None:
    """Print the verdicts of the claims in one file by the results in another, and write the folder of their page."""
    claimed, table = read_claims(claims), read_results(results)
    about = {"title": claimed.title, "question": claimed.question, "corpus": claimed.corpus}
    run = run_of(table, claimed.claims, name=results.stem, **about)
    directory = write_run(run, home.absolute() / JUDGED)
    show(verdict_table(verdicts_in(directory)))
    print_line(f"Report: {write_report(directory).as_uri()}")


def write_run(run: Run, folder: Path) -> Path:
    """Write study.json and the tables of a run into a folder of its name and digest; gives it."""
    directory = folder / f"{run.name}-{run.study['data']['digest'][:DIGITS]}"
    tables: dict[str, pd.DataFrame] = {TRIALS: run.trials, EPOCHS: run.epochs, PREDICTIONS: run.predictions}
    for name, table in tables.items():
        write(directory / name, table)
    files.replace(directory / STUDY, json.dumps(run.study, indent=1).encode())
    return directory
