"""What the tables of a report say, row by row, before any HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.claims import Claim
from analysis.claims.sides import joined
from analysis.findings.register import Finding
from analysis.protocols import judging
from analysis.runs import Run
from analysis.text import replication, share
from analysis.verdicts.judge import claims_of
from analysis.verdicts.table import combine, cost
from analysis.verdicts.verdict import Verdict, Word

# Badges that hold for every claim of a run; its banner says them.
OF_THE_RUN = ("trained elsewhere", "groups unknown", "rendered audio", "smoke scale", "reduced budget", "reduced form")


@dataclass(frozen=True)
class ClaimRow:
    """One registered claim with its verdict under each protocol that judges it, the headline first."""

    claim: Claim
    by_protocol: Mapping[str, Verdict]
    statement: str
    printed: str
    seconds: float

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(self.by_protocol.values())

    @property
    def badges(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(badge for verdict in self.verdicts for badge in verdict.badges))

    @property
    def own_badges(self) -> tuple[str, ...]:
        """The badges that are this claim's, not the whole run's."""
        return tuple(badge for badge in self.badges if not badge.startswith(OF_THE_RUN))

    @property
    def n(self) -> int:
        """Paired repetitions of the headline verdict."""
        return self.verdicts[0].n if self.verdicts else 0

    @property
    def ns(self) -> str:
        """The paired repetitions of the verdicts, in their order; each number once, and none that is 0."""
        return ", ".join(dict.fromkeys(str(verdict.n) for verdict in self.verdicts if verdict.n))


@dataclass(frozen=True)
class FindingRow:
    """A finding, as far as this study tests it: its claims and their combined verdicts.

    `finding` is None where neither a register nor the study describes it.
    """

    id: str
    finding: Finding | None
    claims: tuple[ClaimRow, ...]
    words: Mapping[str, tuple[Word, str]]

    @property
    def statement(self) -> str:
        return self.claims[0].statement


def claim_rows(run: Run, judged: Sequence[Verdict]) -> list[ClaimRow]:
    by_key = {(v.finding, v.part, v.protocol): v for v in judged}
    return [_claim_row(run, claim, by_key) for claim in claims_of(run)]


def _claim_row(run: Run, claim: Claim, judged: Mapping[tuple[str, str, str], Verdict]) -> ClaimRow:
    found = run.finding(claim.finding)
    keys = {protocol.name: (claim.finding, claim.part, protocol.name) for protocol in judging()}
    return ClaimRow(
        claim,
        {name: judged[key] for name, key in keys.items() if key in judged},
        found.statement if found else claim.in_words,
        (found.printed if found else "") or claim.stated,
        3600 * cost(run, claim.arms)[1],
    )


def finding_rows(run: Run, claims: Sequence[ClaimRow]) -> list[FindingRow]:
    """The claims grouped by finding, with the combined word and label of each protocol."""
    grouped: dict[str, list[ClaimRow]] = {}
    for row in claims:
        grouped.setdefault(row.claim.finding, []).append(row)
    return [FindingRow(id, run.finding(id), tuple(rows), _words(rows)) for id, rows in grouped.items()]


def _words(rows: Sequence[ClaimRow]) -> dict[str, tuple[Word, str]]:
    judged = [verdict for row in rows for verdict in row.verdicts]
    protocols = [p.name for p in judging() if any(v.protocol == p.name for v in judged)]
    return {p: combine([v for v in judged if v.protocol == p]) for p in protocols}


def differing(run: Run, arms: Sequence[str]) -> dict[str, list[str]]:
    """The settings that all of these arms have and in which they differ: name to the value of each arm, or "none"."""
    settings = [arm["settings"] for arm in run.study["study"]["arms"] if arm["name"] in arms]
    shared = [name for name in (settings[0] if settings else {}) if all(name in setting for setting in settings)]
    values = {name: [str(setting[name]) or "none" for setting in settings] for name in shared}
    return {name: found for name, found in values.items() if len(set(found)) > 1}


def warnings(run: Run) -> list[tuple[str, str]]:
    """What a reader must know before any number: (badge, sentence)."""
    scale, progress, (spent, printed) = run.study["scale"], run.study["progress"], run.budget
    stated = "the document printed" if run.document else "the study states"
    marks = [
        (
            bool(run.given),
            "trained elsewhere",
            f"These results were given as a table, {run.given}: they are judged here, and nothing of them was "
            "repeated. How the data were split, what was tuned on which part, and when the claims were made is not "
            "known here.",
        ),
        (
            run.itemless,
            "seeds alone",
            "One score of each arm and seed is known. Intervals are over seeds alone, and say nothing of other test "
            "items; seeds that collapsed are not looked for.",
        ),
        (bool(run.elsewhere), f"replication on {run.elsewhere}", replicated(run)),
        (
            run.ungrouped,
            "groups unknown",
            "Nobody has said which clips come from one recording, player or piece. Copies by sound were looked for; "
            "that clips of one source are both trained on and tested cannot be excluded.",
        ),
        (not progress.get("finished"), "unfinished", f"{standing(progress)}. What is shown may change."),
        (run.rendered, "rendered audio", "The audio is a rendered stand-in, not the recordings. Nothing is decided."),
        (
            not run.decides,
            f"{scale.get('name', '')} scale",
            "A scale of this size shows that all works. Nothing is decided.",
        ),
        (
            bool(run.arms) and run.reduced_budget,
            "reduced budget",
            f"Networks were trained for {spent} of the {printed} epochs that {stated}. Levels and courses "
            "over epochs are not decided, nor is anything of networks that are still learning.",
        ),
        (
            bool(run.reduced_form),
            "reduced form",
            f"In place of the study's own settings: {reduced_forms(run)}. Of these arms neither levels nor courses are "
            "decided, nor how they compare with arms in full form.",
        ),
        *(
            (True, "an arm is not trained", f"{arm}: {why}. What is claimed of it is untestable here.")
            for arm, why in run.untrained.items()
        ),
        (
            lacks_official_test(run.study["protocols"]),
            "not comparable with the literature",
            "The official test part, with several labels an excerpt, was not tested whole beside the study's own.",
        ),
    ]
    return [(badge, sentence) for shown, badge, sentence in marks if shown]


def replicated(run: Run) -> str:
    """What was moved to another corpus, and what that is; "" for a study on the corpus of its document."""
    if not run.elsewhere:
        return ""
    answered, rate = run.predictions.dropna(subset="prediction"), run.study["data"].get("rate")
    tested = answered["label"].value_counts(normalize=True)
    sampled = f" at {rate:,} Hz" if rate else ""
    classes = f" The test clips{sampled} are of {len(tested)} classes; the largest has {share(tested.max())} of them."
    return replication(run.replicates, run.elsewhere) + (classes if len(tested) else "")


def reduced_forms(run: Run) -> str:
    """The reduced forms, each with its arms where the others have another or none."""
    arms: dict[str, list[str]] = {}
    for arm, form in run.reduced_form.items():
        arms.setdefault(settings(form), []).append(arm)
    return "; ".join(form if names == run.arms else f"{form} in {joined(names)}" for form, names in arms.items())


def settings(values: Mapping[str, Any]) -> str:
    """Settings with their values: "width 16, seconds 3"."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())


def lacks_official_test(protocols: Mapping[str, Any]) -> bool:
    """Whether the corpus has an official test part that was not tested whole (B3)."""
    outcomes = [c["outcome"] for card in protocols.values() for c in card.get("checks", []) if c["id"] == "B3"]
    return "fail" in outcomes and "pass" not in outcomes


def standing(progress: Mapping[str, Any]) -> str:
    """How far each phase is: "Explore 7 of 24, confirm 0 of 80"."""
    phases = [
        f"{name} {progress[name]['done']} of {progress[name]['planned']}"
        for name in ("explore", "confirm")
        if name in progress
    ]
    return (", ".join(phases) or "nothing has been trained").capitalize()
