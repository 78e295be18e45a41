"""What the tables of a report say, row by row, before any HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.claims import Claim
from analysis.findings.register import Finding
from analysis.protocols import judging
from analysis.runs import Run
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
