"""The header of a model's file: all that is needed to use its network, and what is known of it."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from trainables.errors import UserError
from trainables.registry import Value

FORMAT = 1
NYQUIST = 2


class Frozen(BaseModel):
    """Checked when made, unchangeable after."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(Frozen):
    """A registered function by its name, with all its parameters."""

    name: str
    settings: Mapping[str, Value]


class Origin(Frozen):
    """Where a model comes from: study and run ("" for a single training), arm, trial, and how the trial was chosen.

    Accuracies are shares; None where nothing was tested.
    """

    study: str = ""
    run: str = ""
    arm: str = ""
    trial: str
    chosen: str
    validation_accuracy: float | None = None
    test_accuracy: float | None = None


class Header(Frozen):
    """What a model's file says beside its weights.

    `rate` is in Hz; recordings of several channels are heard as their mean. A window has `samples`, cut by
    `segmentation`; `front_end` makes features of `shape` (channels, height, time) of it, `architecture` a logit of each
    of `labels`. With `several_labels` each class has its own logistic function, else one class is chosen among all.
    `aggregation` puts the windows of a recording together. `training` are the settings of the trial.

    `corpus` says what it was trained on, with its licence; `verdicts` are sentences on the run that it comes from,
    `limits` on what it cannot do, and `badges` what qualifies the run. `etude` and `commit` are of the version that
    wrote it.
    """

    format: int = FORMAT
    labels: tuple[str, ...]
    several_labels: bool
    rate: int
    channels: Literal["mean"] = "mean"
    samples: int
    segmentation: Part
    front_end: Part
    normalisation: str
    architecture: Part
    shape: tuple[int, ...]
    aggregation: str
    training: Mapping[str, Value]
    origin: Origin
    corpus: Mapping[str, Value]
    verdicts: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    etude: str
    commit: str

    @property
    def seconds(self) -> float:
        """The length of a window."""
        return self.samples / self.rate

    @property
    def needed_rate(self) -> int:
        """The rate in Hz of which half is the highest frequency that the front end looks at."""
        settings = self.front_end.settings
        highest = [NYQUIST * float(settings.get("high") or 0), float(settings.get("target_rate") or 0)]
        return round(min([self.rate, *(rate for rate in highest if rate)]))

    def as_metadata(self) -> dict[str, str]:
        """The header as the texts that a safetensors file holds, each field as JSON."""
        return {name: json.dumps(value, ensure_ascii=False) for name, value in self.model_dump(mode="json").items()}


def header_of(metadata: Mapping[str, str] | None, where: object) -> Header:
    """The header in the texts of a safetensors file.

    Raises UserError for a file that étude has not written, or that another version has.
    """
    try:
        values: dict[str, Any] = {name: json.loads(text) for name, text in (metadata or {}).items()}
    except ValueError:
        values = {}
    if (found := values.get("format")) != FORMAT:
        what = f"has format {found}, and this version reads {FORMAT}" if isinstance(found, int) else "is no model's"
        raise UserError(f"{where} {what}: export a model with `etude export RUN`.")
    try:
        return Header(**values)
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(
            f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}; export the model again."
        ) from error
