"""Tables of many rows: a page holds their columns as JSON, and a script makes the rows that are on the screen."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from analysis.report.embed import script_json

Form = Literal["number", "share", "duration"]
WIDEST, NARROWEST, MARK = 34, 7, 4
"""Widths of columns in characters; the mark of sorting takes some of a heading."""


@dataclass(frozen=True)
class Column:
    """A column of numbers, None where one is not known, or of texts.

    `name` stands for it in the address of a view. Numbers are shown in their `form`. One that is `filtered` can be
    filtered by its texts; one that is `hidden` is so until a reader shows it.
    """

    name: str
    title: str
    values: Sequence[float | None] | Sequence[str]
    form: Form = "number"
    filtered: bool = False
    hidden: bool = False

    @property
    def numeric(self) -> bool:
        return not any(isinstance(value, str) for value in self.values)

    @property
    def width(self) -> int:
        """Characters that it needs."""
        texts = () if self.numeric else (len(str(value)) for value in self.values)
        return min(WIDEST, max([NARROWEST, len(self.title) + MARK, *texts]))

    @property
    def encoded(self) -> dict[str, Any]:
        """For the script: numbers, or texts as places in the list of all different ones, which is in their order."""
        about = {"name": self.name, "title": self.title, "filter": self.filtered, "hidden": self.hidden}
        if self.numeric:
            return {**about, "form": self.form, "numbers": [finite(value) for value in self.values]}
        words = sorted(set(map(str, self.values)), key=natural)
        places = {word: place for place, word in enumerate(words)}
        return {**about, "words": words, "codes": [places[str(value)] for value in self.values]}


@dataclass(frozen=True)
class DataTable:
    """A table of columns; `title` is read out for it, `caption` stands above."""

    id: str
    title: str
    caption: str
    columns: Sequence[Column]

    @property
    def rows(self) -> int:
        return len(self.columns[0].values)

    @property
    def json(self) -> Markup:
        return script_json({"rows": self.rows, "columns": [column.encoded for column in self.columns]})


def finite(value: float | str | None) -> float | None:
    """A number that JSON can hold."""
    number = float(value) if value is not None else math.nan
    return (int(number) if number.is_integer() else number) if math.isfinite(number) else None


def natural(text: str) -> list[tuple[int, float, str]]:
    """A key by which "trial 9" comes before "trial 10"."""
    parts: Iterable[str] = re.findall(r"[0-9]+|[^0-9]+", text)
    return [(0, float(part), "") if part[0] in "0123456789" else (1, 0.0, part.lower()) for part in parts]
