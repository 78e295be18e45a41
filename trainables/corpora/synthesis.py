"""Lines of many notes, fast: one cycle of a voice's sound is computed once for each pitch and read at its frequency."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy.fft import irfft, rfft, rfftfreq

from trainables.corpora.rendering import MOST_PARTIALS, PEAK, RELEASE, VIBRATO_RATE, Voice, blurred, spectral_gain

CYCLE = 4096
"""Samples of a cycle, a power of two: so many that the nearest one serves."""

NOISE = 2**15
"""Samples of a noise before it repeats, without a seam."""


@dataclass(frozen=True)
class Player:
    """A voice with its compass (MIDI numbers) and how it fades.

    `decay` is the time in seconds in which a struck or plucked note falls to 1/e (0: it is sustained); `drive` above 0
    distorts the sound.
    """

    lowest: int
    highest: int
    voice: Voice
    decay: float = 0.0
    drive: float = 0.0


@dataclass(frozen=True)
class Note:
    """When a note begins and how long it lasts, in seconds; its pitch (MIDI number) and effort, 0..1."""

    start: float
    seconds: float
    pitch: int
    effort: float = 0.7


def varied(player: Player, amount: float, random: np.random.Generator) -> Player:
    """The player with the attributes of voice and decay moved at random."""
    voice = blurred(player.voice, amount, random)
    return replace(player, voice=voice, decay=player.decay * 2 ** (amount * random.normal(0, 1)))


def line(player: Player, notes: Iterable[Note], count: int, rate: int, random: np.random.Generator) -> np.ndarray:
    """The notes as played, float32 of shape (count,); breath or bow noise follows their envelope."""
    tone, level = np.zeros(count, np.float32), np.zeros(count, np.float32)
    cycles: dict[tuple[int, float], np.ndarray] = {}
    pitches = []
    for note in notes:
        start = round(note.start * rate)
        length = min(round(note.seconds * rate), count - start)
        if length <= 0:
            continue
        key = (note.pitch, note.effort)
        if key not in cycles:
            cycles[key] = cycle(player, note, rate)
        times = np.arange(length, dtype=np.float32) / rate
        envelope = note.effort * _envelope(player, times)
        tone[start : start + length] += envelope * _read(cycles[key], player.voice.vibrato, note.pitch, times)
        level[start : start + length] += envelope
        pitches.append(note.pitch)
    if not pitches:
        return tone
    tone += level * _breath(player.voice, hertz(float(np.mean(pitches))), count, rate, random)
    return np.tanh(player.drive * tone) / player.drive if player.drive else tone


def hertz(pitch: float) -> float:
    """The frequency of a MIDI number."""
    return float(440 * 2 ** ((pitch - 69) / 12))


def cycle(player: Player, note: Note, rate: int) -> np.ndarray:
    """One cycle of the sound of a note, root mean square 1; float32 of shape (CYCLE,)."""
    frequency = hertz(note.pitch)
    voice = replace(player.voice, tilt=player.voice.tilt + 6 * (1 - note.effort))
    numbers = np.arange(1, max(2, min(MOST_PARTIALS, int(rate / 2 / frequency) - 1) + 1))
    spectrum = np.zeros(CYCLE // 2 + 1, complex)
    amplitudes = spectral_gain(voice, frequency, numbers * frequency) * np.where(numbers % 2, 1, voice.even)
    # Phases that differ keep the peak of the sum low; the square makes them differ without a random number.
    spectrum[numbers] = amplitudes * np.exp(1j * np.pi * numbers**2 / len(numbers))
    wave = irfft(spectrum, CYCLE)
    return (wave / np.sqrt(np.mean(wave**2))).astype(np.float32)


def _read(cycle: np.ndarray, vibrato: float, pitch: int, times: np.ndarray) -> np.ndarray:
    speed = np.float32(hertz(pitch) * CYCLE)
    place = speed * times
    if vibrato > 0:
        depth = speed * np.float32(vibrato / 1200 * np.log(2) / (2 * np.pi * VIBRATO_RATE))
        place += depth * (1 - np.cos(np.float32(2 * np.pi * VIBRATO_RATE) * times))
    return cycle[place.astype(np.int32) & (CYCLE - 1)]


def _envelope(player: Player, times: np.ndarray) -> np.ndarray:
    rise = 1 - np.exp(-times / np.float32(player.voice.attack / 3))
    release = np.minimum(np.float32(1), (times[-1] - times) / np.float32(RELEASE))
    fade = np.exp(-times / np.float32(player.decay)) if player.decay else np.float32(1)
    return rise * release * fade


def _breath(voice: Voice, frequency: float, count: int, rate: int, random: np.random.Generator) -> np.ndarray:
    """Noise under the voice's spectral envelope, at its level under a tone of root mean square 1; shape (count,)."""
    spectrum = rfft(random.standard_normal(NOISE, dtype=np.float32))
    noise = irfft(spectrum * spectral_gain(voice, frequency, rfftfreq(NOISE, 1 / rate)), NOISE)
    return np.resize((noise * 10 ** (voice.noise / 20) / np.sqrt(np.mean(noise**2))).astype(np.float32), count)


def hiss(count: int, random: np.random.Generator) -> np.ndarray:
    """White noise, float32 of shape (count,)."""
    return np.resize(random.standard_normal(NOISE, dtype=np.float32), count)


def at_level(sound: np.ndarray, reference: np.ndarray, decibels: float) -> np.ndarray:
    """The sound at so many dB relative to the reference, by root mean square; silence stays silent."""
    # Not by a dot product, whose last bits depend on the number of threads.
    power, wanted = np.square(sound).mean(), np.square(reference).mean() * 10 ** (decibels / 10)
    return sound * np.float32(np.sqrt(wanted / power)) if power else sound


def to_peak(sound: np.ndarray) -> np.ndarray:
    """The sound with its largest magnitude at PEAK."""
    return sound * np.float32(PEAK / np.abs(sound).max())
