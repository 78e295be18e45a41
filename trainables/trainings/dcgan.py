"""A generator and a discriminator against each other, on MFCC images of one instrument."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from trainables.architectures.dcgan import generator
from trainables.augmentation.draws import stream
from trainables.data.trial_data import TrialData
from trainables.errors import InvalidSetting, check_bounds
from trainables.fit import (
    EVALUATION_BATCH,
    Record,
    as_bytes,
    batches,
    from_bytes,
    random_states,
    set_random_states,
    stopwatch,
)
from trainables.frontends.mfcc_image import ImageScale, sounds_of
from trainables.recipe.initialisation import initialise
from trainables.recipe.recipes import Recipe
from trainables.trainings import TRAININGS, Sized
from trainables.trainings.gan_evaluation import judged
from trainables.trainings.judge import network_and_epochs
from trainables.trainings.sounds import sound_files

OUTPUTS = 1
"""Of the discriminator: recorded or generated."""

STEPS = "steps.parquet"
STEP_COLUMNS = ("epoch", "discriminator_loss", "generator_loss", "recorded_accuracy", "generated_accuracy")
RECORDED, GENERATED = "recorded", "generated"
WITHOUT = ("loss", "class_weights", "schedule", "precision", "on_out_of_memory")
"""Fields of a recipe that this training does not have."""


@dataclass(frozen=True)
class Design:
    """The parameters of `dcgan`."""

    instrument: str
    latent: int
    generator_width: int
    discriminator_learning_rate: float
    label_smoothing: float
    samples: int
    sounds: int
    judge_epochs: int

    def __post_init__(self) -> None:
        for name, least in (("samples", 2), ("sounds", 0), ("judge_epochs", 1), ("discriminator_learning_rate", 0.0)):
            check_bounds(name, getattr(self, name), at_least=least)
        check_bounds("label_smoothing", self.label_smoothing, at_least=0, below=0.5)


@dataclass(frozen=True)
class Recordings:
    """Images (segments, 1, side, side) of one instrument in one part of the split, and the rows of its table."""

    images: Tensor
    table: pd.DataFrame

    def __len__(self) -> int:
        return len(self.images)


@dataclass
class Dcgan:
    """The two networks in training; see `dcgan`."""

    data: TrialData
    design: Design
    history: list[Record] = field(default_factory=list)

    def __post_init__(self) -> None:
        data, recipe = self.data, self.data.recipe
        self.device, self.seed = data.device, data.seed
        self.scale = ImageScale.fit(cepstra(data, "train", self.design.instrument)[0])
        self.recordings = recordings(data, "train", self.design.instrument, self.scale)
        self.discriminator = data.network(self.seed, outputs=OUTPUTS).to(self.device)
        self.generator = generator(data.features.shape[1], self.design.latent, self.design.generator_width)
        initialise(self.generator, recipe.initialisation)
        self.generator.to(self.device)
        slower = self.design.discriminator_learning_rate or recipe.learning_rate
        self.optimisers = {
            "generator": recipe.build_optimiser(self.generator),
            "discriminator": replace(recipe, learning_rate=slower).build_optimiser(self.discriminator),
        }
        self.order = torch.Generator().manual_seed(self.seed)
        self.steps: list[list[float]] = []
        self.sounds: dict[str, bytes] = {}

    @property
    def networks(self) -> dict[str, nn.Module]:
        return {"generator": self.generator, "discriminator": self.discriminator}

    @property
    def finished(self) -> bool:
        return len(self.history) >= self.data.recipe.epochs

    @property
    def parameters(self) -> int:
        return sum(each.numel() for network in self.networks.values() for each in network.parameters())

    def epoch(self) -> Record:
        """One pass over the recordings of the training part.

        Loss and accuracy are the discriminator's, over as many generated images as recorded ones: while training, of
        its steps, and on validation of the held-out recordings. After the last epoch what is generated is judged,
        unless it is not finite.
        """
        taken = stopwatch()
        steps = self._train()
        record = {"epoch": len(self.history) + 1, **self._measured(steps), **self._validated()}
        record |= taken()
        if record["epoch"] == self.data.recipe.epochs and self._finite():
            record |= self._judged()
        self.history.append(record)
        return record

    def _train(self) -> np.ndarray:
        """Each step's losses and accuracies (steps, 4)."""
        for network in self.networks.values():
            network.train()
        found = []
        order = torch.randperm(len(self.recordings), generator=self.order)
        for places in batches(order, self.data.recipe.batch_size):
            images = self.recordings.images[places.to(self.device)]
            found.append(torch.stack(self._step(images)))
        steps = torch.stack(found).tolist()
        self.steps += [[len(self.history) + 1, *step] for step in steps]
        return np.array(steps)

    def _step(self, images: Tensor) -> list[Tensor]:
        """One step of the discriminator and one of the generator, as in the published training (Radford et al.)."""
        made = self.generator(torch.randn(len(images), self.design.latent, 1, 1, device=self.device))
        recorded, generated = self.discriminator(images), self.discriminator(made.detach())
        target = 1 - self.design.label_smoothing
        loss = against(recorded, target) + against(generated, 0.0)
        self._follow("discriminator", loss)
        again = against(self.discriminator(made), 1.0)
        self._follow("generator", again)
        accuracies = [(recorded > 0).float().mean(), (generated <= 0).float().mean()]
        return [each.detach() for each in (loss, again, *accuracies)]

    def _follow(self, name: str, loss: Tensor) -> None:
        """One step of an optimiser; the gradients that the other network gets on the way are dropped."""
        for optimiser in self.optimisers.values():
            optimiser.zero_grad()
        loss.backward()
        self.optimisers[name].step()

    def _measured(self, steps: np.ndarray) -> Record:
        losses, accuracies = steps[:, :2], steps[:, 2:]
        return {
            "train_loss": float(losses[:, 0].mean()) / 2,  # of both kinds of image, each as much
            "train_accuracy": float(accuracies.mean()),
            "generator_loss": float(losses[:, 1].mean()),
            "discriminator_below": float((losses[:, 0] < losses[:, 1]).mean()),
        }

    @torch.no_grad()
    def _validated(self) -> Record:
        held_out = recordings(self.data, "validation", self.design.instrument, self.scale)
        if not len(held_out):
            return {"validation_loss": float("nan"), "validation_accuracy": float("nan")}
        made = self.generate(len(held_out), len(self.history) + 1)
        logits = [self.discriminate(images) for images in (held_out.images, made)]
        loss = (against(logits[0], 1.0) + against(logits[1], 0.0)) / 2
        accuracy = ((logits[0] > 0).float().mean() + (logits[1] <= 0).float().mean()) / 2
        finite = loss.isfinite() and self._finite()
        return {"validation_loss": loss.item(), "validation_accuracy": accuracy.item() if finite else float("nan")}

    def _finite(self) -> bool:
        """Whether all weights of the generator are."""
        return all(bool(parameter.isfinite().all()) for parameter in self.generator.parameters())

    @torch.no_grad()
    def generate(self, count: int, draw: int) -> Tensor:
        """`count` generated images; `draw` numbers the noise, which is no part of the training's random numbers."""
        self.generator.eval()
        random = stream(self.seed, draw, self.device)
        noise = torch.randn(count, self.design.latent, 1, 1, generator=random, device=self.device)
        return torch.cat([self.generator(some) for some in noise.split(EVALUATION_BATCH)])

    @torch.no_grad()
    def discriminate(self, images: Tensor) -> Tensor:
        """Logits (items,) of being recorded."""
        self.discriminator.eval()
        return torch.cat([self.discriminator(some) for some in images.split(EVALUATION_BATCH)]).squeeze(1)

    def _judged(self) -> Record:
        made = self.generate(self.design.samples, self.data.recipe.epochs + 1)
        self.sounds = self._sounds(made[: self.design.sounds])
        with torch.random.fork_rng():  # of a processor and of all GPUs
            return judged(self.data, self.design.instrument, self.scale, made, self.design.judge_epochs)

    def _sounds(self, made: Tensor) -> dict[str, bytes]:
        """Generated images as sound and, for comparison, recorded ones that have gone the same way."""
        features, frame = self.data.features, int(self.data.configuration["frame"])
        made_of = (features.store.rate, features.segments.samples)
        kinds = {GENERATED: made, RECORDED: self.recordings.images[: min(len(made), 1)]}
        waveforms = {kind: sounds_of(images, self.scale, *made_of, frame=frame) for kind, images in kinds.items()}
        return sound_files(waveforms, features.store.rate)

    def predictions(self) -> dict[str, Any]:
        """A row for each test recording and for as many generated images: how sure the discriminator is of it.

        None names a class: whether recordings can be told from what is generated says nothing of an instrument.
        """
        tested = recordings(self.data, "test", self.design.instrument, self.scale)
        made = self.generate(len(tested), self.data.recipe.epochs + 2)
        logits = torch.cat([self.discriminate(images) for images in (tested.images, made)]).float().cpu()
        names = [f"{GENERATED}-{place}" for place in range(len(made))]
        labels = [RECORDED] * len(tested) + [GENERATED] * len(made)
        return {
            "item": [*tested.table["clip"], *names],
            "group": [*tested.table["group"], *names],
            "label": labels,
            "prediction": pa.nulls(len(labels), pa.string()),
            "confidence": torch.maximum(logits.sigmoid(), (-logits).sigmoid()).tolist(),
            "logits": torch.stack([torch.zeros_like(logits), logits], 1).tolist(),
        }

    def train_accuracy(self) -> float:
        """NaN: no items of several classes are told apart."""
        return float("nan")

    def excerpt_answers(self) -> None:
        """None: no items of several classes are told apart."""

    def files(self) -> dict[str, bytes]:
        """The losses and accuracies of every step, and after the last epoch some sounds."""
        table = pd.DataFrame(self.steps, columns=list(STEP_COLUMNS)).astype({"epoch": "int64"})
        return {STEPS: table.to_parquet(index=False), **self.sounds}

    def state(self) -> bytes:
        """Both networks, both optimisers, the random states, the order of the items, the steps and the history."""
        saved: dict[str, Any] = {name: network.state_dict() for name, network in self.networks.items()}
        saved |= {f"{name}_optimiser": optimiser.state_dict() for name, optimiser in self.optimisers.items()}
        saved |= {"steps": torch.tensor(self.steps, dtype=torch.float64), "history": json.dumps(self.history)}
        return as_bytes(**saved, **random_states(self.order, self.device))

    def load(self, state: bytes) -> None:
        saved = from_bytes(state)
        for name, network in self.networks.items():
            network.load_state_dict(saved[name])
            self.optimisers[name].load_state_dict(saved[f"{name}_optimiser"])
        set_random_states(self.order, saved)
        self.steps = [[int(step[0]), *step[1:]] for step in saved["steps"].tolist()]
        self.history = json.loads(saved["history"])


def against(logits: Tensor, target: float) -> Tensor:
    """Mean binary cross-entropy, in nats, of logits that all should say `target`."""
    return binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))


def cepstra(data: TrialData, part: str, instrument: str) -> tuple[Tensor, pd.DataFrame]:
    """MFCCs of the segments of an instrument in a part of the split, and for each the row of its item."""
    items = data.items[part]
    chosen = (items.table["label"] == instrument).to_numpy()[items.item]
    table = items.table.iloc[items.item[chosen]].reset_index(drop=True)
    if len(table) > table["clip"].nunique():
        number = table.groupby("clip").cumcount()
        table = table.assign(clip=table["clip"] + "#" + number.astype(str))
    return data.features.rows(items.rows[chosen]), table


def recordings(data: TrialData, part: str, instrument: str, scale: ImageScale) -> Recordings:
    values, table = cepstra(data, part, instrument)
    return Recordings(scale.images(values), table)


def work(settings: Mapping[str, Any], labels: Sequence[str]) -> float:
    """Epochs of the discriminator on one instrument's segments, which pass it three times, and its mirror image once.

    Layers of the generator are those of the discriminator the other way round, of its own width. What is generated
    after the last epoch is not counted, nor the judge, which trials share.
    """
    share = sum(label == settings["instrument"] for label in labels) / max(len(labels), 1)
    return float(settings["epochs"] * share * (3 + (settings["generator_width"] / settings["width"]) ** 2))


def beside(settings: Mapping[str, Any], segments: int, classes: int) -> dict[str, Sized]:
    """The generator, of images as large as those that the discriminator is given, from random numbers."""
    latent = settings["latent"]
    return {"generator": (generator(settings["side"], latent, settings["generator_width"]), (latent, 1, 1))}


@TRAININGS(
    "S0-A5",
    "S0-A6",
    "S0-S11",
    work=work,
    outputs=OUTPUTS,
    depends_on_epochs=True,
    objective=False,
    beside=beside,
    judge=network_and_epochs,
)
def dcgan(
    data: TrialData,
    *,
    instrument: str = "violin",
    latent: int = 100,
    generator_width: int = 64,
    discriminator_learning_rate: float = 0.0,
    label_smoothing: float = 0.0,
    samples: int = 512,
    sounds: int = 4,
    judge_epochs: int = 30,
) -> Dcgan:
    """A DCGAN on the MFCC images of one instrument, six layers each (S0-A5, S0-A6).

    The discriminator is the trial's architecture, `dcgan_discriminator`; the generator makes images from `latent`
    random numbers, with `generator_width` times 16 to 1 channels. Both are trained by the recipe: S0 prints Adam with
    beta1 .5, a learning rate of .001 (the published network has .0002), batches of 50 and 20 epochs. Remedies of S0-F32
    are a `discriminator_learning_rate` (0: the recipe's) and `label_smoothing`, which makes the discriminator's target
    for recordings 1 less it; the architecture has others.
    A record's loss and accuracy are the discriminator's, so nothing can be chosen by them; `steps.parquet` has those of
    both in every step, and the table of predictions the discriminator's logits of test recordings and of as many
    generated images. After the last epoch `samples` generated images are compared with held-out recordings and with
    noise (B18), also by a classifier of all instruments that was trained for `judge_epochs`, one for all arms of a seed
    (see `judge`), and `sounds` of them are written as WAV files.
    Raises InvalidSetting for another architecture or front end, an instrument with fewer than two recordings in the
    training part, or a setting of a recipe that means nothing here.
    """
    design = Design(
        instrument, latent, generator_width, discriminator_learning_rate, label_smoothing, samples, sounds, judge_epochs
    )
    check_parts(data)
    check_recipe(data.recipe)
    check_instrument(data, instrument)
    return Dcgan(data, design)


def check_parts(data: TrialData) -> None:
    """Raise InvalidSetting unless architecture, front end and augmentation are those of a DCGAN."""
    settings = data.configuration.settings
    for name, needed in (("architecture", "dcgan_discriminator"), ("front_end", "mfcc_image"), ("augmentation", "")):
        if settings[name] != needed:
            raise InvalidSetting(f"{name} is '{settings[name]}': training 'dcgan' needs '{needed}'.")


def check_recipe(recipe: Recipe) -> None:
    """Raise InvalidSetting for a recipe with something that this training does not have."""
    plain = Recipe()
    for name in WITHOUT:
        if getattr(recipe, name) != getattr(plain, name):
            raise InvalidSetting(f"{name} is '{getattr(recipe, name)}': training 'dcgan' has none, leave it out.")


def check_instrument(data: TrialData, instrument: str) -> None:
    labels = data.items["train"].table["label"]
    if (labels == instrument).sum() < 2:
        raise InvalidSetting(
            f"instrument is '{instrument}': the training part has {(labels == instrument).sum()} clips of it; it has "
            f"more of {', '.join(sorted(set(labels)))}."
        )
