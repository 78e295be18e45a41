"""The file of claims: TOML with a title, a question, the corpus, and a table for each claim."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from analysis.errors import RunError, unknown


@dataclass(frozen=True)
class ClaimsFile:
    """What a file says: claims as they are written, each perhaps with a `statement` in words, and what they are of."""

    claims: Sequence[Mapping[str, Any]]
    title: str = ""
    question: str = ""
    corpus: str = ""


def read_claims(path: Path) -> ClaimsFile:
    """Read a file of claims; raises RunError for a file that is none, or that says something unknown."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RunError(f"There is no file {path}: give the path of a TOML file of claims.") from None
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read as TOML ({' '.join(str(error).split())}).") from None
    known = [field.name for field in fields(ClaimsFile)]
    for name, value in found.items():
        if name not in known:
            raise unknown(f"key in {path}:", name, known)
        if name != "claims" and not isinstance(value, str):
            raise RunError(f"'{name}' in {path} is no text: put it in quotes.")
    claims = found.get("claims", [])
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims) or not claims:
        raise RunError(f"{path} has no claims: begin each with a line [[claims]].")
    return ClaimsFile(**found)
