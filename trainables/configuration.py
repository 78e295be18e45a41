"""A trial's configuration: every value that can change its result, complete and hashed; `resolving` makes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from trainables.registry import Value

Settings = Mapping[str, Value]


@dataclass(frozen=True)
class Configuration:
    """All settings of one trial, with the defaults filled in; make one with `resolving.resolve`.

    `parameters_by_part` names the settings that each part of a trial takes: 'protocol', 'front_end', 'architecture' and
    so on. `neutral` are the values at which a setting that was added later leaves a trial as it was before. `code` are
    hashes of the files of parts from outside this package.
    """

    settings: Settings
    parameters_by_part: Mapping[str, tuple[str, ...]]
    neutral: Settings
    code: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.settings[name]

    def part(self, name: str) -> dict[str, Any]:
        return {key: self.settings[key] for key in self.parameters_by_part[name]}

    def trial(self, data_digest: str) -> str:
        """The trial's id: a hash of the data, of these settings but for those at their neutral value, and of code.

        So a setting that is added leaves the ids of the trials of before as they were. Its neutral value stands for
        ever, also where its default changes later.
        """
        settings = {name: value for name, value in self.settings.items() if self.neutral.get(name, ...) != value}
        text = json.dumps([settings, data_digest, *self.code], sort_keys=True)
        return blake2b(text.encode(), digest_size=6).hexdigest()
