"""The networks of the arms."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.report.embed import embedder
from analysis.report.sections import ArchitecturesSection
from analysis.results import Results
from analysis.runs import Run

ARMS = ("b", "a", "c")


def test_networks_are_in_the_order_of_the_arms(synthetic_run: Callable[..., Path], tmp_path: Path) -> None:
    plan: dict[str, Any] = {"arms": ARMS, "claims": (), "repetitions": 1, "epochs": 2, "explored": 1, "notes": 1}
    run = Run.load(synthetic_run(tmp_path / "run", **plan))
    layers = [{"name": "linear", "kind": "Linear", "output": "14", "parameters": 5}]
    described = {"a": {"parameters": 5, "layers": layers}, "b": {"parameters": 1, "layers": layers * 2}}
    section = ArchitecturesSection.of(
        Results.of(replace(run, study={**run.study, "architectures": described})), embedder({})
    )
    assert section is not None
    assert [(each.arm, each.parameters, len(each.layers)) for each in section.networks] == [("b", 1, 2), ("a", 5, 1)]
