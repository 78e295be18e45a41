"""A training continues exactly: stopped after any epoch and loaded into a new one, it gives the same bits."""

import io
import itertools
import math
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import torch

from trainables.data.batches import CachedPart
from trainables.errors import InvalidSetting
from trainables.fit import CLOCKS, Fit, batches, evaluate, predict, start
from trainables.recipe.initialisation import INITIALISATIONS
from trainables.recipe.losses import LOSSES
from trainables.recipe.recipes import RECIPE, Recipe
from trainables.recipe.schedules import SCHEDULES

EPOCHS = 4
# Each choice of a recipe once, with what goes with it.
VARIANTS: dict[str, dict[str, object]] = {
    **{optimiser: {"optimiser": optimiser} for optimiser in RECIPE.about["optimiser"]["choices"]},
    **{schedule: {"schedule": schedule} for schedule in SCHEDULES},
    **{loss: {"loss": loss} for loss in LOSSES},
    **{f"{name} weights": {"initialisation": name} for name in INITIALISATIONS},
    "nesterov": {"optimiser": "sgd", "nesterov": True},
    "step": {"schedule": "step", "decay_epochs": 2, "optimiser": "sgd"},
    "plateau": {"schedule": "plateau", "decay_epochs": 1, "learning_rate": 0.1},
    "two_phase": {"schedule": "two_phase", "frozen_epochs": 2, "second_learning_rate": 1e-2},
    "two_phase by sgd": {"schedule": "two_phase", "frozen_epochs": 2, "optimiser": "sgd", "weight_decay": 0.01},
    "balanced": {"class_weights": "balanced"},
    "bfloat16": {"precision": "bfloat16"},
    "halve": {"on_out_of_memory": "halve"},
}
MOST_AT_ONCE = 5


class Network(torch.nn.Sequential):
    """A small network with a backbone."""

    def __init__(self, dropout: float = 0.3):
        linear = (torch.nn.Linear(12, 16), torch.nn.Linear(16, 3))
        super().__init__(torch.nn.Flatten(), linear[0], torch.nn.ReLU(), torch.nn.Dropout(dropout), linear[1])

    def backbone_parameters(self) -> Iterator[torch.nn.Parameter]:
        return self[1].parameters()


class Large(Network):
    """One that does not fit into memory with more than a few items, and in evaluation with twice as many."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        if len(features) > MOST_AT_ONCE * (1 if self.training else 2):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return super().forward(features)


def network() -> torch.nn.Module:
    return Network()


def parts() -> tuple[CachedPart, CachedPart]:
    generator = torch.Generator().manual_seed(5)
    features = torch.randn(90, 1, 3, 4, generator=generator)
    labels = (features.flatten(1)[:, :3] * 2).argmax(1)
    return CachedPart(features[:60], labels[:60]), CachedPart(features[60:], labels[60:])


def begun(seed: int = 3, build: object = network, **recipe: object) -> Fit:
    train, validation = parts()
    if recipe.get("loss") == "bce":
        columns = [torch.nn.functional.one_hot(part.labels, 3).float() for part in (train, validation)]
        train, validation = CachedPart(train.features, columns[0]), CachedPart(validation.features, columns[1])
    return start(build, Recipe(epochs=EPOCHS, batch_size=16, **recipe), seed, train, validation)


def trained(fit: Fit) -> Fit:
    while not fit.finished:
        fit.epoch()
    return fit


def measured(history: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{name: value for name, value in record.items() if name not in CLOCKS} for record in history]


@dataclass(frozen=True)
class Whole:
    """A training that nothing interrupted, and what it wrote down after each epoch, as every trial does."""

    name: str
    fit: Fit
    states: list[bytes]


@pytest.fixture(scope="module", params=VARIANTS)
def whole(request: pytest.FixtureRequest) -> Whole:
    fit, states = variant(request.param), []
    while not fit.finished:
        fit.epoch()
        states.append(fit.state())
    return Whole(request.param, fit, states)


def variant(name: str) -> Fit:
    return begun(build=Large if name == "halve" else network, **VARIANTS[name])


@pytest.mark.parametrize("stop", range(1, EPOCHS))
def test_continuation_is_bit_identical(whole, stop):
    torch.manual_seed(99)
    second = variant(whole.name)
    torch.rand(7)  # the random state has moved on elsewhere: the checkpoint has to bring its own
    second.load(whole.states[stop - 1])
    trained(second)
    # As text, in which NaN equals NaN.
    assert str(measured(second.history)) == str(measured(whole.fit.history))
    for name, tensor in whole.fit.network.state_dict().items():
        assert torch.equal(tensor, second.network.state_dict()[name]), name


def test_every_choice_of_a_recipe_is_continued_in_a_test():
    for name, rules in RECIPE.about.items():
        tried = {recipe.get(name, RECIPE.parameters[name]) for recipe in VARIANTS.values()}
        assert tried == set(rules.get("choices", tried)), name


def weights_after(fit: Fit, epochs: int) -> list[torch.Tensor]:
    for _ in range(epochs):
        fit.epoch()
    return [parameter.detach().clone() for parameter in fit.network.parameters()]


def test_backbone_is_frozen_and_then_is_not():
    recipe = {"schedule": "two_phase", "frozen_epochs": 2, "weight_decay": 0.1}
    begin, frozen, after = (weights_after(begun(**recipe), epochs) for epochs in (0, 2, 3))
    assert all(torch.equal(one, other) for one, other in zip(begin[:2], frozen[:2], strict=True)), "the backbone"
    assert not any(torch.equal(one, other) for one, other in zip(begin[2:], frozen[2:], strict=True)), "the head"
    assert not any(torch.equal(one, other) for one, other in zip(begin, after, strict=True))


def test_rate_of_each_epoch_is_that_of_the_schedule():
    fit = begun(schedule="two_phase", frozen_epochs=1, learning_rate=3e-3, second_learning_rate=2e-4)
    rates = []
    for _ in range(2):
        fit.epoch()
        rates.append(fit.optimiser.param_groups[0]["lr"])
    assert rates == [3e-3, 2e-4]


def test_frozen_epochs_need_a_backbone():
    plain = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 3))
    with pytest.raises(InvalidSetting, match="frozen_epochs needs an architecture that names its backbone"):
        begun(build=lambda: plain, schedule="two_phase", frozen_epochs=1)


def test_plateau_needs_a_validation_part():
    train, validation = parts()
    nothing = CachedPart(validation.features[:0], validation.labels[:0])
    with pytest.raises(InvalidSetting, match="there is no validation part to follow"):
        start(network, Recipe(schedule="plateau"), 1, train, nothing)


def test_zero_weights_do_not_learn_through_a_hidden_layer():
    fit = begun(initialisation="zero", learning_rate=0.02)
    weights_after(fit, 2)
    assert not fit.network[1].weight.any()


def test_class_weights_raise_the_rare_classes():
    """With 1 item of 10 in the rare class, plain training never names it; balanced training does."""
    generator = torch.Generator().manual_seed(1)
    labels = (torch.arange(200) % 10 == 0).long()
    features = torch.randn(200, 1, 3, 4, generator=generator) + labels[:, None, None, None] * 0.3
    part = CachedPart(features, labels)
    named = {}
    for weights in ("none", "balanced"):
        fit = start(network, Recipe(epochs=6, learning_rate=0.01, class_weights=weights), 3, part, part)
        predictions = predict(trained(fit).network, part).argmax(1)
        named[weights] = (predictions[labels == 1] == 1).float().mean().item()
    assert named["none"] < 0.4
    assert named["balanced"] > 0.6


@pytest.mark.parametrize("class_weights", RECIPE.about["class_weights"]["choices"])
def test_batch_in_pieces_has_the_gradient_of_the_whole(class_weights):
    recipe = {"optimiser": "sgd", "learning_rate": 0.1, "class_weights": class_weights}
    whole = begun(build=lambda: Network(dropout=0), **recipe)
    pieces = begun(build=lambda: Large(dropout=0), on_out_of_memory="halve", **recipe)
    for one, other in zip(weights_after(whole, 2), weights_after(pieces, 2), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
    # 16 items in pieces of at most 5; the last 12 of the 60 in as many pieces of 3.
    assert pieces.pieces == 4
    for one, other in zip(measured(whole.history), measured(pieces.history), strict=True):
        assert one == pytest.approx(other, rel=1e-4)


def test_batch_that_does_not_fit_is_a_sentence():
    with pytest.raises(InvalidSetting, match="A step of 16 segments does not fit into the memory"):
        begun(build=Large).epoch()


class Larger(Network):
    """One that does not even fit with two items."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory.")


def test_batch_that_does_not_fit_in_any_pieces_is_a_sentence():
    with pytest.raises(InvalidSetting, match="Not even 2 segments at a time fit into the memory of the device"):
        begun(build=Larger, on_out_of_memory="halve").epoch()


def test_other_errors_are_not_taken_for_a_lack_of_memory():
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        begun(
            build=lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(7, 3)), on_out_of_memory="halve"
        ).epoch()


def test_memory_that_a_processor_cannot_have_is_known():
    with pytest.raises(InvalidSetting, match="does not fit into the memory"):
        begun(build=Greedy).epoch()


class Greedy(Network):
    """One that asks for more memory than any machine has."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        torch.empty(2**58)
        return super().forward(features)


def test_prediction_that_does_not_fit_is_made_in_smaller_batches():
    train, _ = parts()
    large = Large()
    plain = Network()
    plain.load_state_dict(large.state_dict())
    torch.testing.assert_close(predict(large, train), predict(plain, train))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_batch_that_a_gpu_cannot_hold_is_halved():
    """A network whose activations are 64 MiB an item, in 1 GiB."""
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(2**30 / torch.cuda.get_device_properties(0).total_memory)
    try:
        part = CachedPart(torch.randn(32, 1, 64, 64, device="cuda"), torch.arange(32, device="cuda") % 4)
        build = lambda: torch.nn.Sequential(  # noqa: E731
            torch.nn.Conv2d(1, 4096, 1),
            torch.nn.ReLU(),
            torch.nn.AdaptiveAvgPool2d(1),
            torch.nn.Flatten(),
            torch.nn.Linear(4096, 4),
        )
        fit = start(build, Recipe(batch_size=32, epochs=1, on_out_of_memory="halve"), 1, part, part)
        fit.epoch()
        assert fit.pieces > 1
        with pytest.raises(InvalidSetting, match="does not fit"):
            start(build, Recipe(batch_size=32, epochs=1), 1, part, part).epoch()
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)


def wide() -> torch.nn.Module:
    """A network whose activations are 4 MiB an item, and as much again for their gradients."""
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 256, 1), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(),
        torch.nn.Linear(256, 4),
    )  # fmt: skip


@contextmanager
def memory(more: int) -> Iterator[None]:
    """Let this process have only so many bytes more."""
    pages, before = int(Path("/proc/self/statm").read_text().split()[0]), resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def test_batch_that_a_processor_cannot_hold_is_halved_or_fails_in_a_sentence():
    """The system gives it no more than 96 MiB, where 32 items take 128 for the activations alone."""
    generator = torch.Generator().manual_seed(1)
    part = CachedPart(torch.randn(32, 1, 64, 64, generator=generator), torch.arange(32) % 4)
    recipe = {"batch_size": 32, "epochs": 1, "optimiser": "sgd"}
    whole = start(wide, Recipe(**recipe), 1, part, part)
    pieces = start(wide, Recipe(**recipe, on_out_of_memory="halve"), 1, part, part)
    whole.epoch()
    with memory(96 * 2**20):
        with pytest.raises(InvalidSetting, match="A step of 32 segments does not fit into the memory of the device"):
            start(wide, Recipe(**recipe), 1, part, part).epoch()
        pieces.epoch()
    assert pieces.pieces > 1
    for one, other in zip(whole.network.parameters(), pieces.network.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


class Short(Network):
    """One for whose arrays there is no memory."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        raise MemoryError


def test_lack_of_memory_for_an_array_is_known():
    with pytest.raises(InvalidSetting, match="A step of 16 segments does not fit"):
        begun(build=Short).epoch()


def test_clock_that_jumps_changes_no_duration(monkeypatch):
    times = itertools.cycle([1e9, -1e9, 0.0])
    monkeypatch.setattr(time, "time", lambda: next(times))
    begun_at = time.perf_counter()
    records = [begun().epoch() for _ in range(3)]
    assert all(0 < record["seconds"] < time.perf_counter() - begun_at for record in records)
    assert all(record["cpu_seconds"] >= 0 for record in records)


def test_seed_decides():
    def curve(seed):
        fit = begun(seed)
        return [fit.epoch()["train_loss"] for _ in range(2)]

    assert curve(1) == curve(1)
    assert curve(1) != curve(2)


def test_order_of_items_depends_on_the_seed_alone():
    small, large = (
        begun(11),
        start(
            lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 3)),
            Recipe(epochs=1, batch_size=16),
            11,
            *parts(),
        ),
    )
    assert torch.equal(torch.randperm(60, generator=small.order), torch.randperm(60, generator=large.order))


def test_training_learns():
    fit = begun(learning_rate=0.02)
    losses = [fit.epoch()["train_loss"] for _ in range(EPOCHS)]
    assert losses[-1] < 0.8 * losses[0]


def test_loss_that_is_not_finite_makes_the_metric_nan():
    fit = begun(optimiser="sgd", learning_rate=1e30)
    records = [fit.epoch() for _ in range(2)]
    assert math.isnan(records[-1]["validation_accuracy"])


def test_checkpoint_is_read_without_running_code():
    torch.load(io.BytesIO(begun().state()), weights_only=True)


def test_empty_part_has_no_accuracy():
    train, _ = parts()
    loss, accuracy = evaluate(
        partial(predict, network()), CachedPart(train.features[:0], train.labels[:0]), LOSSES["cross_entropy"]
    )
    assert math.isnan(loss)
    assert math.isnan(accuracy)


def test_a_loss_that_is_not_a_number_counts_as_infinite():
    """As that of a network whose running statistics have overflowed; an empty part alone has none."""
    train, _ = parts()
    part = CachedPart(train.features, train.labels)
    nothing = torch.full((len(part), 3), math.nan)
    assert evaluate(lambda _: nothing, part, LOSSES["cross_entropy"])[0] == math.inf


@pytest.mark.parametrize(("items", "sizes"), [(6, [3, 3]), (7, [3, 4]), (8, [3, 3, 2]), (1, [1]), (4, [4])])
def test_no_batch_of_one_is_left_over(items, sizes):
    pieces = batches(torch.arange(items), 3)
    assert [len(piece) for piece in pieces] == sizes
    assert torch.cat(pieces).tolist() == list(range(items))


def test_accuracy_is_of_items_and_loss_of_segments():
    """Two segments of the first item outvote the third, which alone is wrong; the second item is wrong."""
    logits = torch.tensor([[2.0, 0, 0], [2, 0, 0], [0, 1, 0], [0, 0, 3]])
    part = CachedPart(logits, torch.tensor([0, 0, 0, 1]), item=torch.tensor([0, 0, 0, 1]))
    together = evaluate(partial(predict, torch.nn.Identity()), part, LOSSES["cross_entropy"])
    alone = evaluate(partial(predict, torch.nn.Identity()), part, LOSSES["cross_entropy"], "segment")
    assert (together[1], alone[1]) == (0.5, 0.5)
    assert together[0] == alone[0] == pytest.approx(torch.nn.functional.cross_entropy(logits, part.labels).item())
    part = CachedPart(logits, torch.tensor([0, 0, 0, 2]), item=part.item)
    assert evaluate(partial(predict, torch.nn.Identity()), part, LOSSES["cross_entropy"])[1] == 1
    assert evaluate(partial(predict, torch.nn.Identity()), part, LOSSES["cross_entropy"], "segment")[1] == 0.75


def test_several_labels_learn_and_count_as_right_if_one_is_named():
    train, validation = parts()
    columns = [torch.nn.functional.one_hot(part.labels, 3).float() for part in (train, validation)]
    columns[1][:, 0] = 1
    both = [CachedPart(part.features, labels) for part, labels in zip((train, validation), columns, strict=True)]
    fit = start(network, Recipe(epochs=8, batch_size=16, learning_rate=0.02, loss="bce"), 3, *both)
    records = [fit.epoch() for _ in range(8)]
    assert records[-1]["train_loss"] < 0.8 * records[0]["train_loss"]
    named = evaluate(fit.logits, CachedPart(validation.features, validation.labels), LOSSES["cross_entropy"])[1]
    assert records[-1]["validation_accuracy"] >= named
