"""What was used and spent: skipped clips, costs, and where all of it came from."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from analysis.audit.tuned import effort
from analysis.figures import costs, timeline
from analysis.figures.figure import Figures
from analysis.report.embed import Embed
from analysis.report.sections.section import Section
from analysis.results import Results
from analysis.runs import EPOCHS, PREDICTIONS, TRIALS
from analysis.text import looked


@dataclass(frozen=True)
class ProblemsSection(Section):
    """The clips that could not be used, of which the first `most` are listed."""

    id: ClassVar[str] = "problems"
    title: ClassVar[str] = "Skipped clips"
    most: ClassVar[int] = 200

    data: Mapping[str, Any]
    problems: Sequence[Mapping[str, str]]

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for results that were trained elsewhere; else shown: a run without any says so."""
        if results.run.given:
            return None
        data = results.run.study["data"]
        return cls(*cls.drawn(results, embed), data, data.get("problems", []))


@dataclass(frozen=True)
class CostsSection(Section):
    """What each of the `arms` took; `uneven` says in what they differ too much (B15), or nothing."""

    id: ClassVar[str] = "costs"
    title: ClassVar[str] = "Costs"
    draws: ClassVar[tuple[Figures, ...]] = (costs.accuracy, timeline.side_by_side)

    arms: Sequence[Mapping[Hashable, Any]]
    devices: Sequence[str]
    uneven: str

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self | None:
        """None for results that were trained elsewhere and give no times; else a study that trains nothing says so."""
        if results.run.given and not results.run.trials[["seconds", "cpu_seconds"]].any(axis=None):
            return None
        data = costs.costs_data(results.run, results.headline)
        found = effort(results.run)
        uneven = found.explanation if found.outcome == "fail" else ""
        return cls(*cls.drawn(results, embed), data.arms.to_dict("records"), data.devices, uneven)


@dataclass(frozen=True)
class ProvenanceSection(Section):
    """The origin of a run: simple values, versions, launches; its files; and its name if it `trained` models."""

    id: ClassVar[str] = "provenance"
    title: ClassVar[str] = "Provenance"
    tables: ClassVar[tuple[str, ...]] = (TRIALS, EPOCHS, PREDICTIONS)

    study: Mapping[str, Any]
    scale: Mapping[str, Any]
    data: Mapping[str, Any]
    simple: Mapping[str, Any]
    versions: Mapping[str, str]
    launches: Sequence[Mapping[str, Any]]
    looks: Sequence[str]
    trained: str

    @classmethod
    def of(cls, results: Results, embed: Embed) -> Self:
        run = results.run.study
        trained = results.run.path.name if results.run.epochs["train_loss"].notna().any() else ""
        found = run["provenance"]
        simple = {name: value for name, value in found.items() if not isinstance(value, dict | list)}
        rest = simple, found.get("versions", {}), found.get("launches", [])
        return cls(
            *cls.drawn(results, embed),
            run["study"],
            run["scale"],
            run["data"],
            *rest,
            [looked(look) for look in results.run.looks],
            trained,
        )
