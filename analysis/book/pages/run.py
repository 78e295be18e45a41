"""A page per run: the sections of its report, and beside it the files that it names."""

from collections.abc import Iterator

from analysis.book.book import File
from analysis.book.leaf import leaf
from analysis.report.page import report
from analysis.results import Results
from analysis.runs import EPOCHS, PREDICTIONS, STUDY, TRIALS

NAMED = (STUDY, TRIALS, EPOCHS, PREDICTIONS)


def of_run(results: Results) -> Iterator[File]:
    run = results.run
    folder = f"runs/{run.path.name}"
    yield leaf(f"{folder}/index.html", "run.html", report=report(results))
    sounds = *run.sounds, *run.mistakes.get("clips", {}).values()
    for name in (*NAMED, *(str(sound["file"]) for sound in sounds)):
        if (run.path / name).exists():
            yield File(f"{folder}/{name}", run.path / name)
