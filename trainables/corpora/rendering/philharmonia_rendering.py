"""The stand-in for the Philharmonia samples: the same fourteen instruments, folders and file names, synthesised."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from trainables.corpora.corpus import Progress, silent_progress
from trainables.corpora.decoding import in_parallel
from trainables.corpora.rendering.notes import Voice, blurred, note, rendered_folder, write_mp3
from trainables.errors import check_bounds

RATE = 44_100
FEWEST_PITCHES = 8
CLIPS_PER_PITCH = 3
PITCH_BLUR = 0.1
"""How far each pitch of an instrument strays from its voice: clips of one pitch share it, as recordings do."""
CLIP_BLUR = 0.1
BACKGROUND = (-40.0, -20.0)
"""The range of the background noise, in dB under the tone: with the blurs it sets how hard the corpus is."""

DURATIONS = {"05": 0.65, "1": 1.1, "15": 1.5}
EFFORTS = {"piano": 0.2, "mezzo-forte": 0.5, "forte": 0.75, "fortissimo": 1.0}
PITCH_NAMES = ("C", "Cs", "D", "Ds", "E", "F", "Fs", "G", "Gs", "A", "As", "B")
TAKES = tuple((duration, dynamic) for duration in DURATIONS for dynamic in EFFORTS)


@dataclass(frozen=True)
class Instrument:
    """Lowest and highest pitch (MIDI numbers), voice, and the word for how it is played."""

    lowest: int
    highest: int
    voice: Voice
    articulation: str = "normal"


BOWED = "arco-normal"
# Roughly where each instrument has its formants, with gains exaggerated so that a few clips suffice to learn them: with
# pitches held out, a LeNet on 64 log-mel bands gets about 40 % after 5 epochs of the default corpus and 65 % after 20.
ORCHESTRA = {
    "bass clarinet": Instrument(34, 72, Voice(((350, 10), (1300, 7)), 7, even=0.35, noise=-30, attack=0.06)),
    "bassoon": Instrument(34, 74, Voice(((500, 24), (1150, 10)), 8.5, noise=-32, attack=0.05)),
    "cello": Instrument(36, 76, Voice(((250, 8), (600, 7), (2200, 7)), 5.5, noise=-22, attack=0.10, vibrato=14), BOWED),
    "clarinet": Instrument(50, 91, Voice(((1500, 10), (3500, 5)), 7, even=0.30, noise=-32, attack=0.05)),
    "contrabassoon": Instrument(22, 53, Voice(((250, 20), (450, 10)), 7, noise=-28, attack=0.07)),
    "cor anglais": Instrument(52, 81, Voice(((950, 20), (1900, 7)), 7, noise=-32, attack=0.05, vibrato=6)),
    "double bass": Instrument(
        28, 60, Voice(((110, 10), (400, 7), (900, 3)), 8.5, noise=-20, attack=0.12, vibrato=8), BOWED
    ),
    "flute": Instrument(60, 96, Voice(((800, 7),), 13, noise=-16, attack=0.09, vibrato=10)),
    "french horn": Instrument(34, 77, Voice(((340, 15), (750, 5)), 11.5, noise=-34, attack=0.06)),
    "oboe": Instrument(58, 91, Voice(((1100, 20), (2800, 10)), 5.5, noise=-34, attack=0.04, vibrato=6)),
    "trombone": Instrument(40, 72, Voice(((520, 14), (1500, 5)), 7, noise=-36, attack=0.05)),
    "trumpet": Instrument(52, 82, Voice(((1200, 15), (2500, 8)), 4, noise=-36, attack=0.04)),
    "viola": Instrument(48, 88, Voice(((350, 7), (900, 7), (1800, 7)), 5.5, noise=-22, attack=0.09, vibrato=16), BOWED),
    "violin": Instrument(
        55, 96, Voice(((500, 7), (1000, 7), (2900, 10)), 4, noise=-22, attack=0.08, vibrato=18), BOWED
    ),
}
MOST_CLIPS = len(TAKES) * min(each.highest - each.lowest + 1 for each in ORCHESTRA.values())


@dataclass(frozen=True)
class Take:
    """One file to be: where, who plays what, and the seeds of what its pitch shares and of what it has alone."""

    path: str
    instrument: Instrument
    pitch: int
    duration: str
    dynamic: str
    pitch_seed: tuple[int, ...]
    seed: tuple[int, ...]


def render(folder: Path, seed: int = 0, *, clips_per_class: int = 40, progress: Progress = silent_progress) -> None:
    """Write `clips_per_class` MP3 files of each instrument to `folder`, and the marker of rendered audio.

    Each instrument plays eight pitches or more, each pitch in several durations and dynamics. The same seed gives the
    same files. Raises InvalidSetting for a number of clips out of range, UserError if `folder` cannot be written.
    """
    check_bounds("clips_per_class", clips_per_class, at_least=1, at_most=MOST_CLIPS)
    takes = [take for name in ORCHESTRA for take in _takes(name, seed, clips_per_class)]
    with rendered_folder(folder) as target:
        for done, _ in enumerate(in_parallel(partial(_perform, target), takes), start=1):
            progress(done, len(takes))


def _takes(name: str, seed: int, clips: int) -> Iterator[Take]:
    """The files of one instrument: its pitches in turn, each time in another duration or dynamic."""
    instrument, place = ORCHESTRA[name], list(ORCHESTRA).index(name)
    random = np.random.default_rng([seed, place])
    compass = np.arange(instrument.lowest, instrument.highest + 1)
    wanted = max(FEWEST_PITCHES, math.ceil(clips / CLIPS_PER_PITCH))
    pitches = random.permutation(compass)[:wanted]
    orders = [random.permutation(len(TAKES)) for _ in pitches]
    for number in range(clips):
        turn, which = divmod(number, len(pitches))
        pitch, (duration, dynamic) = int(pitches[which]), TAKES[orders[which][turn]]
        file = f"{name.replace(' ', '-')}_{pitch_name(pitch)}_{duration}_{dynamic}_{instrument.articulation}.mp3"
        shared, own = (seed, place, pitch), (seed, place, pitch, turn + 1)
        yield Take(f"{name}/{file}", instrument, pitch, duration, dynamic, shared, own)


def pitch_name(pitch: int) -> str:
    """The name of a MIDI number in the collection's spelling: 58 is 'As3'."""
    return f"{PITCH_NAMES[pitch % 12]}{pitch // 12 - 1}"


def _perform(target: Path, take: Take) -> None:
    random = np.random.default_rng(take.seed)
    voice = blurred(take.instrument.voice, PITCH_BLUR, np.random.default_rng(take.pitch_seed))
    voice = blurred(voice, CLIP_BLUR, random)
    seconds = DURATIONS[take.duration] * random.uniform(0.95, 1.1)
    background, effort = random.uniform(*BACKGROUND), EFFORTS[take.dynamic]
    samples = note(voice, take.pitch, seconds, effort=effort, background=background, rate=RATE, random=random)
    write_mp3(target / take.path, samples, RATE)
