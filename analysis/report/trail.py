"""The evidence trail of a verdict: what it rests on, what stands in its way, and what would change it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.claims import Claim
from analysis.confirmed import Confirmed
from analysis.figures.figure import Cell, Table
from analysis.metrics import METRICS
from analysis.protocols import protocol_name, protocol_named
from analysis.results import Results
from analysis.runs import Run
from analysis.text import known, number, share
from analysis.verdicts.learning import has_curve, still_learning
from analysis.verdicts.verdict import Verdict, Word

STANDINGS: Mapping[Word, str] = {
    "reproduced": "Tested and decided: reproduced",
    "contradicted": "Tested and decided: contradicted",
    "inconclusive": "Tested and not decided: the numbers show neither",
    "untestable": "Could not be tested",
    "not run": "Could not be run",
    "no claim": "Estimated: no direction is claimed",
}
HEADS = ("Arm", "Repetition", "Fold", "State", "Epochs", "Validation accuracy", "Test accuracy", "Trial")


@dataclass(frozen=True)
class Trail:
    """The trail of one verdict: in sentences, with the checks that fail under its protocol, and every trial."""

    protocol: str
    standing: str
    variance: str
    changes: Sequence[str]
    failed: Sequence[Mapping[str, Any]]
    guessed: Sequence[str]
    trials: Table


def trail(results: Results, claim: Claim, verdict: Verdict) -> Trail:
    card = results.run.study["protocols"].get(verdict.protocol, {})
    data = results.confirmed[verdict.protocol]
    return Trail(
        verdict.protocol,
        standing(verdict),
        variance(verdict),
        list(changes(claim, data, verdict)),
        [check for check in card.get("checks", []) if check["outcome"] == "fail"],
        card.get("guessed", []),
        trials(results.run, claim, verdict.protocol),
    )


def standing(verdict: Verdict) -> str:
    """Whether the claim was decided by its numbers, is open, or was kept from a verdict for technical reasons."""
    if verdict.barred:
        return f"Tested and not decided, for technical reasons: {'; '.join(verdict.barred)}."
    why = f": {verdict.reason}" if verdict.word in ("untestable", "not run") and verdict.reason else "."
    return f"{STANDINGS[verdict.word]}{f' ({verdict.label})' if verdict.label else ''}{why}"


def variance(verdict: Verdict) -> str:
    """The parts of the interval; "" where nothing has one."""
    if verdict.shares:
        seeds, groups, both = (share(part, 0) for part in verdict.shares)
        return f"{seeds} of its variance is due to seeds, {groups} to test groups and {both} to both together."
    if not known(verdict.low) or not verdict.groups:
        return ""
    return "No test group is tested twice, so the chance of seeds and that of groups cannot be told apart."


def changes(claim: Claim, data: Confirmed, verdict: Verdict) -> Iterator[str]:
    """What would make the margin the smallest effect that is found, and what of the training could change."""
    if known(verdict.smallest_detectable):
        size = f"a difference of {number(claim.margin)} {claim.unit}"
        for needed, there, name in (
            (verdict.needed, verdict.n, "seeds"),
            (verdict.needed_groups, verdict.groups, "test groups"),
        ):
            if needed:
                yield f"With {needed} {name} {size} is found in 80 % of studies; this run has {there}."
            elif name == "seeds" or verdict.shares:
                yield f"No number of {name} alone is enough to find {size} in 80 % of studies; this run has {there}."
    yield from epochs(claim, data)


def epochs(claim: Claim, data: Confirmed) -> Iterator[str]:
    """Whether more epochs could change what networks have learned; nothing of claims about something else."""
    if not claim.arms or METRICS[claim.metric].epochs == "any" or claim.rests_on != "confirmed":
        return
    spent, printed = data.run.budget
    if data.run.reduced_budget:
        yield f"Trained for {spent} of the {printed} stated epochs."
    moving = still_learning(data, claim.arms, claim.margin, claim.unit) if has_curve(claim) else {}
    for arm, change in moving.items():
        yield f"More epochs could change it: {arm} {change.in_words}."


def trials(run: Run, claim: Claim, protocol: str) -> Table:
    """Every confirmed trial of the claim's arms, also one that failed."""
    judged = protocol_named(protocol).judged_by
    rows = run.trials[(run.trials["phase"] == "confirm") & (run.trials["protocol"] == protocol)]
    rows = rows[(rows["configuration"] == judged) & rows["arm"].isin(claim.arms)]
    found = rows.sort_values(["arm", "repetition", "fold"]).to_dict("records")
    caption = (
        f"The trials that the verdict rests on: {protocol_name(protocol)}, {judged.replace('_', ' ')} configuration."
    )
    return Table(HEADS, tuple(map(cells, found)), caption)


def cells(row: Mapping[Any, Any]) -> tuple[Cell, ...]:
    counts = [Cell(f"{row[name]:.0f}", float(row[name])) for name in ("repetition", "fold")]
    shares = [
        Cell(share(row[name]), float(row[name]) if known(row[name]) else None)
        for name in ("validation_accuracy", "test_accuracy")
    ]
    trained = Cell(f"{row['epochs']:.0f}", float(row["epochs"])) if known(row["epochs"]) else Cell("–")
    return (Cell(str(row["arm"])), *counts, Cell(str(row["state"])), trained, *shares, Cell(str(row["trial"])))
