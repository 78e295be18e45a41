"""A run made of a table of results and some claims, so that all that judges and shows runs serves these as well."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis import claims as registered
from analysis.claims import KINDS, Claim
from analysis.claims.claim import Unmeasured
from analysis.errors import RunError, unknown
from analysis.judged.results_table import WHO, checked, value_of
from analysis.metrics import ACCURACY
from analysis.metrics.given import VALUES
from analysis.protocols import protocol_named
from analysis.runs import EPOCH_COLUMNS, MEASURES, PREDICTION_COLUMNS, TRIAL_COLUMNS, Run
from analysis.verdicts import Verdict, verdicts

Given = Claim | Mapping[str, Any]
STATEMENT = "statement"


def judge(results: pd.DataFrame, claims: Sequence[Given]) -> list[Verdict]:
    """The verdicts of claims by results that were trained elsewhere.

    `results` has the columns that `analysis.judged.results_table` describes. A claim is one of `analysis.claims`, or a
    mapping as a file of claims has it. Raises RunError, in one sentence, for what cannot be.
    """
    return verdicts(run_of(results, claims))


def run_of(
    results: pd.DataFrame,
    claims: Sequence[Given],
    *,
    name: str = "results",
    title: str = "",
    question: str = "",
    corpus: str = "",
) -> Run:
    """A run of which these results are the confirmed trials, one for each arm, seed and protocol; raises RunError."""
    value = value_of(results.columns)
    answers, epochs = checked(results, covariates_of(claims))
    found = [claim_of(each, VALUES[value], tuple(answers["protocol"].unique())) for each in claims]
    arms = [str(arm) for arm in dict.fromkeys(answers["arm"])]
    check(found, arms, VALUES[value])
    study = {
        "name": name,
        "document": "",
        "title": title or name,
        "question": question,
        "findings": list(dict.fromkeys(claim.finding for claim in found)),
        "statements": statements(claims),
        "arms": [{"name": arm, "settings": {}} for arm in arms],
        "claims": registered.dump(found),
    }
    predictions = with_trial(answers)
    tables = trials_of(predictions, epochs), epochs_of(epochs), predictions_of(predictions, value)
    return Run(Path(name), description(study, answers, corpus, digest_of(results)), *tables)


def claim_of(given: Given, metric: str, protocols: tuple[str, ...]) -> Claim:
    """A claim; one of a file is of the results' own metric and under their own protocols, unless it says otherwise."""
    if isinstance(given, Claim):
        return given
    fields = {name: value for name, value in given.items() if name != STATEMENT}
    kind = str(fields.get("kind", ""))
    if kind not in KINDS:
        raise unknown("kind of claim", kind, KINDS)
    known, assumed = KINDS[kind].model_fields, dict[str, Any]()
    if known["metric"].default == ACCURACY and not issubclass(KINDS[kind], Unmeasured):
        assumed["metric"] = metric
    if known["protocols"].default_factory:
        assumed["protocols"] = protocols
    return KINDS[kind](**{**assumed, **fields})


def check(claims: Sequence[Claim], arms: Sequence[str], metric: str) -> None:
    """Raise RunError for a claim of an arm that the results lack or of a value that they are not of, or made twice."""
    names = [claim.name for claim in claims]
    if twice := [name for name in names if names.count(name) > 1]:
        raise RunError(f"The claim '{twice[0]}' stands twice: give each part of a finding a 'part' of its own.")
    for claim in claims:
        if not claim.finding:
            raise RunError("A claim has an empty 'finding': give it a name.")
        for arm in claim.arms:
            if arm not in arms:
                raise unknown(f"arm in the claim '{claim.name}':", arm, arms)
        if claim.metric in VALUES.values() and claim.metric != metric and not isinstance(claim, Unmeasured):
            raise RunError(f"The claim '{claim.name}' is of '{claim.metric}', and the results say '{metric}'.")


def covariates_of(claims: Sequence[Given]) -> list[str]:
    """The properties of items that claims name."""
    named = (getattr(each, "covariate", "") if isinstance(each, Claim) else each.get("covariate") for each in claims)
    return [str(name) for name in dict.fromkeys(named) if name]


def statements(claims: Sequence[Given]) -> dict[str, str]:
    """What the findings say in words, where a claim of theirs states it."""
    stated = [each for each in claims if not isinstance(each, Claim) and STATEMENT in each]
    return {str(each.get("finding", "")): str(each[STATEMENT]) for each in stated}


def with_trial(table: pd.DataFrame) -> pd.DataFrame:
    """Rows with the trial that each is of."""
    names = table["protocol"] + " " + table["arm"] + " " + table["seed"].astype(str)
    return table.assign(trial=names)


def trials_of(answers: pd.DataFrame, epochs: pd.DataFrame) -> pd.DataFrame:
    """A complete confirmed trial for each arm, seed and protocol that has answers."""
    rows = answers.drop_duplicates("trial")
    last = with_trial(epochs).sort_values("epoch").groupby("trial").last()
    per_trial = rows["trial"].map(last["epoch"]).fillna(0).astype("int64")
    spent = with_trial(epochs).groupby("trial")[["seconds", "cpu_seconds"]].sum()
    columns = {
        "trial": rows["trial"],
        "phase": "confirm",
        "arm": rows["arm"],
        "configuration": [protocol_named(name).judged_by for name in rows["protocol"]],
        "protocol": rows["protocol"],
        "repetition": rows["seed"],
        "fold": 0,
        "state": "complete",
        "epochs": per_trial,
        "parameters": np.nan,
        "test_accuracy": rows["trial"].map(right_share(answers)),
        "device": "",
        "settings": "{}",
        **{name: rows["trial"].map(last[name]) for name in ("train_accuracy", "validation_accuracy")},
        **{name: rows["trial"].map(spent[name]).fillna(0.0) for name in ("seconds", "cpu_seconds")},
    }
    return pd.DataFrame(columns).reindex(columns=[*TRIAL_COLUMNS, *MEASURES]).reset_index(drop=True)


def right_share(answers: pd.DataFrame) -> "pd.Series[float]":
    """The accuracy of each trial, a share; NaN for all where results are scores or errors."""
    right = answers["label"].eq(answers["prediction"]) if answers["prediction"].notna().all() else answers.get("right")
    found = pd.Series(np.nan, index=answers.index) if right is None else right.astype("float64")
    return found.groupby(answers["trial"]).mean()


def epochs_of(epochs: pd.DataFrame) -> pd.DataFrame:
    return with_trial(epochs).drop(columns=list(WHO)).reindex(columns=list(EPOCH_COLUMNS)).astype({"epoch": "int64"})


def predictions_of(answers: pd.DataFrame, value: str) -> pd.DataFrame:
    """The answers of each trial, with the value and the covariates beside the columns that every run has."""
    further = [name for name in answers if name not in (*PREDICTION_COLUMNS, *WHO)]
    return answers.reindex(columns=[*PREDICTION_COLUMNS, *further])


def description(study: Mapping[str, Any], answers: pd.DataFrame, corpus: str, digest: str) -> dict[str, Any]:
    """What study.json has of results: their arms and claims, and nothing of how they were trained."""
    items = answers.loc[answers["item"].ne(""), ["item", "group"]]
    data = {
        "corpus": corpus,
        "title": corpus or "data that the results do not name",
        "digest": digest,
        "rendered": False,
        "clips": int(items["item"].nunique()),
        "groups": int(items["group"].nunique()),
        "labels": sorted(answers["label"].dropna().unique()),
        "facts": {},
    }
    sections: dict[str, Any] = {name: {} for name in ("protocols", "architectures", "example", "rungs")}
    scale = {"name": "trained elsewhere", "decides": True}
    rest = {"provenance": {"given": f"{study['name']}.csv"}, "progress": {"finished": True}}
    return {"study": dict(study), "scale": scale, "data": data, **sections, **rest}


def digest_of(results: pd.DataFrame) -> str:
    """SHA-256 of the results as CSV."""
    return sha256(results.to_csv(index=False).encode()).hexdigest()
