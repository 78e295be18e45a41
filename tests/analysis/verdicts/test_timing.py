"""Times that are no network's own carry a badge."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.claims import Better, Cost
from analysis.verdicts import verdicts

COST = Cost(finding="S4-F6", cheaper="a", dearer="b")
SHARED, ALONE = {"gpus_per_trial": 0.5}, {"gpus_per_trial": 1.0}


def badges(planted: Any, claim: Any, devices: dict[str, str], *launches: dict[str, float]) -> tuple[str, ...]:
    run = planted({"a": 0.8, "b": 0.7}, [claim])
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
    assert badges(planted, COST, devices, *launches) == expected
    assert badges(planted, Better(finding="S4-F6", better="a", worse="b"), devices, *launches) == ()


def test_what_else_ran_on_the_processor_does_not_count(planted: Any) -> None:
    run = planted({"a": 0.8, "b": 0.7}, [COST], seconds={"a": 1.0, "b": 2.0})
    epochs = run.epochs.assign(seconds=100.0)
    assert verdicts(replace(run, epochs=epochs))[0].effect == pytest.approx(2.0, abs=0.1)
