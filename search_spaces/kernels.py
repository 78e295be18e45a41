"""Dimensions of convolution kernels."""

import re

from search_spaces.space import InvalidSpace, Space, choice

SHAPE = r"[1-9]\d*(x[1-9]\d*)?"
KERNEL = re.compile(rf"{SHAPE}([-+]{SHAPE})*")


def kernel(*names: str) -> Space:
    """The kernel's shape, bands x frames, such as "3x8", or a length such as "3"; without names those of S4-F17.

    "3x8+8x3" is two shapes side by side, "11-5-3" a length for each stage. Raises InvalidSpace for other spellings.
    """
    return choice("kernel", checked(names or ("5x5", "3x8", "8x3", "1x25", "25x1", "3x8+8x3")))


def kernel_length(*lengths: int) -> Space:
    """The kernel's length; without lengths the even and odd ones of S2-F16."""
    return kernel(*(str(length) for length in lengths or range(2, 10)))


def second_kernel(*names: str) -> Space:
    """The shape of the second convolution's kernel; "" for the same as the first's."""
    names = names or ("", "3x3", "5x5")
    checked(tuple(name for name in names if name))
    return choice("second_kernel", names)


def strided_kernel(*names: str) -> Space:
    """The kernel of convolutions in place of pooling; "" for that of their stage."""
    names = names or ("", "3", "5")
    checked(tuple(name for name in names if name))
    return choice("strided_kernel", names)


def checked(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names; raises InvalidSpace if one is no shape."""
    for name in names:
        if not KERNEL.fullmatch(name):
            raise InvalidSpace(
                f"'{name}' is no kernel shape: write bands x frames, as in '5x5' or '3x8+8x3', or lengths, as in '3'."
            )
    return names
