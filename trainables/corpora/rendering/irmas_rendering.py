"""The stand-in for IRMAS: the same folders, names and annotations, with a lead over an accompaniment, synthesised."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from trainables.corpora.corpus import Progress, silent_progress
from trainables.corpora.decoding import in_parallel
from trainables.corpora.irmas_names import INSTRUMENTS
from trainables.corpora.rendering.notes import rendered_folder, write_wav
from trainables.corpora.rendering.players import PLAYERS
from trainables.corpora.rendering.synthesis import Note, Player, at_level, hiss, line, to_peak, varied
from trainables.errors import check_bounds

RATE = 44_100
CLIP_FRAMES = 132_299
"""The length of every training clip of the corpus, one frame short of 3 s."""

EXCERPTS = 3
FEWEST_RECORDINGS = 3
MOST_CLIPS = 3_000
CLIPS_PER_TEST_EXCERPT = 10
TEST_SECONDS = (5.0, 20.0)

# With these a LeNet on seconds of log-mels gets, after 15 epochs of the default corpus, 62 % of the clips of new
# recordings right and 73 % where clips are divided at random (3 seeds, 101 and 110 clips each).
LEAD_BLUR = 0.7
"""How far the players of each recording stray from their instruments: excerpts of one recording share them."""
ACCOMPANIMENT = (-24.0, -10.0)
"""The range of the accompaniment, in dB relative to the lead."""
BACKGROUND = (-50.0, -35.0)

COMPANIONS = ("acoustic guitar", "electric guitar", "organ", "piano")
GENRES = ("cou_fol", "cla", "pop_roc", "lat_sou", "jaz_blu")
DRUM_TAGS = ("[dru]", "[nod]", "[---]", "")
EFFORTS = (0.4, 0.6, 0.8, 1.0)
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))


@dataclass(frozen=True)
class Recording:
    """What the excerpts of one recording have in common."""

    leads: tuple[Player, ...]
    companion: Player
    bass: Player
    accompaniment: float
    background: float
    beat: float
    tonic: int
    scale: tuple[int, ...]
    drums: bool


@dataclass(frozen=True)
class Take:
    """One file to be: where, who leads, how many frames, and the seeds of its recording and of its own."""

    path: str
    leads: tuple[str, ...]
    frames: int
    drums: bool
    recording: tuple[int, ...]
    seed: tuple[int, ...]


def render(folder: Path, seed: int = 0, *, clips_per_class: int = 100, progress: Progress = silent_progress) -> None:
    """Write `clips_per_class` training clips of each instrument, and a test excerpt for every ten, to `folder`.

    A recording has up to three clips. Test excerpts last 5 to 20 s and name one instrument or two in the text file
    beside them. The same seed gives the same files. Raises InvalidSetting for a number of clips out of range,
    UserError if `folder` cannot be written.
    """
    check_bounds("clips_per_class", clips_per_class, at_least=1, at_most=MOST_CLIPS)
    takes = [*_training(seed, clips_per_class), *_test(seed, max(1, clips_per_class // CLIPS_PER_TEST_EXCERPT))]
    with rendered_folder(folder) as target:
        for done, _ in enumerate(in_parallel(partial(_perform, target), takes), start=1):
            progress(done, len(takes))


def _training(seed: int, clips: int) -> Iterator[Take]:
    recordings = max(min(clips, FEWEST_RECORDINGS), -(-clips // EXCERPTS))
    for place, code in enumerate(INSTRUMENTS):
        for clip in range(clips):
            turn, number = divmod(clip, recordings)
            shared = (seed, 0, place, number)
            random = np.random.default_rng(shared)
            genre, tag = GENRES[random.integers(len(GENRES))], DRUM_TAGS[random.integers(len(DRUM_TAGS))]
            # In the corpus, names with a tag for drums have a number before them as well.
            prefix = f"{number:03}__" if tag else ""
            name = f"{prefix}[{code}]{tag}[{genre}]{number:04}__{turn + 1}.wav"
            path = f"IRMAS-TrainingData/{code}/{name}"
            yield Take(path, (code,), CLIP_FRAMES, tag == "[dru]", shared, (*shared, turn + 1))


def _test(seed: int, excerpts: int) -> Iterator[Take]:
    for place, code in enumerate(INSTRUMENTS):
        for number in range(excerpts):
            shared = (seed, 1, place, number)
            random = np.random.default_rng(shared)
            second = (code, list(INSTRUMENTS)[(place + 1 + random.integers(len(INSTRUMENTS) - 1)) % len(INSTRUMENTS)])
            frames = round(random.uniform(*TEST_SECONDS) * RATE)
            part = 1 + number % EXCERPTS
            path = f"IRMAS-TestingData-Part{part}/Part{part}/({place + 1:02}) piece {number + 1}-1.wav"
            yield Take(path, second if number % 2 else (code,), frames, bool(random.integers(2)), shared, (*shared, 1))


def _perform(target: Path, take: Take) -> None:
    recording = _recording(take)
    lead, rest = _sounds(recording, take.frames, np.random.default_rng(take.seed))
    # The lead stands a little to the left, as far as the rest to the right.
    stereo = np.stack([lead + 0.8 * rest, 0.8 * lead + rest], axis=1)
    write_wav(target / take.path, to_peak(stereo), RATE)
    if not take.path.startswith("IRMAS-TrainingData"):
        (target / take.path).with_suffix(".txt").write_text("".join(f"{code}\t\n" for code in take.leads))


def _recording(take: Take) -> Recording:
    random = np.random.default_rng([*take.recording, 7])
    companion = PLAYERS[COMPANIONS[random.integers(len(COMPANIONS))]]
    return Recording(
        leads=tuple(varied(PLAYERS[INSTRUMENTS[code]], LEAD_BLUR, random) for code in take.leads),
        companion=varied(companion, LEAD_BLUR, random),
        bass=varied(PLAYERS["bass"], LEAD_BLUR, random),
        accompaniment=random.uniform(*ACCOMPANIMENT),
        background=random.uniform(*BACKGROUND),
        beat=60 / random.uniform(70, 150),
        tonic=int(random.integers(12)),
        scale=SCALES[random.integers(2)],
        drums=take.drums,
    )


def _sounds(recording: Recording, frames: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The lead, or leads, and everything else, each of shape (frames,)."""
    seconds = frames / RATE
    leads = [line(p, _melody(recording, p, seconds, random), frames, RATE, random) for p in recording.leads]
    lead = leads[0] + sum((at_level(each, leads[0], 0.0) for each in leads[1:]), np.zeros(frames, np.float32))
    chords, bass = _accompaniment(recording, seconds, random)
    rest = line(recording.companion, chords, frames, RATE, random)
    rest = rest + at_level(line(recording.bass, bass, frames, RATE, random), rest, -3.0)
    if recording.drums:
        rest = rest + at_level(_strokes(recording.beat, frames, random), rest, -3.0)
    noise = at_level(hiss(frames, random), lead, recording.background)
    return lead, at_level(rest, lead, recording.accompaniment) + noise


def _melody(recording: Recording, player: Player, seconds: float, random: np.random.Generator) -> Iterator[Note]:
    """A walk along the scale within the player's compass, of notes of a half, one or two beats."""
    steps = [p for p in range(player.lowest, player.highest + 1) if (p - recording.tonic) % 12 in recording.scale]
    place, time = len(steps) // 2 + int(random.integers(-3, 4)), 0.0
    while time < seconds:
        length = recording.beat * float(random.choice([0.5, 1.0, 2.0]))
        place = int(np.clip(place + random.integers(-3, 4), 0, len(steps) - 1))
        yield Note(time, 1.02 * length, steps[place], float(random.choice(EFFORTS)))
        time += length


def _accompaniment(recording: Recording, seconds: float, random: np.random.Generator) -> tuple[list[Note], list[Note]]:
    """Chords of three notes every two beats, and the bass below them every beat."""
    chords, bass, time = [], [], 0.0
    while time < seconds:
        root = int(random.integers(len(recording.scale)))
        degrees = [root, root + 2, root + 4]
        for octave, step in (divmod(degree, len(recording.scale)) for degree in degrees):
            pitch = 48 + recording.tonic + 12 * octave + recording.scale[step]
            chords.append(Note(time, 2 * recording.beat, pitch, 0.6))
        low = 28 + (recording.tonic + recording.scale[root] - 4) % 12
        bass += [Note(time + each * recording.beat, 0.9 * recording.beat, low, 0.6) for each in (0, 1)]
        time += 2 * recording.beat
    return chords, bass


def _strokes(beat: float, frames: int, random: np.random.Generator) -> np.ndarray:
    """Strokes of noise every half beat, every second of them louder."""
    stroke = random.standard_normal(RATE // 8, dtype=np.float32) * np.exp(-np.arange(RATE // 8, dtype=np.float32) / 900)
    sound = np.zeros(frames + len(stroke), np.float32)
    for number, start in enumerate(np.arange(0, frames, beat / 2 * RATE).astype(int)):
        sound[start : start + len(stroke)] += stroke * (1.0 if number % 2 else 0.5)
    return sound[:frames]
