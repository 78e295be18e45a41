"""From evidence to verdicts: Holm over the study, the gates, the badges and the reason."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np

from analysis import claims
from analysis.claims import Claim
from analysis.claims.evidence import Evidence
from analysis.confirmed import Confirmed, Repetitions, repetitions_of
from analysis.errors import NotRun, Untestable
from analysis.looks import MOST
from analysis.protocols import PROTOCOLS, Protocol
from analysis.runs import Run
from analysis.statistics import holm
from analysis.statistics.spending import levels_at
from analysis.text import probability
from analysis.verdicts import alike, collapse, forms, learning, timing
from analysis.verdicts.verdict import Verdict, Word

FEWEST = 8

SUPPORT = {
    "reproduced": ", so the hypothesis is supported",
    "contradicted": ", so the hypothesis is not supported",
}

Found = Evidence | NotRun | Untestable


@dataclass(frozen=True)
class Weighed:
    """What was found of a claim, with its p values adjusted for the other claims of the study."""

    found: Found
    p: float
    p_below: float

    @property
    def word(self) -> tuple[Word, str]:
        """The word and its label, before the gates."""
        if isinstance(self.found, NotRun):
            return "not run", ""
        return ("untestable", "") if isinstance(self.found, Untestable) else _word(self.found, self.p, self.p_below)


def claims_of(run: Run) -> list[Claim]:
    return claims.load(run.study["study"]["claims"])


def verdicts(run: Run) -> list[Verdict]:
    """One verdict per registered claim and protocol, in the order of the claims.

    Holm's families are, for each protocol, all claims of the study, run or not: one family of the p values of "there
    is an effect", one of those of "it is smaller than the margin". Those of a run that stops when decided are compared
    with the level of the look at which the arms of the claim stopped. The same run always gives the same verdicts.
    """
    judged = [_judged(run, protocol) for protocol in PROTOCOLS.values() if protocol.judges]
    return [found[i] for i in range(len(claims_of(run))) for found in judged if i in found]


def other_cells(run: Run) -> list[Verdict]:
    """Estimates without a verdict of the configuration that does not decide a protocol, where it was confirmed."""
    found = []
    for protocol in [protocol for protocol in PROTOCOLS.values() if protocol.judges]:
        data = Confirmed(run, protocol.name, protocol.other)
        for claim in claims_of(run):
            shown = protocol.name in claim.protocols and claim.arms and not claim.fewest_explored
            evidence = _evidence(claim, data) if shown else None
            if isinstance(evidence, Evidence):
                reason = f"{evidence.sentence}; this is the {protocol.other} configuration, shown without a verdict."
                verdict = replace(_bare(claim, data, evidence), word="no claim", reason=reason)
                found.append(replace(verdict, **_numbers(evidence, math.nan, math.nan)))
    return found


def _judged(run: Run, protocol: Protocol) -> dict[int, Verdict]:
    """The verdicts of one protocol by the number of the claim."""
    data, family = Confirmed(run, protocol.name), claims_of(run)
    weighed, lost = _weighed(family, data), collapse.collapsed(data)
    spared = _weighed(family, replace(data, left_out=frozenset(lost["trial"]))) if len(lost) else weighed
    fell = repetitions_of(lost)
    return {i: _judge(family[i], data, fell, each, spared[i]) for i, each in weighed.items()}


def _weighed(family: Sequence[Claim], data: Confirmed) -> dict[int, Weighed]:
    found = {i: _evidence(claim, data) for i, claim in enumerate(family) if data.protocol in claim.protocols}
    p, p_below = (_family(family, found, name) for name in ("p", "p_below"))
    return {i: Weighed(evidence, p[i], p_below[i]) for i, evidence in found.items()}


def _evidence(claim: Claim, data: Confirmed) -> Found:
    seed = crc32(f"{claim.name} {data.protocol}".encode())
    untrained = data.run.untrained if claim.rests_on != "described" else {}
    if missing := [arm for arm in claim.arms if arm in untrained]:
        return Untestable(f"{missing[0]} was not trained: {untrained[missing[0]]}.")
    try:
        return replace(claim.evidence(data, np.random.default_rng(seed)), level=data.levels(claim.arms).test)
    except (NotRun, Untestable) as why:
        return why


def _family(family: Sequence[Claim], found: Mapping[int, Found], name: str) -> list[float]:
    """Adjusted p of every claim; NaN for those without one, which count in the family all the same."""
    raw = [getattr(found.get(i), name, None) for i in range(len(family))]
    return list(holm([math.nan if p is None else p for p in raw]))


def _judge(claim: Claim, data: Confirmed, lost: Repetitions, weighed: Weighed, spared: Weighed) -> Verdict:
    """The verdict, where `spared` is what is found without the collapsed repetitions, `lost`."""
    found, (word, label) = weighed.found, weighed.word
    if isinstance(found, NotRun | Untestable):
        return replace(_bare(claim, data, None), word=word, reason=str(found))
    verdict = replace(_bare(claim, data, found), **_numbers(found, weighed.p, weighed.p_below))
    fell = [] if found.exact or claim.fewest_explored else collapse.counted(claim, data, lost)
    verdict = replace(verdict, badges=(*verdict.badges, *fell))
    barred = [] if word == "no claim" else barriers(claim, data, found)
    if fell and word != "no claim":
        barred += collapse.barriers(claim, fell, word, spared.word[0], collapse.agree(claim, data, lost))
    if barred:
        reason = f"{found.sentence}; no verdict, because {' and '.join(barred)}."
        chance = 0.0 if lasting_barriers(claim, data) else found.chance
        marks = (*verdict.badges, *learning.badges(claim, data))
        return replace(verdict, word="inconclusive", barred=tuple(barred), badges=marks, reason=reason, chance=chance)
    support = SUPPORT.get(word, "") if claim.hypothesis else ""
    later = outlook(found) if word == "inconclusive" else ""
    return replace(verdict, word=word, label=label, reason=f"{found.sentence}: {found.ends[word]}{support}{later}.")


def outlook(found: Evidence) -> str:
    """What the last look would bring, for what is open at a look before it."""
    if found.level >= levels_at(MOST).test or found.chance == 1:
        return ""
    return f"; {MOST} repetitions decide it with a probability of {probability(found.chance)}"


def _word(found: Evidence, p: float, p_below: float) -> tuple[Word, str]:
    """The word and its label, before the gates."""
    if not found.claimed:
        return "no claim", ""
    if found.holds and (found.p is None or p < found.level):
        return "reproduced", ""
    if found.fails and (found.p_below is None or p_below < found.level):
        return ("untestable", "not comparable") if found.blocked else ("contradicted", found.label)
    return "inconclusive", ""


def barriers(claim: Claim, data: Confirmed, found: Evidence) -> list[str]:
    """Why evidence may not decide: reduced or like arms, rendered audio, a scale that does not, too few runs or epochs.

    Exact counts are not estimates, and nothing but another network bars them.
    """
    run = data.run
    if found.exact:
        return forms.barriers(claim, run)
    few = f"{found.n} repetition{'s' if found.n != 1 else ''} are fewer than {FEWEST}"
    return [
        *(["the audio is a rendered stand-in"] if run.rendered else []),
        *([] if run.decides else [f"the scale '{run.study['scale']['name']}' does not decide"]),
        *([few] if found.n < FEWEST else []),
        *forms.barriers(claim, run),
        *learning.barriers(claim, data),
        *alike.barriers(claim, data),
    ]


def lasting_barriers(claim: Claim, data: Confirmed) -> list[str]:
    """Those of the barriers that no further repetition of these arms and epochs can lift."""
    return [
        *forms.barriers(claim, data.run),
        *learning.epochs_lacking(claim, data.run),
        *alike.barriers(claim, data),
    ]


def badges(claim: Claim, data: Confirmed, found: Evidence | None) -> tuple[str, ...]:
    """What a reader must know beside the word."""
    run, (spent, printed) = data.run, data.run.budget
    missing = data.missing(claim.arms) if claim.arms and not claim.fewest_explored else 0
    estimated = found is not None and not found.exact
    marks = {
        "trained elsewhere": bool(run.given),
        f"replication on {run.elsewhere}": bool(run.elsewhere),
        "groups unknown": run.ungrouped,
        "rendered audio": run.rendered,
        "smoke scale": not run.decides,
        f"preview (n < {FEWEST})": found is not None and estimated and found.n < FEWEST,
        f"reduced budget ({spent} of {printed} epochs)": estimated and run.reduced_budget,
        "reduced form": found is not None and bool(forms.reduced(claim, run)),
        f"{missing} of the planned repetitions missing": estimated and missing > 0,
        f"confounded: {claim.confounded}": bool(claim.confounded),
        "hypothesis": claim.hypothesis,
    }
    return (*(badge for badge, shown in marks.items() if shown), *timing.badges(claim, data))


def _bare(claim: Claim, data: Confirmed, found: Evidence | None) -> Verdict:
    """What a verdict says of its claim, before any number."""
    return Verdict(
        claim.finding,
        claim.part,
        claim.kind,
        data.protocol,
        word="not run",
        badges=badges(claim, data, found),
        margin=claim.judged_margin,
        printed=getattr(claim, "printed", None),
        arms=claim.arms,
    )


def _numbers(found: Evidence, p: float, p_below: float) -> dict[str, Any]:
    numbers = {
        "effect": found.effect,
        "low": found.limits[0],
        "high": found.limits[1],
        "low90": found.limits90[0],
        "high90": found.limits90[1],
        "p": found.p,
        "p_adjusted": p,
        "p_below": found.p_below,
        "p_below_adjusted": p_below,
        "smallest_detectable": found.smallest_detectable,
    }
    known = {name: None if value is None or math.isnan(value) else float(value) for name, value in numbers.items()}
    rest = {"unit": found.unit, "n": found.n, "groups": found.groups, "needed": found.needed}
    rest |= {"needed_groups": found.needed_groups, "shares": None if math.isnan(found.shares[0]) else found.shares}
    rest |= {"level": found.level, "chance": found.chance, "ahead": found.ahead}
    rest["probabilities"] = None if math.isnan(found.probabilities[0]) else found.probabilities
    return {**known, **rest, "comparisons": found.comparisons}
