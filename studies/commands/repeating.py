"""The command that repeats a run, from what study.json says of it."""

import shlex
from collections.abc import Mapping
from typing import Any

from studies import scale as scales
from studies.scale import Scale


def command(description: Mapping[str, Any]) -> str:
    """`etude run` with the study, scale, budgets and audio of a run: the same run on the same packed data."""
    replicates = description["study"].get("replicates")
    moved = options(Scale(**description["scale"]), description["data"]["corpus"] if replicates else "", replicates)
    rendered = ["--rendered"] if description["data"]["rendered"] else []
    return shlex.join(["etude", "run", study_of(description), *moved, *rendered])


def study_of(description: Mapping[str, Any]) -> str:
    """The name of a run's study, or the path of its file, as `etude run` takes it."""
    return str(description.get("file", {}).get("path") or description["study"]["name"])


def options(scale: Scale, corpus: str, replicates: Mapping[str, Any] | None) -> list[str]:
    """The options of `etude run` that give a scale, and the corpus that a study was moved to with its settings."""
    usual = scales.SCALES.get(scale.name, scale)
    own = (usual.until_the_first_look() if scale.until_decided else usual).model_dump()
    changed = {name: value for name in scales.BUDGETS if (value := getattr(scale, name)) != own[name]}
    found = [("scale", scale.name), *changed.items()]
    if replicates:
        found += [("corpus", corpus), *(("set", f"{n}={v}") for n, v in replicates["settings"].items())]
    words = [word for name, value in found for word in (f"--{name}", str(value))]
    return [*words, "--until-decided"] if scale.until_decided else words
