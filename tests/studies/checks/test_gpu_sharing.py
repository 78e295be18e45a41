"""How many trials a GPU holds: the arithmetic with given numbers, the counting against networks of known size."""

import math

import pytest
import torch
import yaml
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from search_spaces import Space
from search_spaces.optimisation import batch_size
from studies.checks import gpu_sharing, probing
from studies.checks.gpu_sharing import (
    announcement,
    caption,
    packing_table,
    refuse_missing,
    share,
    trials_by_time,
    trials_that_fit,
)
from studies.checks.probing import Probe, data_bytes, memory_of, peak_of_epoch, with_largest_batch
from studies.resources import AUTOSCALER, Resources
from trainables.data.batches import CachedPart
from trainables.data.features import MOST_KEPT_BYTES, build
from trainables.data.splitting import Divisions
from trainables.errors import UserError
from trainables.fit import Fit
from trainables.recipe.recipes import Recipe

MEGABYTE = 10**6


@given(st.integers(1, gpu_sharing.MOST_TRIALS))
def test_as_many_trials_share_a_gpu_as_the_share_was_made_for(trials):
    assert Resources(gpus=share(trials)).fits({"CPU": 1000, "GPU": 1}) == trials


def test_trials_that_fit_into_memory():
    assert trials_that_fit(2 * gpu_sharing.GIGABYTE, 24e9) == 12
    assert trials_that_fit(25 * gpu_sharing.GIGABYTE, 24e9) == 0
    assert trials_that_fit(1, 24e9) == gpu_sharing.MOST_TRIALS


def test_trials_that_keep_a_gpu_busy():
    assert [trials_by_time(busy) for busy in (1.0, 0.6, 0.25, 0.0)] == [1, 2, 4, gpu_sharing.MOST_TRIALS]


def probe(tiny, name: str, memory: int, busy: float | None = None) -> Probe:
    return Probe(tiny.STUDY.arm(name), 1000, 1.0, 1.0, memory, busy)


def cells(table) -> list[tuple[str, ...]]:
    return list(zip(*(column.cells for column in table.columns), strict=True))


def test_table_of_usual_gpus_is_for_the_largest_arm(tiny):
    table = packing_table([probe(tiny, "five", 3 * 10**9), probe(tiny, "three", 5 * 10**9)], 2)
    found = [("16", "3", "0.3333"), ("24", "4", "0.25"), ("48", "9", "0.1111"), ("80", "16", "0.0625")]
    assert cells(table) == [(size, trials, f"--gpus-per-trial {asked}") for size, trials, asked in found]
    assert table.caption == (
        "the largest, three, takes 5.0 GB, counted on a processor, with 0.6 GB assumed for CUDA itself; "
        "2 processor threads each"
    )
    assert cells(packing_table([probe(tiny, "five", 20 * 10**9)], 1))[0] == ("16", "0", "–")


def test_table_of_the_gpu_that_is_here(tiny, monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (10**9, 140 * 10**9))
    measured = probe(tiny, "five", 2 * 10**9, 0.2)
    assert cells(packing_table([measured], 1)) == [("140", "70", "--gpus-per-trial 0.0142")]
    assert caption(measured) == (
        "the largest, five, takes 2.0 GB, measured; it computes for 20% of the time, so 5 keep the GPU busy"
    )


def fit(network: nn.Module, recipe: Recipe, items: int, values: int) -> Fit:
    part = CachedPart(torch.randn(items, values), torch.randint(2, (items,)))
    return Fit(network, recipe, 0, part, part)


@pytest.mark.parametrize(("optimiser", "copies"), [("adam", 3), ("sgd", 2)])
def test_gradients_and_the_optimisers_state_are_counted(optimiser, copies):
    """One copy of the parameters for the gradients, two of Adam or one of SGD's momentum beside them."""
    size = 4 * 1000 * 1000
    peak = peak_of_epoch(fit(nn.Linear(1000, 1000, bias=False), Recipe(optimiser=optimiser, batch_size=2), 4, 1000))
    assert copies * size <= peak < copies * size + MEGABYTE


def test_activations_are_counted():
    def peak(batch: int) -> int:
        network = nn.Sequential(nn.Linear(1, 5000), nn.Sigmoid(), nn.Linear(5000, 2))
        return peak_of_epoch(fit(network, Recipe(optimiser="sgd", batch_size=batch), batch, 1))

    grown = (peak(600) - peak(200)) / (400 * 5000 * 4)
    # Kept for the way back: what comes out of the sigmoid. At most there too: its input, and the gradients of both.
    assert 1 <= grown <= 4


def test_data_are_the_audio_and_the_features_that_are_kept(tiny, store, monkeypatch):
    configuration = tiny.STUDY.printed(tiny.STUDY.arms[0])
    features = build(store, configuration, torch.device("cpu"))
    each = 4 * math.prod(features.shape)
    kept = each * len(store.clips)
    assert data_bytes(features, 10) == store.audio.nbytes + kept
    monkeypatch.setitem(MOST_KEPT_BYTES, "cuda", kept - 1)
    assert data_bytes(features, 10) == store.audio.nbytes + 10 * each
    assert data_bytes(features, len(store.clips)) == store.audio.nbytes


def test_the_largest_batch_that_may_be_drawn_is_counted(tiny, store):
    five = tiny.STUDY.arms[0]
    assert with_largest_batch(tiny.STUDY, five)["batch_size"] == 16
    large, fixed = (tiny.STUDY.model_copy(update={"tuned": space}) for space in (batch_size(8, 512), Space()))
    assert with_largest_batch(large, five)["batch_size"] == 512
    assert with_largest_batch(fixed, five)["batch_size"] == 16
    little, much = (memory_of(study, Divisions(store), five) for study in (fixed, large))
    assert much > little + 10**6 > probing.CONTEXT_BYTES + store.audio.nbytes


class TestAnnouncement:
    """What `etude run` says first."""

    def test_on_this_machine(self, tiny, store, tmp_path, monkeypatch):
        monkeypatch.setattr(gpu_sharing.os, "cpu_count", lambda: 8)
        said = announcement(tiny.STUDY, store, Resources(threads=2), tmp_path)
        assert said == "A trial takes 2 processor threads; 4 run at once on this machine."

    def test_on_a_cluster_that_grows(self, tiny, store, tmp_path, monkeypatch):
        monkeypatch.setattr(
            gpu_sharing, "memory_of", lambda study, divisions, arm: {"five": 2, "three": 1}[arm.name] * 10**9
        )
        kinds = {"head": {"resources": {"CPU": 0}}, "worker": {"resources": {"CPU": 8, "GPU": 1}}}
        cluster = {"max_workers": 4, "head_node_type": "head", "available_node_types": kinds}
        (tmp_path / AUTOSCALER).write_text(yaml.safe_dump(cluster))
        assert announcement(tiny.STUDY, store, Resources("auto", gpus=0.25), tmp_path) == (
            "A trial takes 1 processor thread and 0.25 GPUs; 16 run at once when all machines are there. "
            "A GPU holds 4: the largest, five, takes about 2.0 GB of its memory, counted on a processor, "
            "and 4 such take 8.0 GB."
        )
        assert announcement(tiny.STUDY, store, Resources("auto", gpus=1), tmp_path).endswith(
            "It has its GPU to itself: the largest, five, takes about 2.0 GB of its memory, counted on a processor."
        )

    def test_where_only_ray_knows_the_machines(self, tiny, store, tmp_path):
        assert announcement(tiny.STUDY, store, Resources("auto"), tmp_path) == "A trial takes 1 processor thread."


def test_more_gpus_than_there_are_are_missed(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    refuse_missing(Resources(gpus=2))
    refuse_missing(Resources(address="auto", gpus=3))
    with pytest.raises(UserError, match=r"^A trial takes 3 GPUs and this machine has 2: ask for fewer\.$"):
        refuse_missing(Resources(gpus=3))
