"""A study whose driver, worker and node are killed gives what one gives that is left alone, to the last bit.

One of each, and one trial at a time; or as many as ETUDE_KILLS in the environment says, and trials on all processors:
of seven, five are of the driver. Fifty take a quarter of an hour, and a longer study.
"""

import json
import math
import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import pytest
import torch
from optuna.trial import TrialState

from studies.driver.journal import Explore
from studies.scale import Scale
from studies.seeds import SEEDS
from studies.tasks import cells
from trainables.architectures import network_of
from trainables.configuration import Configuration
from trainables.corpora.splits import Split
from trainables.corpora.store import Store
from trainables.data.batches import CachedPart
from trainables.data.features import build
from trainables.data.splitting import Divisions
from trainables.fit import CLOCKS, Fit, predict, start
from trainables.recipe.recipes import recipe_of
from trainables.resolving import resolve

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("ETUDE_KILL_SEED", "20"))
KILLS = int(os.environ.get("ETUDE_KILLS", "3"))
PLACES = 1 if KILLS <= 3 else os.cpu_count() or 1
SEVEN = ("driver", "worker", "node", "driver", "driver", "driver", "driver")
# More than so many kills need a study of more epochs; both studies have more than they need.
MOST_OF_THE_SHORT = 10
SHORT_EPOCHS, LONG_EPOCHS = 70, 260
PAUSE = 0.05
CLUSTER_LOST = 75


def lines(*paths: Path) -> int:
    """How many whole lines files have together."""
    return sum(path.read_bytes().count(b"\n") for path in paths if path.exists())


def all_epochs(run: Path) -> int:
    """How far the whole run is."""
    return lines(*run.glob("trials/*/epochs.jsonl"))


def moments(chance: random.Random, count: int, first: int, last: int) -> list[int]:
    """One random moment in each of `count` equal parts of what lies between `first` and `last`."""
    width = (last - first) / count
    return [int(first + width * (part + chance.random())) for part in range(count)]


@dataclass
class Killed:
    """A study that came to its end although it was killed, and what happened on the way.

    Of each node that was lost: the driver's exit code, the seconds to its end, and what it said.
    """

    home: object
    run: Path
    scale: Scale
    kills: list[str]
    last: object
    nodes_lost: list[tuple[int, float, list[str]]]


class Story:
    """Kills, one after the other, each at a moment counted in epochs; `driver` is the one that runs."""

    def __init__(self, home, chance: random.Random, scale: Scale):
        self.home, self.chance, self.scale = home, chance, scale
        self.driver, self.kills, self.nodes_lost = None, [], []

    def started(self):
        """The driver that runs, or a new one."""
        self.driver = self.driver or self.home.start(scale=self.scale.name)
        return self.driver

    def reach(self, moment: int) -> None:
        """Wait until the study has come that far, and further than it is now, and a little more."""
        runs, driver = self.home.storage, self.started()
        goal = max(moment, 1 + sum(map(all_epochs, runs.iterdir()) if runs.exists() else ()))
        reached = driver.wait_for(lambda: runs.exists() and any(all_epochs(run) >= goal for run in runs.iterdir()))
        assert reached, f"ended before {goal} epochs: {driver.finish()}\n{driver.err}"
        time.sleep(self.chance.uniform(0, 3 * PAUSE))

    def kill(self, what: str, pid: int | None = None) -> None:
        """SIGKILL the driver or a descendant of it, remember that, and print where the study was."""
        self.driver.descendants()
        self.driver.send(signal.SIGKILL, pid)
        self.kills.append(what)
        print(f"{what} killed after {all_epochs(self.home.run())} epochs")

    def kill_driver(self) -> None:
        """Kill the driver; its workers live on for a while."""
        self.kill("driver")
        self.driver.finish(10)
        self.driver = None

    def kill_worker(self) -> None:
        """Kill the driver's worker that has begun an epoch last; the driver goes on."""
        assert self.driver.wait_for(lambda: self.last_worker() is not None)
        self.kill("worker", self.last_worker())

    def last_worker(self) -> int | None:
        """The process noted last of those below the driver: workers of an earlier one live on for a while."""
        mine = set(self.driver.descendants())
        noted = (json.loads(line)[-1] for line in reversed(self.home.log.read_text().splitlines()))
        return next((pid for pid in noted if pid in mine), None)

    def kill_node(self) -> None:
        """Kill the only node, as a power cut would; the driver ends by itself."""
        # An epoch may have been that of a worker left over from an earlier driver, while this one still begins.
        assert self.driver.wait_for(lambda: self.driver.named("raylet/raylet "))
        (raylet,) = self.driver.named("raylet/raylet ")
        workers = self.driver.named("ray::")
        self.kill("node", raylet)
        for pid in workers:
            # Left alone, workers go on for some 20 s after their node, long enough to end this study.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        begun = time.monotonic()
        self.nodes_lost.append((self.driver.finish(60), time.monotonic() - begun, self.driver.sentences))
        self.driver = None


@pytest.fixture(scope="module")
def killed(driving, tiny, corpora, tmp_path_factory) -> Killed:
    print(f"\nseed {SEED}")
    home = driving.Home(tmp_path_factory.mktemp("killed"), corpora, PAUSE, places=PLACES)
    short = KILLS <= MOST_OF_THE_SHORT
    story = Story(home, random.Random(SEED), tiny.SCALE if short else tiny.LONG_SCALE)
    kinds = list(islice(cycle(SEVEN), KILLS))
    story.chance.shuffle(kinds)
    ways = {"driver": story.kill_driver, "worker": story.kill_worker, "node": story.kill_node}
    for kind, moment in zip(
        kinds, moments(story.chance, KILLS, 1, SHORT_EPOCHS if short else LONG_EPOCHS), strict=True
    ):
        story.reach(moment)
        ways[kind]()
    last = story.started()
    assert last.finish() == 0, last.err
    return Killed(home, home.run(), story.scale, story.kills, last, story.nodes_lost)


@pytest.fixture(scope="module")
def explore(killed, tiny, store) -> Explore:
    return Explore(killed.run, tiny.STUDY, killed.scale, store.digest)


def trained(run: Path) -> dict[str, list[dict[str, float]]]:
    """The committed epochs of every trial."""
    return {
        path.parent.name: [json.loads(line) for line in path.read_text().splitlines()]
        for path in run.glob("trials/*/epochs.jsonl")
    }


def measured(history: list[dict[str, float]]) -> str:
    """All but the seconds, so that NaN equals NaN and nothing is rounded."""
    return json.dumps([{name: record[name] for name in record if name not in CLOCKS} for record in history])


def test_kills_were_as_planned(killed):
    print(Counter(killed.kills))
    assert Counter(killed.kills) == Counter(islice(cycle(SEVEN), KILLS))
    assert killed.last.sentences == []


def test_lost_node_ends_the_driver_with_a_sentence(killed):
    assert killed.nodes_lost or len(set(SEVEN)) > KILLS
    for code, seconds, said in killed.nodes_lost:
        print(f"node lost: exit code {code} after {seconds:.0f} s: {said}")
        assert code == CLUSTER_LOST
        assert seconds < 45, "ten to twenty on a machine that does nothing else"
        assert said == ["Ray has lost its last node; run the same command again to go on."]


def test_every_trial_is_there_once_per_role(killed, tiny):
    trials = pd.read_parquet(killed.run / "trials.parquet")
    role = ["phase", "arm", "configuration", "protocol", "repetition", "fold"]
    assert not trials.duplicated(["trial", *role]).any()
    assert not trials[trials["phase"] != "choose"].duplicated(role).any()
    scale, finals = killed.scale, json.loads((killed.run / "choose.json").read_text())
    assert len(finals) >= 2 * len(SEEDS)
    assert dict(trials["phase"].value_counts()) == {
        "explore": len(tiny.STUDY.arms) * scale.trials,
        "choose": len(finals),
        "confirm": scale.repetitions * sum(map(len, cells(tiny.STUDY).values())),
    }
    assert set(trials["trial"]) == {path.name for path in (killed.run / "trials").iterdir()}
    assert set(trials["state"][trials["phase"] == "confirm"]) == {"complete"}
    assert not list(killed.run.rglob("*.tmp"))


def test_no_committed_epoch_is_trained_again(killed):
    begun, committed = killed.home.epochs("begun"), killed.home.epochs("committed")
    twice = [epoch for epoch, times in begun.items() if times > 1]
    print(f"{sum(begun.values())} epochs begun, {len(begun)} different, begun twice or more: {len(twice)}")
    assert set(begun) == {
        (name, record["epoch"]) for name, history in trained(killed.run).items() for record in history
    }
    assert set(committed.values()) == {1}
    seen = set()
    for line in killed.home.log.read_text().splitlines():
        what, trial, epoch, *_ = json.loads(line)
        assert what == "committed" or (trial, epoch) not in seen
        seen |= {(trial, epoch)} if what == "committed" else set()
    # A kill costs no more than the epoch that each worker is in.
    alone = killed.kills.count("worker")
    assert sum(begun.values()) - len(begun) <= (len(killed.kills) - alone) * PLACES + alone


def test_journal_is_what_was_trained(killed, explore, replaying):
    histories = trained(killed.run)
    for name, arm in explore.arms.items():
        written = replaying.written(killed.run / "journal" / name)
        for trial, number in arm.numbers.items():
            values = {r["epoch"]: r["validation_accuracy"] for r in histories[trial]}
            finite = {epoch: value for epoch, value in values.items() if math.isfinite(value)}
            assert finite == written[number]["values"]
            failed = written[number]["state"] is TrialState.FAIL
            assert failed == (finite != values)
            assert not failed or math.isnan(values[max(values)])


def test_rungs_are_those_of_the_epochs(killed, explore, tiny):
    histories = trained(killed.run)
    for arm in explore.arms.values():
        values = {name: [record["validation_accuracy"] for record in histories[name]] for name in arm.numbers}
        for epoch in killed.scale.rungs(tiny.STUDY.epochs):
            at_rung = {name: curve[epoch - 1] for name, curve in values.items() if len(curve) >= epoch}
            assert arm.rungs[epoch] == {name: value for name, value in at_rung.items() if math.isfinite(value)}


def test_decisions_are_those_of_an_uninterrupted_study(killed, explore, replaying, tiny, store, tmp_path):
    stops = 0
    for name, arm in explore.arms.items():
        journal = killed.run / "journal" / name
        fresh = replaying.replayed(journal, tmp_path / name, tiny.STUDY, name, killed.scale, store.digest)
        decided, again = replaying.decisions(arm), replaying.decisions(fresh)
        assert decided == again
        assert arm.rungs == fresh.rungs
        stops += sum(state is TrialState.PRUNED for state, _ in decided.values())
    assert stops


def plain(store: Store, configuration: Configuration) -> tuple[Fit, Split, dict[str, CachedPart]]:
    """The same training without trial directories, drivers or Ray."""
    features = build(store, configuration, torch.device("cpu"))
    split = Divisions(store).of(configuration).split
    names = store.clips["label"].to_numpy(str)
    classes = sorted(set(names[split.train]))
    labels = torch.tensor([classes.index(name) for name in names])
    parts = {part: CachedPart(features.rows(rows), labels[rows]) for part, rows in vars(split).items()}

    def network() -> torch.nn.Module:
        return network_of(configuration, features.shape, len(classes))

    seed = int(configuration.settings["seed"])
    return start(network, recipe_of(configuration), seed, parts["train"], parts["validation"]), split, parts


def test_curves_and_predictions_are_bit_identical_to_plain_training(killed, store):
    torch.set_num_threads(1)
    histories = trained(killed.run)
    for name, history in histories.items():
        directory = killed.run / "trials" / name
        fit, split, parts = plain(store, resolve(json.loads((directory / "config.json").read_text())))
        for _ in history:
            fit.epoch()
        assert measured(fit.history) == measured(history), name
        if (directory / "predictions.parquet").exists():
            predictions = pd.read_parquet(directory / "predictions.parquet")
            assert predictions["item"].to_list() == store.clips["clip"].iloc[split.test].to_list()
            assert predictions["logits"].map(list).to_list() == predict(fit.network, parts["test"]).tolist()
    print(f"bit-identical: {len(histories)} trials, {sum(map(len, histories.values()))} epochs")
