"""The stand-in for GTZAN: the same folders and names, with pieces of ten styles, synthesised."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

import numpy as np

from trainables.corpora.corpus import Progress, silent_progress
from trainables.corpora.decoding import in_parallel
from trainables.corpora.gtzan_lists import GENRES, TEST, TRAIN, VALIDATION, runs
from trainables.corpora.rendering.notes import rendered_folder, write_wav
from trainables.corpora.rendering.players import PLAYERS
from trainables.corpora.rendering.synthesis import Note, Player, at_level, hiss, line, to_peak, varied
from trainables.errors import check_bounds

RATE = 22_050
SECONDS = (29.93, 30.65)
STEPS = 16
"""Steps of a bar."""
LOOP_BARS = 2

# With these a LeNet on log-mels of ten parts a song gets, after 15 epochs of the default corpus, 45 % of the segments
# of new songs right and 64 % where segments are divided at random (3 seeds, 300 segments each).
STYLE_BLUR = 0.35
"""The probability with which each attribute of a song is that of another genre."""
PLAYER_BLUR = 0.5
"""How far the players of each song stray from their instruments."""
LEAD_LEVEL, BASS_LEVEL = (-4.0, 4.0), (-6.0, 2.0)
BACKGROUND = (-50.0, -35.0)

LIST_PATTERN = (TRAIN, TEST, VALIDATION, TRAIN, TEST, TRAIN, VALIDATION, TRAIN, TEST, TRAIN)
"""In which fault-filtered lists the first songs of a genre are: about as the lists themselves divide."""

EFFORTS = (0.4, 0.6, 0.8, 1.0)
MAJOR, MINOR, BLUES = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 6, 7, 10)


@dataclass(frozen=True)
class Style:
    """What tells a genre from the others.

    Tempo in beats a minute; for the kick, snare and hat of the drums, chords and bass the steps of a bar of sixteen on
    which they sound; `drums` is their level in dB relative to the chords; `density` the probability of a melody note
    on each second step.
    """

    tempo: tuple[float, float]
    kick: tuple[int, ...]
    snare: tuple[int, ...]
    hat: tuple[int, ...]
    drums: float
    chords: tuple[int, ...]
    bass: tuple[int, ...]
    scale: tuple[int, ...]
    lead: str
    companion: str
    density: float


FOURS, EIGHTHS, SHUFFLE = (0, 4, 8, 12), (0, 2, 4, 6, 8, 10, 12, 14), (0, 3, 4, 7, 8, 11, 12, 15)
STYLES = {
    "blues": Style((70, 100), (0, 8), (4, 12), SHUFFLE, -6, (0, 8), SHUFFLE, BLUES, "electric guitar", "piano", 0.5),
    "classical": Style((60, 110), (), (), (), -60, (0, 8), (0, 8), MAJOR, "violin", "cello", 0.7),
    "country": Style((100, 140), (0, 8), (4, 12), EIGHTHS, -8, (4, 12), (0, 8), MAJOR, "voice", "acoustic guitar", 0.5),
    "disco": Style(
        (112, 128), FOURS, (4, 12), (2, 6, 10, 14), 3, (2, 6, 10, 14), EIGHTHS, MINOR, "string", "piano", 0.4
    ),
    "hiphop": Style((80, 100), (0, 3, 10), (4, 12), EIGHTHS, 6, (0,), (0, 3, 10), MINOR, "voice", "organ", 0.8),
    "jazz": Style((120, 200), (0,), (6,), (0, 4, 7, 8, 12, 15), -6, (3, 10), FOURS, BLUES, "saxophone", "piano", 0.7),
    "metal": Style(
        (140, 190), EIGHTHS, (4, 12), FOURS, 2, EIGHTHS, EIGHTHS, MINOR, "electric guitar", "electric guitar", 0.5
    ),
    "pop": Style((95, 125), (0, 6, 8), (4, 12), EIGHTHS, 0, (0, 6, 12), (0, 6, 8), MAJOR, "voice", "synth_lead", 0.6),
    "reggae": Style((65, 85), (8,), (8,), EIGHTHS, -2, (4, 12), (0, 3, 6, 10), MINOR, "voice", "organ", 0.4),
    "rock": Style(
        (105, 145), (0, 7, 8), (4, 12), EIGHTHS, 0, (0, 3, 6, 8), EIGHTHS, MAJOR, "voice", "electric guitar", 0.5
    ),
}


@dataclass(frozen=True)
class Take:
    """One file to be: where, of which genre, and its seed."""

    path: str
    genre: str
    seed: tuple[int, ...]


def render(folder: Path, seed: int = 0, *, clips_per_class: int = 30, progress: Progress = silent_progress) -> None:
    """Write `clips_per_class` songs of each genre, about 30 s long, to `folder`.

    Their numbers are such that every fault-filtered list has its share of them. The same seed gives the same files.
    Raises InvalidSetting for a number of clips out of range, UserError if `folder` cannot be written.
    """
    most = min(len(numbered(genre)) for genre in GENRES)
    check_bounds("clips_per_class", clips_per_class, at_least=1, at_most=most)
    takes = [
        Take(f"genres/{genre}/{song}.wav", genre, (seed, place, int(song[-5:])))
        for place, genre in enumerate(GENRES)
        for song in numbered(genre)[:clips_per_class]
    ]
    with rendered_folder(folder) as target:
        for done, _ in enumerate(in_parallel(partial(_perform, target), takes), start=1):
            progress(done, len(takes))


def numbered(genre: str) -> list[str]:
    """The songs of a genre that are in a list: the lists in turn, and in each list its runs in turn."""
    queues = {part: list(_in_turn(runs(part, genre))) for part in (TRAIN, VALIDATION, TEST)}
    songs: list[str] = []
    while any(queues.values()):
        songs += [queues[part].pop(0) for part in LIST_PATTERN if queues[part]]
    return songs


def _in_turn(lists: list[list[str]]) -> Iterator[str]:
    for place in range(max(map(len, lists))):
        yield from (each[place] for each in lists if place < len(each))


def _perform(target: Path, take: Take) -> None:
    random = np.random.default_rng(take.seed)
    samples = piece(_blurred_style(take.genre, random), round(random.uniform(*SECONDS) * RATE), random)
    write_wav(target / take.path, to_peak(samples), RATE)


def _blurred_style(genre: str, random: np.random.Generator) -> Style:
    """The genre's style, each attribute of it that of another genre with a probability of STYLE_BLUR."""
    strayed = {}
    for field in fields(Style):
        other = STYLES[GENRES[random.integers(len(GENRES))]]
        if random.random() < STYLE_BLUR:
            strayed[field.name] = getattr(other, field.name)
    return replace(STYLES[genre], **strayed)


def piece(style: Style, frames: int, random: np.random.Generator) -> np.ndarray:
    """A piece in a style, shape (frames,): a loop of chords, bass and drums, and a melody over it."""
    step = 60 / random.uniform(*style.tempo) / 4
    tonic, loop = int(random.integers(12)), round(LOOP_BARS * STEPS * step * RATE)
    lead, companion, low = (varied(PLAYERS[n], PLAYER_BLUR, random) for n in (style.lead, style.companion, "bass"))
    roots = [int(random.integers(len(style.scale))) for _ in range(LOOP_BARS)]
    chords = line(companion, _chords(style, roots, tonic, step), loop, RATE, random)
    bass = line(low, _bass(style, roots, tonic, step), loop, RATE, random)
    backing = chords + at_level(bass, chords, random.uniform(*BASS_LEVEL))
    backing += at_level(_drums(style, step, loop, random), chords, style.drums)
    sound = np.tile(backing, -(-frames // loop))[:frames]
    melody = line(lead, _melody(style, lead, tonic, step, frames / RATE, random), frames, RATE, random)
    sound = sound + at_level(melody, np.tile(chords, -(-frames // loop)), random.uniform(*LEAD_LEVEL))
    return sound + at_level(hiss(frames, random), sound, random.uniform(*BACKGROUND))


def _placed(steps: tuple[int, ...], step: float) -> Iterator[tuple[int, float, float]]:
    """Bar, beginning and length, in seconds, of what sounds on these steps of every bar of the loop."""
    lengths = np.diff([*steps, STEPS + steps[0]]) if steps else np.empty(0)
    for bar in range(LOOP_BARS):
        for place, length in zip(steps, lengths, strict=True):
            yield bar, (bar * STEPS + place) * step, float(length) * step


def _pitch(style: Style, degree: int, tonic: int, base: int) -> int:
    octave, place = divmod(degree, len(style.scale))
    return base + tonic + 12 * octave + style.scale[place]


def _chords(style: Style, roots: list[int], tonic: int, step: float) -> Iterator[Note]:
    for bar, start, length in _placed(style.chords, step):
        for third in (0, 2, 4):
            yield Note(start, min(length, 4 * step), _pitch(style, roots[bar] + third, tonic, 48), 0.6)


def _bass(style: Style, roots: list[int], tonic: int, step: float) -> Iterator[Note]:
    for bar, start, length in _placed(style.bass, step):
        yield Note(start, 0.9 * length, _pitch(style, roots[bar], tonic, 24) % 24 + 24, 0.7)


def _melody(
    style: Style, player: Player, tonic: int, step: float, seconds: float, random: np.random.Generator
) -> Iterator[Note]:
    """A walk along the scale in the upper half of the player's compass."""
    middle = (player.lowest + player.highest) // 2
    pitches = [p for p in range(middle - 5, player.highest + 1) if (p - tonic) % 12 in style.scale]
    place = len(pitches) // 2
    for start in np.arange(0, seconds, 2 * step):
        if random.random() < style.density:
            place = int(np.clip(place + random.integers(-2, 3), 0, len(pitches) - 1))
            yield Note(float(start), 2.1 * step, pitches[place], float(random.choice(EFFORTS)))


def _drums(style: Style, step: float, frames: int, random: np.random.Generator) -> np.ndarray:
    times = np.arange(RATE // 5, dtype=np.float32) / RATE
    noise = random.standard_normal((2, len(times)), dtype=np.float32)
    kick = np.sin(2 * np.pi * (50 * times + 4 * (1 - np.exp(-times * 30)))) * np.exp(-times / 0.08)
    snare = 0.6 * noise[0] * np.exp(-times / 0.06)
    hat = 0.5 * np.diff(noise[1], prepend=0) * np.exp(-times / 0.02)
    sound = np.zeros(frames + len(times), np.float32)
    for stroke, steps in ((kick, style.kick), (snare, style.snare), (hat, style.hat)):
        for _, start, _ in _placed(steps, step):
            place = round(start * RATE)
            sound[place : place + len(times)] += stroke
    return sound[:frames]
