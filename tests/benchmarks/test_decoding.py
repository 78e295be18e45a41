"""How fast files are decoded, beside `librosa.load`."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import librosa
import numpy as np
import pytest

from trainables.corpora import CORPORA
from trainables.corpora.decoding import FULL_SCALE, decode, in_parallel, to_int16

ROUNDS = 6
CLIPS_PER_CLASS = 9
# The rates of the files, and one that all of them have to be resampled to.
CASES = [("philharmonia", 44_100), ("philharmonia", 22_050), ("irmas", 44_100), ("irmas", 22_050)]
BOUND = 1.0
NOISE = 0.95
"""How far below its bound a ratio may be measured: equal work gives 1 give or take as much."""
ROUNDING_BOUND = 0.9
"""Where an MP3 keeps its rate, both do little but wait for libsndfile, and étude rounds to int16 as well."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The rendered files of two corpora: 126 mono MP3s of about 1 s; 99 stereo WAVs of 3 s and 11 longer ones."""
    folder = tmp_path_factory.mktemp("files")
    for name in ("philharmonia", "irmas"):
        CORPORA[name].render(folder / name, clips_per_class=CLIPS_PER_CLASS)
    return {
        name: sorted(path for path in (folder / name).rglob("*") if path.suffix in {".mp3", ".wav"})
        for name in ("philharmonia", "irmas")
    }


def seconds(load: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """CPU seconds of one call, and what it gave."""
    begun = time.process_time()
    samples = load()
    return time.process_time() - begun, samples


@pytest.mark.benchmark
@pytest.mark.parametrize(("corpus", "rate"), CASES)
def test_decoding_beside_librosa(files, table, corpus, rate):
    """Each file in turn by étude, by librosa, and by librosa with the rounding to the int16 samples of a store.

    One thread, one process; CPU seconds, the median of six rounds. Whoever is not first finds the file in the
    processor's cache, so that the order goes round.
    """
    ways = {
        "étude": lambda path: decode(path, rate),
        "librosa.load": lambda path: librosa.load(path, sr=rate)[0],
        "librosa.load, rounded": lambda path: to_int16(librosa.load(path, sr=rate)[0]),
    }
    librosa.load(files[corpus][0], sr=rate)  # The first call imports most of librosa.
    spent = np.zeros((ROUNDS, len(ways)))
    for turn in range(ROUNDS):
        for path in files[corpus]:
            samples = {}
            for place in np.roll(range(len(ways)), turn):
                name = list(ways)[place]
                used, samples[name] = seconds(lambda name=name, path=path: ways[name](path))
                spent[turn, place] += used
            assert np.array_equal(samples["étude"], samples["librosa.load, rounded"])
            assert np.abs(samples["étude"] / FULL_SCALE - samples["librosa.load"].clip(-1, 1)).max() <= 1 / FULL_SCALE
    count = len(files[corpus])
    rows = [
        (f"{name}, CPU ms a file", f"{1000 * median(spent[:, each]) / count:.2f}") for each, name in enumerate(ways)
    ]
    bounds = {1: ROUNDING_BOUND if (corpus, rate) == CASES[0] else BOUND, 2: BOUND}
    for place, bound in bounds.items():
        ratios = spent[:, place] / spent[:, 0]
        listed = f"{median(ratios):.2f} (n = {ROUNDS}: {', '.join(f'{one:.2f}' for one in ratios)}); bound {bound}"
        rows.append((f"{list(ways)[place]} over étude", listed))
    table(f"{count} files of {corpus} at {rate} Hz", rows)
    assert all(median(spent[:, place] / spent[:, 0]) >= NOISE * bound for place, bound in bounds.items())


@pytest.mark.benchmark
def test_decoding_a_folder_beside_a_loop_of_librosa(files, table):
    """Wall seconds of all MP3s at their own rate: as a corpus is packed, by one thread a core, and file by file."""
    paths, rate = files["philharmonia"], 44_100
    ways = {
        "étude": lambda: sum(map(len, in_parallel(lambda path: decode(path, rate), paths))),
        "librosa.load": lambda: sum(len(librosa.load(path, sr=rate)[0]) for path in paths),
    }
    spent = np.zeros((ROUNDS, len(ways)))
    for turn in range(ROUNDS):
        for place in np.roll(range(len(ways)), turn):
            begun = time.perf_counter()
            list(ways.values())[place]()
            spent[turn, place] = time.perf_counter() - begun
    ratios = spent[:, 1] / spent[:, 0]
    listed = f"{median(ratios):.2f} (n = {ROUNDS}: {', '.join(f'{one:.2f}' for one in ratios)}); bound {BOUND}"
    each = [(f"{name}, ms a file", f"{1000 * median(spent[:, at]) / len(paths):.2f}") for at, name in enumerate(ways)]
    table(f"{len(paths)} files of philharmonia at {rate} Hz, wall", [*each, ("librosa.load over étude", listed)])
    assert median(ratios) >= BOUND
