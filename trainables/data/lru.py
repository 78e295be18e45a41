"""The last few values that were asked for, so that each is made once and what is not needed any more is let go."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass
class LeastRecentlyUsed(Generic[Value]):
    """The values, at most `size`, by their keys; a further one takes the place of the one asked for longest ago."""

    size: int
    held: OrderedDict[str, Value] = field(default_factory=OrderedDict)

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        if key not in self.held:
            self.held[key] = make()
            while len(self.held) > self.size:
                self.held.popitem(last=False)
        self.held.move_to_end(key)
        return self.held[key]
