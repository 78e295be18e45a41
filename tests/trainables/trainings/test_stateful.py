"""A network that remembers hears the segments of an item as one, and forgets them with it."""

import itertools

import pytest
import torch
from torch import Tensor

from trainables.architectures.recurrence import Stack
from trainables.errors import InvalidSetting
from trainables.fit import predict
from trainables.trainings.stateful import Stateful

COUNT = 4
SETTINGS = {
    "training": "stateful",
    "segmentation": "parts",
    "count": COUNT,
    "frame": 512,
    "hop": 256,
    "bands": 16,
    "frames": 8,
    "architecture": "lstm",
    "units": "8-6",
    "batch_size": 5,
    "epochs": 2,
}
GATED = {**SETTINGS, "architecture": "rcnn_1d_gap", "cell": "gru", "widths": "8", "units": "6", "head_widths": "4"}


@pytest.fixture
def fit(open_trial, tmp_path) -> Stateful:
    return open_trial(tmp_path / "trial", SETTINGS).fit


def heard_whole(fit: Stateful, features: Tensor) -> Tensor:
    """Logits at the end of each segment, of features (items, segments, 1, bands, frames) laid end to end."""
    steps = features.squeeze(2).transpose(2, 3).flatten(1, 2)
    for layer in fit.network.layers:
        steps, _ = layer(steps)
    return fit.network.output(steps[:, features.shape[4] - 1 :: features.shape[4]])


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_each_segment_is_named_by_all_that_was_heard_of_its_item(fit, part):
    part = fit.data.part(part)
    features, _ = part.batch(torch.arange(len(part)), torch.Generator())
    fit.epoch()
    with torch.no_grad():
        expected = heard_whole(fit, features.unflatten(0, (-1, COUNT))).flatten(0, 1)
    torch.testing.assert_close(fit.logits(part), expected)
    alone = predict(fit.network, part)
    torch.testing.assert_close(alone[::COUNT], expected[::COUNT])  # at the first segment there is nothing to remember
    assert not torch.isclose(alone, expected).unflatten(0, (-1, COUNT))[:, 1:].all(2).any()


def test_answers_are_of_what_was_remembered(open_trial, tmp_path):
    fit = open_trial(tmp_path / "trial", {**SETTINGS, "aggregation": "log"}).fit
    fit.epoch()
    mean = fit.logits(fit.data.part("test")).log_softmax(1).unflatten(0, (-1, COUNT)).mean(1)
    torch.testing.assert_close(fit.answers("test"), mean.log_softmax(1))


MIXED = {**GATED, "precision": "bfloat16", "cell": "lstm"}


@pytest.mark.parametrize("settings", [SETTINGS, GATED, MIXED], ids=["lstm", "gru", "bfloat16"])
def test_a_step_begins_where_the_one_before_ended_and_an_item_at_zeros(open_trial, tmp_path, settings):
    fit = open_trial(tmp_path / "trial", settings).fit
    layer = next(module for module in fit.network.modules() if isinstance(module, Stack)).layers[0]
    begins, ends = [], []

    def seen(_: object, inputs: tuple[Tensor, object], output: tuple[Tensor, object]) -> None:
        begins.append(inputs[1])
        ends.append(output[1])

    layer.register_forward_hook(seen)
    places = list(fit.batches())
    begins.clear()
    fit._train()
    assert len(begins) == len(places) > COUNT
    for turn, (begin, end) in enumerate(zip(begins, [None, *ends], strict=False)):
        assert (begin is None) == (turn % COUNT == 0)
        if turn % COUNT:
            assert not any(state.requires_grad for state in tensors(begin))
            assert all(map(torch.equal, tensors(begin), tensors(end)))


def tensors(state: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return state if isinstance(state, tuple) else (state,)


def test_an_epoch_hears_every_segment_once_in_time_and_the_next_one_in_another_order(fit):
    first, second = ([places.tolist() for places in fit.batches()] for _ in range(2))
    assert sorted(itertools.chain(*first)) == list(range(len(fit.train)))
    assert first != second
    for turn, places in enumerate(first):
        assert all(place % COUNT == turn % COUNT for place in places)
        assert turn % COUNT == 0 or [place - 1 for place in places] == first[turn - 1]


def test_nothing_is_remembered_outside_an_epoch(fit):
    stacks = [module for module in fit.network.modules() if isinstance(module, Stack)]
    fit.epoch()
    assert [stack.states for stack in stacks] == [None]
    steps = fit.batches()
    next(steps)
    assert [stack.states for stack in stacks] == [[]]
    steps.close()
    assert [stack.states for stack in stacks] == [None]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"architecture": "cnn"}, "the architecture has no recurrent layers"),
        ({"count": 1}, "The items have 1 to 1 segments and training 'stateful' needs the same number"),
        ({"aggregation": "segment"}, "set segmentation to parts, and aggregation to sum"),
        ({"on_out_of_memory": "halve"}, "cannot put a batch through in pieces"),
    ],
)
def test_what_cannot_remember_is_refused(open_trial, tmp_path, changes, message):
    settings = {**SETTINGS, **changes}
    if "architecture" in changes:
        del settings["units"]
    with pytest.raises(InvalidSetting, match=message):
        open_trial(tmp_path / "trial", settings)
