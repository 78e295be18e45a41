"""Times that are no network's own carry a badge."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.claims import Better, Cost, Level
from analysis.metrics import METRICS
from analysis.runs import Run
from analysis.verdicts import verdicts

ARMS = {"a": 0.8, "b": 0.7}
COST = Cost(finding="S4-F6", cheaper="a", dearer="b")
SHARED, ALONE = {"gpus_per_trial": 0.5}, {"gpus_per_trial": 1.0}


def badges(run: Run, devices: dict[str, str], *launches: dict[str, float]) -> tuple[str, ...]:
    run.study["provenance"]["launches"] = list(launches)
    return verdicts(replace(run, trials=run.trials.assign(device=run.trials["arm"].map(devices))))[0].badges


@pytest.mark.parametrize(
    ("devices", "launches", "expected"),
    [
        ({"a": "cpu", "b": "cpu"}, [SHARED], ()),
        ({"a": "cuda", "b": "cuda"}, [ALONE], ()),
        ({"a": "cuda", "b": "cuda"}, [ALONE, SHARED], ("wall time on a shared GPU",)),
        ({"a": "cuda", "b": "cpu"}, [ALONE], ("times of different devices",)),
        ({"a": "cuda", "b": "cuda"}, [{}], ()),
    ],
)
def test_times_on_a_shared_gpu_or_of_two_devices_carry_a_badge(
    planted: Any, devices: dict[str, str], launches: list[dict[str, float]], expected: tuple[str, ...]
) -> None:
    other = Better(finding="S4-F6", better="a", worse="b")
    assert badges(planted(ARMS, [COST]), devices, *launches) == expected
    assert badges(planted(ARMS, [other]), devices, *launches) == ()


def test_what_else_ran_on_the_processor_does_not_count(planted: Any) -> None:
    run = planted(ARMS, [COST], seconds={"a": 1.0, "b": 2.0})
    epochs = run.epochs.assign(seconds=100.0)
    assert verdicts(replace(run, epochs=epochs))[0].effect == pytest.approx(2.0, abs=0.1)


OF_SECONDS = [name for name, metric in METRICS.items() if "seconds" in metric.unit]


@pytest.mark.parametrize("name", OF_SECONDS)
def test_what_takes_time_is_known_by_the_metric_and_not_by_its_unit(
    planted: Any, fully_recorded: Any, name: str
) -> None:
    """The length of a sound is in seconds and none of a machine's."""
    timed = name != "sample_seconds"
    of = {"finding": "S4-F6", "metric": name, "margin": 0.01}
    compared = fully_recorded(planted(ARMS, [Better(**of, better="a", worse="b")]))
    assert ("wall time on a shared GPU" in badges(compared, dict.fromkeys("ab", "cuda"), SHARED)) == timed
    (level,) = verdicts(fully_recorded(planted(ARMS, [Level(**of, arm="a", printed=90.0)])))
    assert (level.word, "another machine may be why" in level.reason) == (
        ("untestable", True) if timed else ("contradicted", False)
    )


def test_no_other_metric_is_of_what_something_took() -> None:
    assert {name for name, metric in METRICS.items() if metric.timed} < {*OF_SECONDS}
