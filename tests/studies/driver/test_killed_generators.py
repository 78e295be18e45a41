"""A study of generators whose driver dies five times ends as one that is left alone, to the last bit."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
import torch
from plainly import Plainly
from small_study import small_study

from analysis.claims import NoDirection
from studies.driver import launch
from studies.resources import Resources
from studies.scale import Scale
from studies.study import arm
from trainables.corpora.store import Store
from trainables.fit import CLOCKS
from trainables.trainings.dcgan import STEPS, Dcgan
from trainables.trainings.judge import FOLDER

EPOCHS, STEPS_AN_EPOCH = 6, 4
DEATHS = (2, 8, 14, 20, 38)
"""Counted in steps of all launches together: each in another epoch, after its first step."""
FIXED = {
    **{"training": "dcgan", "architecture": "dcgan_discriminator", "width": 4, "generator_width": 4, "latent": 8},
    **{"front_end": "mfcc_image", "frame": 1024, "side": 32, "seconds": 0.25},
    **{"batch_size": 3, "samples": 4, "sounds": 1, "judge_epochs": 1},
}
PAIR = {"first": "dropout", "second": "plain"}
STUDY = small_study(
    arm("plain"),
    # It draws random numbers while it trains, as the generator does of its noise.
    arm("dropout", dropout=0.3),
    epochs=EPOCHS,
    fixed=FIXED,
    claims=(NoDirection(finding="S4-F3", metric="distance", margin=0.5, protocols=("corrected",), **PAIR),),
)
SCALE = Scale(name="tiny", trials=1, repetitions=1)


class Dead(BaseException):
    """Nothing catches it, as nothing catches a power cut."""


def launched(store: Store, folder: Path) -> Path:
    request = launch.Launch("generators/study", STUDY, SCALE, store, folder)
    launch.launch([request], Resources(), lambda queue: None)
    return request.directory


@pytest.fixture(scope="module")
def plainly() -> Iterator[None]:
    """Trials are trained in this process, on one thread, which is quickest for networks as small as these."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(launch, "train_all", Plainly())
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def alone(plainly: None, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a study that is left alone."""
    return launched(store, tmp_path_factory.mktemp("alone"))


class Killed(NamedTuple):
    """A run, and in which epochs of its trials, by their dropout, its driver died."""

    run: Path
    deaths: list[tuple[float, int]]


@pytest.fixture(scope="module")
def killed(alone: Path, plainly: None, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """The same study, whose driver dies in the middle of epochs and is launched again each time."""
    # The judge, too, is to be trained again.
    shutil.rmtree(store.path / FOLDER)
    folder, taken, step = tmp_path_factory.mktemp("killed"), [0], Dcgan._step
    deaths: list[tuple[float, int]] = []

    def dies(self: Dcgan, images: Any) -> Any:
        taken[0] += 1
        if taken[0] in DEATHS:
            deaths.append((self.data.configuration["dropout"], len(self.history) + 1))
            raise Dead
        return step(self, images)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Dcgan, "_step", dies)
        for _ in DEATHS:
            with pytest.raises(Dead):
                launched(store, folder)
        return Killed(launched(store, folder), deaths)


def trials(run: Path) -> dict[str, Path]:
    return {json.loads((path / "config.json").read_text())["dropout"]: path for path in (run / "trials").iterdir()}


def without_times(run: Path, table: str) -> pd.DataFrame:
    found = pd.read_parquet(run / table)
    return found.drop(columns=[name for name in found if name in CLOCKS])


@pytest.mark.parametrize("table", ["epochs.parquet", "steps.parquet", "predictions.parquet"])
def test_tables_are_the_same(alone: Path, killed: Killed, table: str) -> None:
    expected = without_times(alone, table)
    assert len(expected)
    pd.testing.assert_frame_equal(without_times(killed.run, table), expected, check_exact=True)


def test_losses_of_every_step_sounds_and_predictions_are_the_same_bytes(alone: Path, killed: Killed) -> None:
    one, other = trials(alone), trials(killed.run)
    assert one.keys() == other.keys() == {0.0, 0.3}
    names = [STEPS, "predictions.parquet", "sounds.json", "generated-0.wav", "recorded-0.wav"]
    for dropout, name in ((dropout, name) for dropout in one for name in names):
        assert (one[dropout] / name).read_bytes() == (other[dropout] / name).read_bytes(), (dropout, name)
    assert len(pd.read_parquet(one[0.0] / STEPS)) == EPOCHS * STEPS_AN_EPOCH


def test_each_death_was_in_another_epoch_after_the_one_before(killed: Killed) -> None:
    """So that what had been committed was not trained again."""
    assert len(set(killed.deaths)) == len(DEATHS) and killed.deaths == sorted(killed.deaths)
    assert {dropout for dropout, _ in killed.deaths} == {0.0, 0.3}
