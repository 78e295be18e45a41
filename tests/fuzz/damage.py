"""Ways in which a file of a run may be damaged."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from fuzzing import json_values
from hypothesis import strategies as st

COLUMN_KINDS = ("text", "number", "nothing", "mixed", "lists", "bytes", "same")


def damaged(draw: st.DrawFn, path: Path) -> str:
    """Damage a file; gives how."""
    ways = ["cut", "empty", "bytes", "changed", "gone", "folder", "twice"]
    ways += {".json": ["value"] * 8, ".parquet": ["table"] * 8, ".jsonl": ["line"] * 6}.get(path.suffix, [])
    way = draw(st.sampled_from(ways))
    content = path.read_bytes()
    if way == "gone":
        path.unlink()
    elif way == "folder":
        path.unlink()
        path.mkdir()
    elif way == "value":
        path.write_text(json.dumps(other_value(draw, json.loads(content))))
    elif way == "table":
        return f"table {damage_table(draw, path)}"
    elif way == "line":
        lines = content.decode().splitlines()
        place = draw(st.integers(0, len(lines)))
        path.write_text("\n".join([*lines[:place], json.dumps(draw(json_values)), *lines[place:]]) + "\n")
    else:
        path.write_bytes(damage_bytes(draw, way, content))
    return way


def damage_bytes(draw: st.DrawFn, way: str, content: bytes) -> bytes:
    """Bytes cut short, replaced, changed or doubled."""
    place = draw(st.integers(0, len(content)))
    byte = draw(st.binary(min_size=1, max_size=4))
    return {
        "cut": content[:place],
        "empty": b"",
        "bytes": byte * draw(st.integers(1, 50)),
        "changed": content[:place] + byte + content[place + len(byte) :],
        "twice": content * 2,
    }[way]


def other_value(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value in which one value, at any depth, is another one, is missing or comes twice."""
    if isinstance(value, dict) and value and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(value)))
        how = draw(st.integers(0, 6))
        rest = {name: each for name, each in value.items() if name != key}
        return (
            rest
            if how == 0
            else {**value, "more": value[key]}
            if how == 1
            else {**value, key: other_value(draw, value[key])}
        )
    if isinstance(value, list) and value and draw(st.integers(0, 5)):
        place = draw(st.integers(0, len(value) - 1))
        how = draw(st.integers(0, 6))
        one = [] if how == 0 else [value[place]] * 2 if how == 1 else [other_value(draw, value[place])]
        return [*value[:place], *one, *value[place + 1 :]]
    return draw(json_values)


def damage_table(draw: st.DrawFn, path: Path) -> str:
    """Change a table: its columns, their types, its rows; gives how."""
    table = pd.read_parquet(path)
    column = draw(st.sampled_from(list(table.columns)))
    way = draw(st.sampled_from(["drop", "values", "value", "rows", "rows twice", "no rows", "more"]))
    if way == "drop":
        table = table.drop(columns=column)
    elif way == "values":
        table[column] = values(draw, table[column])
    elif way == "value" and len(table):
        place = draw(st.integers(0, len(table) - 1))
        wild = {"O": ["", "nothing", None], "b": [True]}.get(table[column].dtype.kind, [-1, 10**9, 0])
        cells = table[column].tolist()
        cells[place] = draw(st.sampled_from([*wild, None]))
        table[column] = cells
    elif way == "rows" and len(table):
        table = table.iloc[sorted(draw(st.sets(st.integers(0, len(table) - 1), max_size=5)))]
    elif way == "rows twice":
        table = pd.concat([table, table.iloc[: draw(st.integers(1, 5))]])
    elif way == "no rows":
        table = table.iloc[:0]
    elif way == "more":
        table = table.assign(more=1)
    table.to_parquet(path, index=draw(st.booleans()))
    return way


def values(draw: st.DrawFn, column: pd.Series) -> Any:
    """Other values for a column."""
    kind = draw(st.sampled_from(COLUMN_KINDS))
    rows = len(column)
    return {
        "text": [f"x{number}" for number in range(rows)],
        "number": np.arange(rows) * draw(st.sampled_from([1.0, np.nan, np.inf, -1e300])),
        "nothing": [None] * rows,
        "mixed": [None if number % 2 else value for number, value in enumerate(column)],
        "lists": [[1, 2]] * rows,
        "bytes": [b"\xff"] * rows,
        "same": [column.iloc[0] if rows else None] * rows,
    }[kind]


def copied(source: Path, target: Path) -> Path:
    """A copy of a run."""
    shutil.copytree(source, target)
    return target
