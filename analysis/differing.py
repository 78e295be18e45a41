"""What differs between two runs: what they were made with, what they found, and their trials."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from analysis.claims.claim import named
from analysis.protocols import protocol_name
from analysis.runs import TRIAL_KEY, Run
from analysis.text import DASH, measured
from analysis.verdicts import FindingVerdict, finding_verdicts

KEY = TRIAL_KEY[1:]
"""What a trial is for: trials of two runs with the same role are held against each other."""
COMPARED = ("state", "epochs", "validation_accuracy", "test_accuracy")
OF_THE_STUDY = ("name", "title", "document", "budget_epochs")
OF_THE_DATA = ("corpus", "digest", "rendered", "clips", "groups", "labels")


class Differing(NamedTuple):
    """One thing that two runs have differently: `what` of which `part`, and its text in each, a dash for nothing."""

    part: str
    what: str
    first: str
    second: str


@dataclass(frozen=True)
class RunDifferences:
    """What differs between two runs, by the names of their folders.

    `trials` has a row for each role, `KEY`, whose trials differ: each column of `COMPARED` twice, with " 1" and " 2"
    after its name, and the settings in which they differ as `settings 1` and `settings 2`.
    """

    names: tuple[str, str]
    settings: tuple[Differing, ...]
    verdicts: tuple[Differing, ...]
    trials: pd.DataFrame


def differences(first: Run, second: Run) -> RunDifferences:
    names = first.path.name, second.path.name
    settings = differing(made_with(first), made_with(second))
    found = differing(found_by(first), found_by(second))
    return RunDifferences(names, settings, found, differing_trials(first, second))


def differing(first: Mapping[tuple[str, str], str], second: Mapping[tuple[str, str], str]) -> tuple[Differing, ...]:
    """The entries of two tables by part and name that are not the same, in the order of the first."""
    keys = dict.fromkeys([*first, *second])
    pairs = ((key, first.get(key, DASH), second.get(key, DASH)) for key in keys)
    return tuple(Differing(*key, a, b) for key, a, b in pairs if a != b)


def made_with(run: Run) -> dict[tuple[str, str], str]:
    """What a run was made with, as study.json has it: study, scale, data, versions, arms and claims."""
    study, provenance = run.study["study"], run.study["provenance"]
    parts: dict[str, Mapping[str, Any]] = {
        "study": only(study, OF_THE_STUDY),
        "scale": run.study["scale"],
        "data": only(run.study["data"], OF_THE_DATA),
        "search": study.get("tuned", {}),
        "provenance": {name: each for name, each in provenance.items() if not isinstance(each, dict | list)},
        "versions": provenance.get("versions", {}),
        **{f"arm {arm}": settings for arm, settings in run.settings.items()},
        **{f"claim {named(claim['finding'], claim['part'])}": claim for claim in study["claims"]},
    }
    return {(part, str(name)): str(value) for part, values in parts.items() for name, value in values.items()}


def only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def found_by(run: Run) -> dict[tuple[str, str], str]:
    """The verdict of each finding under each protocol, in words."""
    return {(each.finding, protocol_name(each.protocol)): in_words(each) for each in finding_verdicts(run)}


def in_words(verdict: FindingVerdict) -> str:
    """A verdict with its label, effect and number of repetitions."""
    label = f" ({verdict.label})" if verdict.label else ""
    n = f"n = {verdict.n}" if verdict.n else ""
    return ", ".join(text for text in (f"{verdict.word}{label}", measured(verdict), n) if text)


def differing_trials(first: Run, second: Run) -> pd.DataFrame:
    """See `RunDifferences`."""
    tables = [run.trials[[*KEY, *COMPARED, "settings"]] for run in (first, second)]
    both = tables[0].merge(tables[1], on=list(KEY), how="outer", suffixes=(" 1", " 2"))
    pairs = [apart(*each) for each in zip(both["settings 1"], both["settings 2"], strict=True)]
    both = both.assign(**{"settings 1": [a for a, _ in pairs], "settings 2": [b for _, b in pairs]})
    names = (*COMPARED, "settings")
    unlike = [
        both[f"{name} 1"].ne(both[f"{name} 2"]) & both[[f"{name} 1", f"{name} 2"]].notna().any(axis=1) for name in names
    ]
    return both[pd.concat(unlike, axis=1).any(axis=1)].reset_index(drop=True)


def apart(first: object, second: object) -> tuple[str, str]:
    """The settings, as JSON, in which two trials differ, each in words; a dash where one run has no such trial."""
    if not (isinstance(first, str) and isinstance(second, str)):
        texts = tuple("" if isinstance(each, str) else DASH for each in (first, second))
        return texts[0], texts[1]
    a, b = json.loads(first), json.loads(second)
    names = [name for name in dict.fromkeys([*a, *b]) if a.get(name) != b.get(name)]
    one, other = (", ".join(f"{name} {each.get(name, DASH)}" for name in names) for each in (a, b))
    return one, other
