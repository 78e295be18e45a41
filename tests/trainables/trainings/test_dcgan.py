"""A generator against a discriminator: what is recorded, what is written, and how the two are trained."""

import json

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch
from scipy.special import softmax

from studies.lunger_rho.printed import RECIPES
from trainables.errors import InvalidSetting, UserError
from trainables.resolving import resolve
from trainables.trainings import judge
from trainables.trainings.dcgan import against
from trainables.trial import PREDICTIONS, has_predictions


@pytest.fixture(scope="module")
def settings(images):
    return {"training": "dcgan", **images}


@pytest.fixture(scope="module")
def finished(settings, open_trial, tmp_path_factory, to_the_end):
    """A trial that was trained to its end and tested."""
    trial = open_trial(tmp_path_factory.mktemp("dcgan") / "trial", settings)
    to_the_end(trial)
    trial.evaluate()
    return trial


def test_the_printed_recipe_is_one_that_it_takes(open_trial, tmp_path, settings):
    for name in ("lunger_rho_dcgan", "lunger_rho_dcgan_canonical"):
        printed = {**settings, **RECIPES[name].settings}
        trial = open_trial(tmp_path / name, printed)
        groups = {name: optimiser.param_groups[0] for name, optimiser in trial.fit.optimisers.items()}
        assert {group["lr"] for group in groups.values()} == {printed["learning_rate"]}
        assert {group["betas"] for group in groups.values()} == {(0.5, 0.999)}
    deviations = [layer.weight.std().item() for layer in trial.fit.generator.modules() if hasattr(layer, "kernel_size")]
    assert deviations == pytest.approx([0.02] * 6, rel=0.25)


def test_only_recordings_of_the_instrument_train_it_and_lie_between_minus_1_and_1(open_trial, tmp_path, settings):
    trial = open_trial(tmp_path / "trial", settings)
    labels = trial.items["train"].table["label"]
    assert len(trial.fit.recordings) == (labels == "violin").sum() < len(labels)
    assert trial.fit.recordings.images.abs().max() <= 1 + 1e-5
    other = open_trial(tmp_path / "other", {**settings, "instrument": "flute"})
    assert not torch.equal(trial.fit.recordings.images[:3], other.fit.recordings.images[:3])


def test_one_step_is_the_published_one(open_trial, tmp_path, settings):
    """The step of the reference code (discriminator on both halves, then generator), written out with torch alone."""
    plain = {name: value for name, value in settings.items() if name != "beta1"}
    # Not with Adam, whose first step makes a whole one of the last bit of a gradient.
    plain |= {"optimiser": "sgd", "momentum": 0.0, "learning_rate": 0.5}
    dcgan, twin = (open_trial(tmp_path / name, plain).fit for name in ("one", "two"))
    images = dcgan.recordings.images[:4]
    torch.manual_seed(1)
    losses = dcgan._step(images)
    torch.manual_seed(1)
    maker, judge = twin.generator, twin.discriminator
    noise = torch.randn(4, 8, 1, 1)
    bce = torch.nn.BCELoss()
    optimisers = [torch.optim.SGD(network.parameters(), lr=0.5) for network in (judge, maker)]
    judge.zero_grad()
    made = maker(noise)
    real = bce(judge(images).sigmoid(), torch.ones(4, 1))
    real.backward()
    fake = bce(judge(made.detach()).sigmoid(), torch.zeros(4, 1))
    fake.backward()
    optimisers[0].step()
    maker.zero_grad()
    back = bce(judge(made).sigmoid(), torch.ones(4, 1))
    back.backward()
    optimisers[1].step()
    torch.testing.assert_close(torch.stack(losses[:2]), torch.stack([real + fake, back]).detach(), rtol=1e-4, atol=1e-5)
    for one, other in ((dcgan.generator, maker), (dcgan.discriminator, judge)):
        for (name, value), expected in zip(one.named_parameters(), other.parameters(), strict=True):
            torch.testing.assert_close(value, expected, rtol=1e-3, atol=1e-5, msg=name)


def test_label_smoothing_moves_the_target_of_recordings_alone(open_trial, tmp_path, settings):
    plain = open_trial(tmp_path / "plain", settings).fit
    smooth = open_trial(tmp_path / "smooth", {**settings, "label_smoothing": 0.1}).fit
    images = plain.recordings.images[:4]
    with torch.no_grad():
        logits = plain.discriminator(images)
    losses = []
    for fit in (plain, smooth):
        torch.manual_seed(1)
        losses.append(fit._step(images)[0])
    expected = against(logits, 0.9) - against(logits, 1.0)
    torch.testing.assert_close(losses[1] - losses[0], expected, rtol=1e-3, atol=1e-5)


def test_the_discriminator_can_be_slower(open_trial, tmp_path, settings):
    fit = open_trial(tmp_path / "trial", {**settings, "discriminator_learning_rate": 1e-4}).fit
    rates = {name: optimiser.param_groups[0]["lr"] for name, optimiser in fit.optimisers.items()}
    assert rates == {"generator": 1e-3, "discriminator": 1e-4}


def test_losses_and_accuracies_of_every_step_are_written(finished):
    steps = pd.read_parquet(finished.directory / "steps.parquet")
    recordings = len(finished.fit.recordings)
    assert steps["epoch"].tolist() == sorted([1, 2] * len(torch.arange(recordings).split(4)))
    assert steps[["recorded_accuracy", "generated_accuracy"]].stack().between(0, 1).all()
    last = steps[steps["epoch"] == 2]
    record = finished.fit.history[-1]
    assert record["train_loss"] == pytest.approx(last["discriminator_loss"].mean() / 2)
    assert record["generator_loss"] == pytest.approx(last["generator_loss"].mean())
    assert record["discriminator_below"] == (last["discriminator_loss"] < last["generator_loss"]).mean()


def test_after_the_last_epoch_what_is_generated_is_judged(finished):
    first, last = finished.fit.history
    for measure in ("distance", "flatness", "confidence"):
        for kind in ("generated", "recorded", "noise"):
            assert f"{measure}_{kind}" not in first
            assert last[f"{measure}_{kind}"] >= 0
    assert last["flatness_noise"] > last["flatness_recorded"]
    assert last["distance_noise"] > last["distance_recorded"]
    assert 0 <= last["judge_accuracy"] <= 1
    assert json.loads((finished.directory / "epochs.jsonl").read_text().splitlines()[-1]) == last


def test_what_is_not_finite_is_not_judged(open_trial, tmp_path, settings):
    trial = open_trial(tmp_path / "trial", {**settings, "epochs": 1})
    with torch.no_grad():
        next(trial.fit.generator.parameters()).fill_(float("nan"))
    record = trial.step()
    assert np.isnan(record["validation_accuracy"]) and "confidence_generated" not in record


def test_arms_of_a_seed_share_one_judge_which_is_what_each_would_train(
    open_trial, settings, finished, tmp_path, to_the_end, measured, monkeypatch
):
    folder = finished.store.path / judge.FOLDER
    known = {path: path.read_bytes() for path in folder.iterdir()}
    judged = finished.fit.history[-1]["judge_accuracy"]
    with monkeypatch.context() as patch:
        patch.setattr(judge, "trained", None)  # another arm of this seed trains none
        other = open_trial(tmp_path / "other", {**settings, "label_smoothing": 0.1})
        assert to_the_end(other)[-1]["judge_accuracy"] == judged
    (mine,) = [path for path in known if path.name == judge_of(other)]
    for damaged in (b"", known[mine][:-1], known[mine][::-1]):
        mine.write_bytes(damaged)
        again = open_trial(tmp_path / str(len(damaged)), settings)
        assert str(measured(to_the_end(again))) == str(measured(finished.fit.history))
        assert mine.read_bytes() == known[mine]
    assert judge_of(open_trial(tmp_path / "seed", {**settings, "seed": 1})) != mine.name
    assert judge_of(open_trial(tmp_path / "split", {**settings, "split_seed": 1})) != mine.name
    assert judge_of(open_trial(tmp_path / "side", {**settings, "frame": 512})) != mine.name


def judge_of(trial):
    return judge.question(trial.data, "violin", judge.Recipe(epochs=1))


def test_a_judge_that_cannot_be_kept_is_trained(open_trial, settings, finished, tmp_path, to_the_end, monkeypatch):
    def full(path, content):
        raise UserError(f"Cannot write {path}")

    monkeypatch.setattr(judge, "FOLDER", "elsewhere")
    monkeypatch.setattr(judge, "replace", full)
    found = to_the_end(open_trial(tmp_path / "trial", settings))
    assert found[-1]["judge_accuracy"] == finished.fit.history[-1]["judge_accuracy"]
    assert not (finished.store.path / "elsewhere").exists()


def test_sounds_are_written(finished):
    names = sorted(path.name for path in finished.directory.glob("*.wav"))
    assert names == ["generated-0.wav", "generated-1.wav", "recorded-0.wav"]
    for name in names:
        waveform, rate = soundfile.read(finished.directory / name)
        assert (len(waveform), rate) == (finished.features.segments.samples, finished.store.rate)


def test_predictions_are_logits_of_test_recordings_and_of_as_many_generated_images(finished):
    table = pd.read_parquet(finished.directory / PREDICTIONS)
    tested = finished.items["test"].table
    violins = tested["clip"][tested["label"] == "violin"].tolist()
    assert table["item"][table["label"] == "recorded"].tolist() == violins
    assert (table["label"] == "generated").sum() == len(violins) > 0
    logits = np.stack(table["logits"])
    assert table["prediction"].isna().all() and has_predictions(finished.directory)
    np.testing.assert_allclose(table["confidence"], softmax(logits, axis=1).max(1), rtol=1e-5)


def test_each_network_lowers_its_own_loss_on_the_same_images_and_noise(open_trial, tmp_path, settings):
    for slow, fast in (("discriminator", 1), ("generator", 0)):  # of the losses, in the order of a step's
        fit = open_trial(tmp_path / slow, settings).fit
        fit.optimisers[slow].param_groups[0]["lr"] = 0.0
        losses = []
        for _ in range(8):
            torch.manual_seed(1)
            losses.append(fit._step(fit.recordings.images)[fast].item())
        assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"architecture": "cnn", "width": None}, "architecture is 'cnn': training 'dcgan' needs 'dcgan_discriminator'"),
        ({"augmentation": "noise"}, "augmentation is 'noise'"),
        ({"schedule": "cosine"}, "schedule is 'cosine': training 'dcgan' has none"),
        ({"loss": "bce"}, "loss is 'bce'"),
        ({"instrument": "violins"}, "instrument is 'violins': the training part has 0 clips"),
        ({"label_smoothing": 0.5}, "label_smoothing is 0.5"),
        ({"samples": 1}, "samples is 1"),
        ({"side": 40}, "side is 40"),
    ],
)
def test_impossible_settings_are_refused(open_trial, tmp_path, settings, changes, message):
    changed = {name: value for name, value in {**settings, **changes}.items() if value is not None}
    with pytest.raises(InvalidSetting, match=message):
        open_trial(tmp_path / "trial", changed)


def test_the_front_end_must_make_images(open_trial, tmp_path, settings):
    known = resolve({"training": "dcgan", "architecture": "dcgan_discriminator"}).settings
    other = {name: value for name, value in settings.items() if name in known and name not in ("front_end", "seconds")}
    with pytest.raises(InvalidSetting, match="front_end is 'log_mel': training 'dcgan' needs 'mfcc_image'"):
        open_trial(tmp_path / "trial", other)


@pytest.mark.parametrize(("side", "cells"), [(128, 32), (16, 16), (48, 32)])
def test_the_judge_looks_at_means_over_few_cells(side: int, cells: int):
    pooling = judge.network((1, side, side), 3)[0]
    images = torch.randn(2, 1, side, side)
    assert pooling(images).shape == (2, 1, cells, cells)
    if side % cells == 0:
        each = side // cells
        means = images.unfold(2, each, each).unfold(3, each, each).mean((-1, -2))
        assert torch.allclose(pooling(images), means, atol=1e-6)
