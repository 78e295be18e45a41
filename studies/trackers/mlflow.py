"""MLflow: an experiment for a run, in a file store, and in it a run for each trial."""

from pathlib import Path
from time import time

from studies.driver.live import LiveTrial
from studies.trackers.values import values

ENDED = {"ended": "FINISHED", "stopped": "KILLED", "failed": "FAILED"}
MILLISECONDS = 1000


def send(run: str, trial: LiveTrial, first: int, folder: Path) -> None:
    """Log the records from the one at `first` on to the run of a trial, which is made for the first."""
    from mlflow import MlflowClient  # noqa: PLC0415
    from mlflow.entities import Metric, Param, RunTag  # noqa: PLC0415

    client = MlflowClient(tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")
    known = client.get_experiment_by_name(run)
    place = known.experiment_id if known else client.create_experiment(run, (folder / "artifacts").as_uri())
    same = client.search_runs([place], f"tags.trial = '{trial.name}'")
    if same:
        id = same[0].info.run_id
    else:
        tags = {"trial": trial.name, "arm": trial.arm, "phase": trial.phase}
        id = client.create_run(place, run_name=f"{trial.arm} {trial.name}", tags=tags).info.run_id
        params = [Param(name, str(value)) for name, value in trial.settings.items()]
        client.log_batch(id, params=params, tags=[RunTag(*tag) for tag in tags.items()])
    now = int(time() * MILLISECONDS)
    for record in trial.records[first:]:
        found = values(record).items()
        client.log_batch(id, metrics=[Metric(name, value, now, int(record["epoch"])) for name, value in found])
    if trial.state in ENDED:
        client.set_terminated(id, ENDED[trial.state])
