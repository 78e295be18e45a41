"""GTZAN: thirty seconds each of 1,000 songs in ten genres (S2-S1)."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from trainables.corpora.audit.check import Check, noun, passed, share
from trainables.corpora.corpus import Clip, Corpus, Rejected, Remote, Scan, known, scanned
from trainables.corpora.gtzan_lists import GENRES, TEST, TRAIN, VALIDATION, list_of, run_of
from trainables.corpora.regrouping import drawn, regrouped
from trainables.corpora.rendering.gtzan_rendering import render
from trainables.corpora.splits import Split, apart, check_fold, distinct, folded, generator, groups_of, strata
from trainables.errors import InvalidSetting
from trainables.registry import Registry

RATE = 22_050
ENDINGS = (".wav", ".au")
SONGS = 1_000
MOST_FAULTY = 1
"""One song, jazz.00054, cannot be decoded in a widespread copy: the copy is whole all the same."""
SHARES = (0.8, 0.1, 0.1)
"""Not printed (S2-S4)."""

NAME = re.compile(rf"(?P<genre>{'|'.join(GENRES)})\.\d{{5}}")
PROTOCOLS = Registry("protocol")


def scan(folder: Path) -> Scan:
    """Read the genre and the number of every `genre.NNNNN.wav` or `.au` below `folder`; each song is a group."""
    return scanned(folder, ENDINGS, _song)


def _song(path: Path, name: str) -> Clip | Rejected:
    if match := NAME.fullmatch(path.stem.lower()):
        return Clip(name, match["genre"], match[0], {"song": match[0]})
    return Rejected(name, "has a name that is not genre.NNNNN")


def facts(folder: Path, files: int, clips: pd.DataFrame) -> dict[str, float | None]:
    """The rate of the files in Hz (X11, S2-F44) and how long songs are (S2-F45); None unless the copy is whole."""
    rates = {soundfile.info(folder / path).samplerate for path in clips["clip"]}
    seconds = clips["length"] / RATE
    found = {
        "songs": files,
        "rate": max(rates),
        "shortest_seconds": seconds.min(),
        "longest_seconds": seconds.max(),
        "songs_longer_than_30_seconds": (clips["length"] > 30 * RATE).sum(),
        "songs_shorter_than_30_seconds": (clips["length"] < 30 * RATE).sum(),
    }
    return known(files >= SONGS and len(clips) >= SONGS - MOST_FAULTY, found)


@PROTOCOLS("S2-S4", "B1", "B6")
def as_published(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """80/10/10 at random, genre by genre, of the segments of all songs: those of one song lie on all sides.

    Given a table of segments it divides segments, given one of songs it divides songs. The document prints neither the
    ratios nor what was divided. Each fold is another draw.
    """
    return drawn(clips, np.arange(len(clips)), SHARES, generator(split_seed, fold, folds))


@PROTOCOLS("S2-S4", "B1")
def grouped_same_sizes(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """80/10/10 of the same segments, those of a song, and of its exact copies, on one side.

    It is given what `as_published` is given, and scored alike, by segment: what the leak is worth is no difference of
    two ways to score.
    """
    random = generator(split_seed, fold, folds)
    return regrouped(clips, drawn(clips, np.arange(len(clips)), SHARES, random), random)


@PROTOCOLS("S2-S4", "B1", "B6")
def corrected(clips: pd.DataFrame, split_seed: int, fold: int, folds: int) -> Split:
    """The fault-filtered, artist-filtered lists: 443 training, 197 validation, 290 test songs, whatever the seed.

    With folds > 1, fold `fold` of a grouped k-fold of the training and test songs, and the same validation songs in
    each; songs that follow one another in one list stay together, a precaution, as no file says which artist a song is
    by. Repeated files are used once. Raises InvalidSetting if a list has no song in this copy, or a genre too few runs
    of songs.
    """
    check_fold(fold, folds)
    lists = clips["song"].map(list_of())
    rows = distinct(clips, np.flatnonzero(lists.notna()))
    part = lists.iloc[rows].to_numpy(str)
    train, validation, test = (_some(rows[part == name], name) for name in (TRAIN, VALIDATION, TEST))
    validation = apart(groups_of(clips), validation, test)
    if folds > 1:
        table = clips.assign(group=clips["song"].map(run_of()).fillna("in no list"))
        return folded(table, [each for _, each in strata(table, rows)], validation, split_seed, fold, folds)
    return Split(apart(groups_of(clips), train, validation, test), validation, test)


def _some(rows: np.ndarray, name: str) -> np.ndarray:
    if not len(rows):
        raise InvalidSetting(f"The packed corpus has no song of the fault-filtered {name} list: pack all of GTZAN.")
    return rows


def filtered_lists(clips: pd.DataFrame, split: Split) -> Check:
    """B6: songs outside the fault-filtered lists, and tested songs next to one that is trained on.

    No file says which artist a song is by, but songs that follow one another in a list are often by one; a list never
    shares a run of songs with another.
    """
    name = "fault-filtered and artist-filtered lists"
    lists, runs = clips["song"].map(list_of()), clips["song"].map(run_of())
    used = pd.concat([lists.iloc[part] for part in (split.train, split.validation, split.test)])
    outside = share(used.isna())
    known = runs.iloc[split.test].dropna().isin(runs.iloc[split.train])
    explanation = (
        f"{outside:.1%} of the {noun(clips)} used are of songs outside the lists (repeated, mislabelled or distorted); "
        f"{share(known):.1%} of the test {noun(clips)} that are in the lists belong to a run of songs that is trained "
        f"on. The split is {'' if follows_lists(lists, split) else 'not '}that of the lists."
    )
    return Check(
        "B6",
        name,
        passed(outside == 0 and not known.any()),
        max(outside, share(known)),
        explanation,
        "of the songs",
        "at most 0",
    )


def follows_lists(lists: pd.Series, split: Split) -> bool:
    """Whether each part holds songs of its own list alone."""
    parts = ((split.train, TRAIN), (split.validation, VALIDATION), (split.test, TEST))
    return all((lists.iloc[rows] == name).all() for rows, name in parts)


ADDRESS = "http://opihi.cs.uvic.ca/sound/genres.tar.gz"

CORPUS = Corpus(
    name="gtzan",
    title="GTZAN genre collection",
    bibliography=(
        "Tzanetakis, G. and Cook, P. (2002). Musical genre classification of audio signals. IEEE Transactions on "
        "Speech and Audio Processing 10(5), 293-302."
    ),
    licence=("None known: its maker says he holds no rights in the songs. Nothing of it is part of this software."),
    home_page="http://marsyas.info/downloads/datasets.html",
    remotes=(
        # The maker's address is out of service since 2022 at the latest; nobody is known to have compared the archived
        # copy with the checksums of the original.
        Remote(
            f"https://web.archive.org/web/20211207012050/{ADDRESS}",
            sha256="24347e0223d2ba798e0a558c4c172d9d4a19c00bb7963fe055d183dadb4ef2c6",
            bytes=None,
            verified=False,
            md5="5b3d6dddb579ab49814ab86dba69e7c7",
            dead=(ADDRESS,),
        ),
    ),
    rate=RATE,
    endings=ENDINGS,
    scan=scan,
    render=render,
    protocols=PROTOCOLS,
    facts=facts,
    audits=(filtered_lists,),
    copies="B6",
    keeps_repeats=True,
    decisive=("song",),
    by_segment=frozenset({"as_published", "grouped_same_sizes"}),
    classes=GENRES,
)
