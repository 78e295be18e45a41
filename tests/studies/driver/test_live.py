"""What a run is doing, read from its directory while others write it."""

from pathlib import Path

import live_run
import pytest

from studies.driver.live import Live, live


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live_run.write(tmp_path_factory.mktemp("live") / "made")


@pytest.fixture(scope="module")
def now(run: Path) -> Live:
    return live(run)


def test_each_trial_has_its_arm_phase_and_state(now: Live):
    assert {trial.name: (trial.arm, trial.phase, trial.state) for trial in now.trials} == {
        "confirmed": ("arm 3x8", "confirm", "open"),
        "explored0": ("arm 5x5", "explore", "ended"),
        "explored1": ("arm 5x5", "explore", "stopped"),
        "explored2": ("arm 5x5", "explore", "open"),
        "lost": ("arm 3x8", "confirm", "failed"),
    }
    assert now.best("arm 3x8") == 0.9 and now.best("arm 5x5") == pytest.approx(0.8)


def test_what_is_left_is_counted_by_what_ended_trials_of_each_phase_took(now: Live):
    """Two of explore at 30 s (of 40 and 20), two of confirm at 10 s, less the 60 s of the two that are open, by two."""
    assert now.seconds_left() == pytest.approx((2 * 30 + 2 * 10 - 60) / 2)


def test_a_journal_that_is_being_written_is_left_as_it_is(run: Path):
    path = run / "journal" / "arm%205x5"
    before = path.read_bytes()
    path.write_bytes(before + b'{"op_code": 4, "wor')
    assert len(live(run).trials) == 5
    assert path.read_bytes() == before + b'{"op_code": 4, "wor'
    path.write_bytes(before)
