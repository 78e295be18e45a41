"""A training continues exactly: stopped after any epoch and loaded into a new one, it gives the same bits."""

import math

import pytest
import torch

from trainables.fit import Fit, Part, evaluate, start
from trainables.recipes import Recipe

EPOCHS = 4


def network() -> torch.nn.Module:
    return torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(12, 16), torch.nn.ReLU(), torch.nn.Dropout(0.3), torch.nn.Linear(16, 3)
    )


def parts() -> tuple[Part, Part]:
    generator = torch.Generator().manual_seed(5)
    features = torch.randn(90, 1, 3, 4, generator=generator)
    labels = (features.flatten(1)[:, :3] * 2).argmax(1)
    return Part(features[:60], labels[:60]), Part(features[60:], labels[60:])


def begun(seed: int = 3, **recipe: object) -> Fit:
    return start(network, Recipe(epochs=EPOCHS, batch_size=16, **recipe), seed, *parts())


def measured(history: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{name: value for name, value in record.items() if "seconds" not in name} for record in history]


@pytest.mark.parametrize("stop", range(1, EPOCHS))
@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_continuation_is_bit_identical(stop, optimiser):
    whole = begun(optimiser=optimiser)
    for _ in range(EPOCHS):
        whole.epoch()
    first = begun(optimiser=optimiser)
    for _ in range(stop):
        first.epoch()
    state = first.state()
    torch.manual_seed(99)
    second = begun(seed=3, optimiser=optimiser)
    torch.rand(7)  # the random state has moved on elsewhere: the checkpoint has to bring its own
    second.load(state)
    while not second.finished:
        second.epoch()
    assert measured(second.history) == measured(whole.history)
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, second.network.state_dict()[name]), name


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
    torch.load(__import__("io").BytesIO(begun().state()), weights_only=True)


def test_empty_part_has_no_accuracy():
    train, _ = parts()
    loss, accuracy = evaluate(network(), Part(train.features[:0], train.labels[:0]))
    assert math.isnan(loss)
    assert math.isnan(accuracy)
