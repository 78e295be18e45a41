"""What one trial takes, and where Ray is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Resources:
    """`address` is 'local' or that of a cluster; `threads` and `gpus` (a fraction may do) are what one trial takes."""

    address: str = "local"
    threads: int = 1
    gpus: float = 0.0

    @property
    def device(self) -> str:
        """The torch device of a trial."""
        return "cuda" if self.gpus else "cpu"
