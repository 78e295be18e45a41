"""The banner of a report: what a reader must know before any number."""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.claims.sides import joined
from analysis.runs import Run
from analysis.text import replication, share

Warnings = Iterator[tuple[str, str]]


def warnings(run: Run) -> Warnings:
    """Each as its badge and a sentence."""
    yield from of_results(run)
    yield from of_data(run)
    yield from of_progress(run)
    yield from of_budget(run)
    yield from of_arms(run)


def of_results(run: Run) -> Warnings:
    """What is not known of results that others have given."""
    if run.given:
        yield (
            "trained elsewhere",
            f"These results were given as a table, {run.given}: they are judged here, and nothing of them was "
            "repeated. How the data were split, what was tuned on which part, and when the claims were made is not "
            "known here.",
        )
    if run.itemless:
        yield (
            "seeds alone",
            "One score of each arm and seed is known. Intervals are over seeds alone, and say nothing of other test "
            "items; seeds that collapsed are not looked for.",
        )


def of_data(run: Run) -> Warnings:
    """What audio the claims are tested on."""
    if run.elsewhere:
        yield f"replication on {run.elsewhere}", replicated(run)
    if run.ungrouped:
        yield (
            "groups unknown",
            "Nobody has said which clips come from one recording, player or piece. Copies by sound were looked for; "
            "that clips of one source are both trained on and tested cannot be excluded.",
        )
    if run.rendered:
        yield "rendered audio", "The audio is a rendered stand-in, not the recordings. Nothing is decided."
    if lacks_official_test(run.study["protocols"]):
        yield (
            "not comparable with the literature",
            "The official test part, with several labels an excerpt, was not tested whole beside the study's own.",
        )


def of_progress(run: Run) -> Warnings:
    """What is not trained yet."""
    progress = run.study["progress"]
    if not progress.get("finished"):
        yield "unfinished", f"{standing(progress)}. What is shown may change."


def of_budget(run: Run) -> Warnings:
    """What was spent less than printed."""
    (spent, printed), stated = run.budget, "the document printed" if run.document else "the study states"
    if not run.decides:
        name = run.study["scale"].get("name", "")
        yield f"{name} scale", "A scale of this size shows that all works. Nothing is decided."
    if run.arms and run.reduced_budget:
        yield (
            "reduced budget",
            f"Networks were trained for {spent} of the {printed} epochs that {stated}. Levels and courses "
            "over epochs are not decided, nor is anything of networks that are still learning.",
        )


def of_arms(run: Run) -> Warnings:
    """What was trained in another form, and what was not."""
    if run.reduced_form:
        yield (
            "reduced form",
            f"In place of the study's own settings: {reduced_forms(run)}. Of these arms neither levels nor courses are "
            "decided, nor how they compare with arms in full form.",
        )
    for arm, why in run.untrained.items():
        yield "an arm is not trained", f"{arm}: {why}. What is claimed of it is untestable here."


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
