"""Two networks: what the second is trained on, and that the first is an ordinary one."""

import numpy as np
import pandas as pd
import pytest
import torch

from trainables.errors import InvalidSetting
from trainables.fit import CLOCKS, predict
from trainables.trainings.stacking import RULES, images
from trainables.trial import PREDICTIONS

SETTINGS = {
    "training": "dual",
    "segmentation": "parts",
    "count": 4,
    "frame": 512,
    "hop": 256,
    "bands": 16,
    "frames": 8,
    "architecture": "cnn",
    "batch_size": 8,
    "epochs": 4,
}
OUT_OF_FOLD = {**SETTINGS, "stacking": "out_of_fold", "stack_folds": 3, "stack_network": "logistic"}


def measured(record):
    return {name: value for name, value in record.items() if name not in CLOCKS}


def test_the_first_network_is_an_ordinary_one(open_trial, tmp_path):
    plain = open_trial(tmp_path / "plain", {**SETTINGS, "training": "classification"})
    records = [measured(plain.step()) for _ in range(2)]
    dual = open_trial(tmp_path / "dual", SETTINGS)
    assert [measured(dual.step()) for _ in range(2)] == records
    pairs = zip(plain.fit.network.parameters(), dual.fit.first.network.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_it_is_left_as_it_is_while_the_second_is_trained(open_trial, tmp_path):
    trial = open_trial(tmp_path / "trial", SETTINGS)
    trial.step()
    trial.step()
    before = {name: value.clone() for name, value in trial.fit.first.network.state_dict().items()}
    second = [trial.step() for _ in range(2)]
    assert all(torch.equal(before[name], value) for name, value in trial.fit.first.network.state_dict().items())
    assert [record["epoch"] for record in second] == [3, 4]
    assert all(record["train_entropy"] > 0 for record in second)


def test_outputs_on_items_trained_on_are_further_from_those_on_others_than_out_of_fold(open_trial, tmp_path):
    apart = {}
    for stacking in ("in_sample", "out_of_fold"):
        longer = {**OUT_OF_FOLD, "stacking": stacking, "epochs": 5, "stack_share": 0.1, "stack_folds": 2}
        trial = open_trial(tmp_path / stacking, longer)
        for _ in range(5):
            record = trial.step()
        apart[stacking] = record["entropy_distance"]
    assert 0 <= apart["out_of_fold"] < apart["in_sample"] <= 1


def test_in_sample_images_are_what_the_first_network_says_of_the_items_it_was_trained_on(open_trial, tmp_path):
    trial = open_trial(tmp_path / "trial", SETTINGS)
    for _ in range(3):
        trial.step()
    part = trial.data.part("train")
    probabilities = predict(trial.fit.first.network, part).softmax(1)
    stacked = trial.fit.images["train"]
    assert stacked.shape == (len(trial.items["train"].table), 1, 4, 3)
    for item in (0, 5):
        torch.testing.assert_close(stacked[item, 0], probabilities[part.item == item])


def test_out_of_fold_images_are_of_networks_that_have_not_heard_the_item_or_its_group(open_trial, tmp_path):
    trial = open_trial(tmp_path / "trial", OUT_OF_FOLD)
    for _ in range(3):
        trial.step()
    dual, items = trial.fit, trial.items["train"]
    whole = trial.data.part("train")
    groups = items.table["group"].to_numpy(str)
    for fold, fit in enumerate(dual.in_folds):
        heard = items.item[fit.train.places.numpy()]
        assert not set(heard) & set((dual.fold == fold).nonzero()[0])
        assert not set(groups[heard]) & set(groups[dual.fold == fold])
        own = images(fit.network, whole, trial.data.loss)
        torch.testing.assert_close(dual.images["train"][dual.fold == fold], own[dual.fold == fold])
    validation = images(dual.first.network, trial.data.part("validation"), trial.data.loss)
    torch.testing.assert_close(dual.images["validation"], validation)


def test_networks_of_the_folds_are_drawn_and_trained_apart(open_trial, tmp_path):
    dual = open_trial(tmp_path / "trial", OUT_OF_FOLD).fit
    first = [next(fit.network.parameters()) for fit in (*dual.in_folds, dual.first)]
    assert not any(torch.equal(one, other) for place, one in enumerate(first) for other in first[:place])


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_puts_together_what_the_very_same_first_network_says(open_trial, tmp_path, rule):
    trial = open_trial(tmp_path / "rule", {**SETTINGS, "stack_network": rule})
    records = [measured(trial.step()) for _ in range(4)]
    trial.evaluate()
    plain = open_trial(tmp_path / "plain", {**SETTINGS, "training": "classification", "aggregation": rule})
    assert [plain.step()["train_loss"] for _ in range(2)] == [record["train_loss"] for record in records[:2]]
    assert all(torch.equal(*pair) for pair in zip(plain.fit.network.parameters(), first_of(trial), strict=True))
    table, expected = pd.read_parquet(trial.directory / PREDICTIONS), plain.fit.answers("test")
    np.testing.assert_allclose(np.stack(table["logits"]), expected.numpy(), rtol=1e-4, atol=1e-5)
    right = (table["prediction"] == table["label"]).to_numpy(float)
    assert table[f"{rule}_right"].tolist() == right.tolist()
    assert records[2]["validation_accuracy"] == records[3]["validation_accuracy"]
    assert trial.fit.parameters == sum(value.numel() for value in plain.fit.network.parameters())


def first_of(trial):
    return trial.fit.first.network.parameters()


def test_predictions_say_what_the_first_network_alone_makes_of_the_same_items(open_trial, tmp_path):
    trial = open_trial(tmp_path / "trial", SETTINGS)
    while not trial.finished:
        trial.step()
    trial.evaluate()
    table, items = pd.read_parquet(trial.directory / PREDICTIONS), trial.items["test"]
    stacked = images(trial.fit.first.network, trial.data.part("test"), trial.data.loss)[:, 0].numpy()
    labels = np.searchsorted(trial.classes, items.table["label"].to_numpy(str))
    assert table["segments_right"].tolist() == (stacked.argmax(2) == labels[:, None]).mean(1).tolist()
    assert table["sum_right"].tolist() == (stacked.sum(1).argmax(1) == labels).astype(float).tolist()
    assert table["product_right"].tolist() == (stacked.prod(1).argmax(1) == labels).astype(float).tolist()
    kept = table["image"].notna()
    assert kept.tolist() == (~table["label"].duplicated()).tolist()
    np.testing.assert_array_equal(np.stack(table["image"][kept]), stacked[kept].reshape(kept.sum(), -1))


@pytest.mark.parametrize("network", ["resnet", "logistic"])
def test_predictions_are_those_of_the_second_network(open_trial, tmp_path, network):
    trial = open_trial(tmp_path / "trial", {**SETTINGS, "stack_network": network})
    while not trial.finished:
        trial.step()
    trial.evaluate()
    stacked = images(trial.fit.first.network, trial.data.part("test"), trial.data.loss)
    logits = trial.fit.second.network.eval()(stacked)
    table = pd.read_parquet(trial.directory / PREDICTIONS)
    np.testing.assert_allclose(np.stack(table["logits"]), logits.detach().numpy(), rtol=1e-4, atol=1e-5)
    assert table["item"].tolist() == trial.items["test"].table["clip"].tolist()


def test_parameters_are_those_of_both_networks(open_trial, tmp_path):
    trial = open_trial(tmp_path / "trial", OUT_OF_FOLD)
    expected = trial.fit.parameters
    for _ in range(3):
        trial.step()
    both = (trial.fit.first.network, trial.fit.second.network)
    assert expected == sum(value.numel() for network in both for value in network.parameters())


@pytest.mark.parametrize(("share", "first"), [(0.5, 5), (0.01, 9), (0.99, 1), (0.3, 7)])
def test_each_network_has_an_epoch_at_least(open_trial, tmp_path, share, first):
    trial = open_trial(tmp_path / "trial", {**SETTINGS, "epochs": 10, "stack_share": share})
    assert trial.fit.first_epochs == first
    assert trial.fit.recipe.epochs == 10 - first


def test_the_second_recipe_is_the_first_one_with_its_own_rate_and_batch(open_trial, tmp_path):
    settings = {**SETTINGS, "optimiser": "sgd", "schedule": "step", "decay_epochs": 1, "learning_rate": 0.5}
    same = open_trial(tmp_path / "same", settings).fit.recipe
    assert (same.optimiser, same.learning_rate, same.batch_size, same.schedule) == ("sgd", 0.5, 8, "constant")
    own = open_trial(tmp_path / "own", {**settings, "stack_learning_rate": 0.1, "stack_batch_size": 4}).fit.recipe
    assert (own.learning_rate, own.batch_size) == (0.1, 4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"epochs": 1}, "epochs is 1: training 'dual' needs"),
        ({"stacking": "in_samples"}, "did you mean 'in_sample'"),
        ({"stack_network": "resnets"}, "did you mean 'resnet'"),
        ({"stack_network": "sum", "stacking": "out_of_fold"}, "stack_network is 'sum', which is not trained"),
        ({"stack_share": 1.0}, "stack_share is 1.0"),
        ({"stack_folds": 1}, "stack_folds is 1"),
    ],
)
def test_impossible_settings_are_refused(open_trial, tmp_path, changes, message):
    with pytest.raises(InvalidSetting, match=message):
        open_trial(tmp_path / "trial", {**SETTINGS, **changes})


@pytest.mark.parametrize("changes", [{"aggregation": "segment"}, {"count": 1}])
def test_items_of_one_segment_are_refused(open_trial, tmp_path, changes):
    trial = open_trial(tmp_path / "trial", {**SETTINGS, "epochs": 2, **changes})
    trial.step()
    with pytest.raises(InvalidSetting, match="needs the same number of each"):
        trial.step()
