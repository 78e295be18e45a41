"""Each client is given what is new of a run, once; read back by the client itself where it is installed."""

from pathlib import Path

import live_run
import pytest

from studies import trackers
from studies.driver.live import Live, live
from studies.trackers.values import values
from trainables.errors import UserError

CURVE = [0.5, 0.6, 0.7, 0.8]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return live_run.write(tmp_path / "made")


def sent(name: str, run: Path, folder: Path) -> Live:
    """The run, sent in the middle of a trial and again after its end."""
    epochs = run / "trials" / "explored0" / "epochs.jsonl"
    whole = epochs.read_text()
    epochs.write_text("".join(whole.splitlines(keepends=True)[:2]))
    for content in (epochs.read_text(), whole, whole):
        epochs.write_text(content)
        trackers.follower({name: folder})(live(run))
    return live(run)


def test_tensorboard(run: Path, tmp_path: Path):
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed here")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator  # noqa: PLC0415

    sent("tensorboard", run, tmp_path / "tb")
    events = EventAccumulator(str(tmp_path / "tb" / "made" / "arm 5x5" / "explore" / "explored0")).Reload()
    found = [(event.step, event.value) for event in events.Scalars("validation_accuracy")]
    assert found == [(epoch, pytest.approx(value)) for epoch, value in enumerate(CURVE, 1)]


def test_mlflow(run: Path, tmp_path: Path):
    mlflow = pytest.importorskip("mlflow", reason="MLflow is not installed here")
    sent("mlflow", run, tmp_path / "ml")
    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'ml' / 'made' / 'mlflow.db'}")
    runs = client.search_runs([client.get_experiment_by_name("made").experiment_id])
    by_trial = {each.data.tags["trial"]: each for each in runs}
    assert len(runs) == 5 and by_trial["explored0"].data.params["kernel"] == "5x5"
    states = {name: each.info.status for name, each in by_trial.items()}
    assert [states[name] for name in ("explored0", "explored1", "lost", "confirmed")] == [
        "FINISHED",
        "KILLED",
        "FAILED",
        "RUNNING",
    ]
    history = client.get_metric_history(by_trial["explored0"].info.run_id, "validation_accuracy")
    assert [(each.step, each.value) for each in history] == [(n, pytest.approx(v)) for n, v in enumerate(CURVE, 1)]


def test_wandb(run: Path, tmp_path: Path):
    pytest.importorskip("wandb", reason="Weights & Biases' client is not installed here")
    sent("wandb", run, tmp_path / "wb")
    found = {path.name.rpartition("-")[2]: path for path in (tmp_path / "wb" / "made" / "wandb").glob("offline-run-*")}
    assert set(found) == {"explored0", "explored1", "lost"}
    content = (found["explored0"] / "run-explored0.wandb").read_bytes()
    assert content.count(b"validation_accuracy") >= len(CURVE) and b"kernel" in content


def test_a_number_that_is_no_curve_is_not_sent():
    record = {"epoch": 2, "train_loss": 0.5, "seconds": 3.0, "ended": 1.7e9, "worker": 12345}
    assert values(record) == {"train_loss": 0.5, "seconds": 3.0}


def test_one_that_is_not_installed_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setitem(trackers.PACKAGES, "mlflow", "no_such_package")
    with pytest.raises(UserError, match="--mlflow needs the package no_such_package, which is not installed"):
        trackers.follower({"mlflow": tmp_path})
