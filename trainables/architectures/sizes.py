"""Texts that give each stage of a network its value, such as "3" or "11-5-3", and sizes after windows have moved."""

import re
from bisect import bisect_left
from collections.abc import Callable

from trainables.architectures.convolution import Size
from trainables.errors import InvalidSetting

SIDES = re.compile(r"([1-9]\d*)(?:x([1-9]\d*))?")


def per_stage(name: str, text: str, stages: int) -> list[str]:
    """The values in `text`, joined by "-", for that many stages; the last one stands for all stages that follow.

    Raises InvalidSetting if there are more values than stages (one value is always allowed).
    """
    values = text.split("-")
    if len(values) > max(stages, 1):
        raise InvalidSetting(
            f"{name} is '{text}': {len(values)} values for {stages} stages; write at most one a stage."
        )
    return (values + [values[-1]] * stages)[:stages]


def whole_numbers(name: str, text: str) -> list[int]:
    """The numbers in "128-256", from 1; none in ""."""
    return [whole_number(name, value) for value in text.split("-")] if text else []


def whole_number(name: str, text: str, least: int = 1) -> int:
    """The number in "128"; raises InvalidSetting for one below `least` and for other texts."""
    if not (text.isascii() and text.isdecimal()) or int(text) < least:
        raise InvalidSetting(f"{name} has '{text}': write whole numbers from {least}, as in '3' or '128-256'.")
    return int(text)


def size(name: str, text: str, dimensions: int) -> Size:
    """Height and time in "3x8", or in "3": a square, or height 1 in one dimension, which has no "3x8"."""
    match = SIDES.fullmatch(text)
    if not match or (match[2] and dimensions == 1):
        ways = "'3', or '3x8' for bands x frames" if dimensions == 2 else "'3': one dimension has no second side"
        raise InvalidSetting(f"{name} has '{text}': write {ways}.")
    height = int(match[1]) if dimensions == 2 else 1
    return height, int(match[2] or match[1])


def written(size: Size, dimensions: int) -> str:
    """A size as `size` reads it: "3x8", or "8" in one dimension."""
    return f"{size[0]}x{size[1]}" if dimensions == 2 else str(size[1])


def longest(texts: dict[str, str], fits: Callable[..., bool]) -> dict[str, str]:
    """The texts that change when their numbers are limited, by the highest limit with which all together fit.

    `fits` is asked with the texts by their names. Where no limit lets them fit, nothing.
    """
    highest = max(int(number) for number in re.findall(r"\d+", "-".join(texts.values())))

    def limited(most: int) -> dict[str, str]:
        def lower(number: re.Match[str]) -> str:
            return str(min(int(number[0]), most))

        return {name: re.sub(r"\d+", lower, text) for name, text in texts.items()}

    most = bisect_left(range(1, highest), True, key=lambda limit: not fits(**limited(limit)))
    return {name: text for name, text in limited(most).items() if most and text != texts[name]}


def window(name: str, text: str, dimensions: int) -> tuple[Size, Size]:
    """Size and step of "2" (a window that moves by its own size) or "3/2"."""
    first, slash, second = text.partition("/")
    return size(name, first, dimensions), size(name, second if slash else first, dimensions)


def moved(over: Size, kernel: Size, step: Size) -> Size:
    """How often a window fits along both sides of `over`."""
    height, width = ((length - side) // by + 1 for length, side, by in zip(over, kernel, step, strict=True))
    return height, width


def smaller(one: Size, other: Size) -> Size:
    return min(one[0], other[0]), min(one[1], other[1])
