"""Dimensions of convolution kernels."""

import re

from search_spaces.space import InvalidSpace, Space, choice

KERNEL = re.compile(r"\d+x\d+(\+\d+x\d+)*")


def kernel(*names: str) -> Space:
    """The kernel's shape, bands x frames, such as "3x8"; raises InvalidSpace for other spellings."""
    return choice("kernel", checked(names))


def second_kernel(*names: str) -> Space:
    """The shape of the second convolution's kernel; "" for the same as the first's."""
    checked(tuple(name for name in names if name))
    return choice("second_kernel", names)


def checked(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, if all are shapes."""
    for name in names:
        if not KERNEL.fullmatch(name):
            raise InvalidSpace(f"'{name}' is no kernel shape: write bands x frames, as in '5x5' or '3x8+8x3'.")
    return names
