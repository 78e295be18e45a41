"""What a user may say of a folder of audio, in a small file within it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trainables.errors import UserError, unknown

DESCRIPTION = "corpus.toml"


class Description(BaseModel):
    """What `corpus.toml` may hold; every key may be left out.

    `table` is a CSV file below the folder. `file`, `label` and `group` are the columns in which it has the path of a
    file, its class, and what must not be divided: the recording, the speaker, the piece. `classes` are other names for
    classes. `rate` is in Hz.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    licence: str = ""
    bibliography: str = ""
    table: str = ""
    file: str = ""
    label: str = ""
    group: str = ""
    classes: Mapping[str, str] = Field(default_factory=dict)
    rate: int = Field(default=0, ge=1000, le=192_000)


def described(folder: Path) -> Description:
    """The description in a folder, an empty one if there is none; raises UserError if it cannot be used."""
    path = folder / DESCRIPTION
    if not path.is_file():
        return Description()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read ({error}): mend it, or remove it.") from error
    for key in content:
        if key not in Description.model_fields:
            raise UserError(f"{path}: {unknown('key', key, Description.model_fields)}")
    try:
        return Description(**content)
    except ValidationError as error:
        first = error.errors()[0]
        raise UserError(
            f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}; mend it there."
        ) from error
