"""What users' own corpora are called."""

import re

from trainables.errors import InvalidSetting

PREFIX = "own-"
"""What their names begin with, so that a mistyped name is never taken for one of them."""

NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def given_name(name: str) -> str:
    """The name of such a corpus as its user gave it; raises InvalidSetting for one that cannot be one."""
    given = name.removeprefix(PREFIX)
    if not NAME.fullmatch(given):
        raise InvalidSetting(
            f"'{given}' cannot name a corpus: use lower-case letters and digits, with single underscores between them."
        )
    return given
