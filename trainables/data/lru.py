"""The last few values that were asked for, so that each is made once and what is not needed any more is let go."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")


def one_each(value: object) -> int:
    """A weight by which values are only counted."""
    return 1


@dataclass
class LeastRecentlyUsed(Generic[Value]):
    """Values by their keys: the last `size`, and more while all together weigh at most `room`.

    A further one takes the place of the one asked for longest ago.
    """

    size: int
    room: int = 0
    weight: Callable[[Value], int] = one_each
    held: OrderedDict[str, Value] = field(default_factory=OrderedDict)

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        if key not in self.held:
            self.held[key] = make()
            while len(self.held) > self.size and sum(map(self.weight, self.held.values())) > self.room:
                self.held.popitem(last=False)
        self.held.move_to_end(key)
        return self.held[key]
