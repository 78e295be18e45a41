"""When a run that stops when decided looks at what it has, and what it finds.

At which levels claims are judged then, says `statistics/spending.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

LOOKS = (8, 12, 16, 24, 32)
"""The repetitions after which it is judged."""
MOST = LOOKS[-1]


@dataclass(frozen=True)
class Open:
    """An arm that needs more under a protocol, and why, as what is said of it: "is undecided in S4-F3"."""

    arm: str
    protocol: str
    why: str


@dataclass(frozen=True)
class Look:
    """What a run that stops when decided found when it looked after so many epochs and repetitions.

    What is `open` needs, before the test, more epochs, and after it (`tested`) more repetitions. The trials that follow
    have `next_epochs`. `looked` is the time (UTC).
    """

    epochs: int
    repetitions: int
    tested: bool
    open: tuple[Open, ...]
    next_epochs: int
    looked: str

    @classmethod
    def read(cls, look: Mapping[str, Any]) -> Self:
        """A look as study.json holds it."""
        return cls(**{**look, "open": tuple(Open(**each) for each in look["open"])})
