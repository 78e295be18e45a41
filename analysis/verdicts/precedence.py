"""Which of several runs' verdicts of a finding counts: the one rule for the terminal, Markdown and every page.

A run that has tested the finding comes before one that has not. Then come real audio before a rendered stand-in, a
scale that decides before one that does not, the printed number of epochs before fewer, the full form of a study before
a reduced one, more repetitions before fewer, and the run that was started later. What the verdict says plays no part,
so that runs cannot be picked by their result.
"""

from dataclasses import dataclass

from analysis.runs import Run

IN_WORDS = (
    "Of several runs, real audio counts before a rendered stand-in, then a scale that decides, the printed number of "
    "epochs, the full form of the study, more repetitions, and the later run; what a verdict says plays no part."
)


@dataclass(frozen=True)
class Origin:
    """The run that a verdict is from, by the name of its directory, and what says how much it counts.

    `printed_epochs`: trained for as many epochs as the document printed, or more; `started`: the first launch, in ISO
    8601 (UTC). A run on another corpus than the document's is `elsewhere`, by the name of that corpus: it is a
    replication of the finding, and never counts as its verdict. A `study` of no document is named: its findings are its
    own.
    """

    run: str
    real: bool
    decides: bool
    printed_epochs: bool
    full_form: bool
    started: str
    elsewhere: str = ""
    study: str = ""

    @classmethod
    def of(cls, run: Run) -> "Origin":
        """What study.json says of a run; a study that names no reduced form is run in full."""
        return cls(
            run=run.path.name,
            real=not run.rendered,
            decides=run.decides,
            printed_epochs=not run.reduced_budget,
            full_form=not run.reduced_form,
            started=str(run.study["provenance"].get("started", "")),
            elsewhere=run.elsewhere,
            study=run.name if run.statements else "",
        )

    def rank(self, tested: bool, n: int) -> tuple[bool, bool, bool, bool, bool, int, str, str]:
        """How much a verdict of `n` repetitions counts, the largest most; `tested`: whether the finding was run at all.

        Names only part runs that were started in the same second.
        """
        form = self.printed_epochs, self.full_form
        return tested, self.real, self.decides, *form, n, self.started, self.run
