"""A corpus of a user's own: what is known of it without its files, and what these add."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from trainables.corpora.corpus import Clip, Corpus, Progress, Scan, silent_progress
from trainables.corpora.own.description import DESCRIPTION, Description, described
from trainables.corpora.own.layouts import ENDINGS, scan
from trainables.corpora.own.naming import given_name
from trainables.corpora.own.protocols import PROTOCOLS
from trainables.errors import UserError

HIGHEST_RATE = 48_000
"""In Hz; files of higher rates are packed at this one."""
SHORTEST_SECONDS = 0.05


def own(name: str) -> Corpus:
    """The corpus of a name that begins with `own-`: what is known of it without its files.

    Its rate is 0, because each folder is packed at its own. Raises InvalidSetting for a name that cannot be one.
    """
    return Corpus(
        name=name,
        title=given_name(name),
        bibliography="A corpus of the user's own.",
        licence="Not stated.",
        home_page="",
        remotes=(),
        rate=0,
        endings=ENDINGS,
        scan=scan,
        render=no_rendering,
        protocols=PROTOCOLS,
        facts=facts,
        shortest=SHORTEST_SECONDS,
        about=about,
        decisive=("part",),
    )


def at_its_rate(corpus: Corpus, folder: Path) -> Corpus:
    """The corpus as it is packed from a folder: at the rate that is described, or else that of most of its files.

    Raises UserError for a description that cannot be used.
    """
    if not folder.is_dir():
        return corpus
    return replace(corpus, rate=described(folder).rate or usual_rate(folder, scan(folder)))


def usual_rate(folder: Path, found: Scan) -> int:
    """The most frequent rate of the files in Hz, the higher of two equally frequent ones, at most `HIGHEST_RATE`."""
    rates = Counter(rate for clip in found.clips if (rate := rate_of(folder, clip)))
    usual = max(rates, key=lambda rate: (rates[rate], rate), default=HIGHEST_RATE)
    return min(usual, HIGHEST_RATE)


def rate_of(folder: Path, clip: Clip) -> int:
    """The rate that a file states in Hz; 0 if it states none."""
    try:
        return int(soundfile.info(folder / clip.path).samplerate)
    except (soundfile.LibsndfileError, OSError):
        return 0


def about(folder: Path, clips: pd.DataFrame) -> dict[str, str]:
    """What a folder says of itself: title, licence, source, and whether it says which clips belong together."""
    found: Description = described(folder)
    stated = {"title": found.title, "licence": found.licence, "bibliography": found.bibliography}
    grouped = bool(np.any(clips["group"] != clips["clip"]))
    return {**{name: text for name, text in stated.items() if text}, "grouping": "known" if grouped else "unknown"}


def facts(folder: Path, files: int, clips: pd.DataFrame) -> dict[str, float | None]:
    """No document claims anything of such a corpus."""
    return {}


def no_rendering(
    folder: Path, seed: int = 0, *, clips_per_class: int = 0, progress: Progress = silent_progress
) -> None:
    raise UserError(
        f"A corpus of your own has no rendered stand-in: pack it with `--from DIR` ({DESCRIPTION} is optional)."
    )
