"""One row per finding and protocol: its parts combined, beside what it cost."""

from collections.abc import Sequence

import pandas as pd

from analysis.runs import Run
from analysis.verdicts.judge import verdicts
from analysis.verdicts.verdict import Verdict, Word

COLUMNS: tuple[str, ...] = (
    "finding",
    "protocol",
    "word",
    "label",
    "badges",
    "kinds",
    "parts",
    "effect",
    "low",
    "high",
    "unit",
)
COLUMNS += ("n", "groups", "smallest_detectable", "reason", "trials", "cpu_hours")


def combine(parts: Sequence[Verdict]) -> tuple[Word, str]:
    """The word and label of a finding from those of its parts.

    Reproduced if every part is; contradicted if any is ("mixed" where others are reproduced); a word that all parts
    share; else inconclusive. Parts of which nothing is claimed do not count beside others.
    """
    counted = [v for v in parts if v.word != "no claim"] or list(parts)
    words = {v.word for v in counted}
    if "contradicted" in words:
        labels = {v.label for v in counted if v.word == "contradicted"}
        return "contradicted", "mixed" if "reproduced" in words else labels.pop() if len(labels) == 1 else ""
    if len(words) == 1:
        return counted[0].word, counted[0].label if len(counted) == 1 else ""
    return "inconclusive", "not all parts agree"


def findings_table(run: Run, judged: Sequence[Verdict] | None = None) -> pd.DataFrame:
    """One row per finding and protocol (`COLUMNS`); effects are shown for findings of one part.

    `trials` counts the different trials of the finding's arms, explored and confirmed; `cpu_hours` is what they took.
    """
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts(run) if judged is None else judged:
        grouped.setdefault((verdict.finding, verdict.protocol), []).append(verdict)
    return pd.DataFrame([_row(run, parts) for parts in grouped.values()], columns=list(COLUMNS))


def _row(run: Run, parts: Sequence[Verdict]) -> dict[str, object]:
    word, label = combine(parts)
    first, single = parts[0], len(parts) == 1
    return {
        "finding": first.finding,
        "protocol": first.protocol,
        "word": word,
        "label": label,
        "badges": tuple(dict.fromkeys(badge for v in parts for badge in v.badges)),
        "kinds": " + ".join(dict.fromkeys(v.kind for v in parts)),
        "parts": {v.part: v.word for v in parts},
        **{name: getattr(first, name) if single else None for name in ("effect", "low", "high", "unit")},
        "n": min(v.n for v in parts),
        "groups": min(v.groups for v in parts),
        "smallest_detectable": first.smallest_detectable if single else None,
        "reason": " ".join(f"{v.part}: {v.reason}" if v.part and not single else v.reason for v in parts),
        **cost(run, [arm for v in parts for arm in v.arms]),
    }


def cost(run: Run, arms: Sequence[str]) -> dict[str, float]:
    """Number of different trials of these arms, and the CPU hours they took."""
    trials = run.trials[run.trials["arm"].isin(arms)].drop_duplicates("trial")
    return {"trials": len(trials), "cpu_hours": float(trials["cpu_seconds"].sum()) / 3600}
