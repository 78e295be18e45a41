"""Lines of many notes, fast: one cycle of a voice's sound is computed once for each pitch and read at its frequency."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy

from trainables.corpora.rendering.notes import MOST_PARTIALS, PEAK, RELEASE, VIBRATO_RATE, Voice, blurred, spectral_gain

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
    placed = list(_placed(notes, count, rate))
    if not placed:
        return tone
    times = np.arange(max(length for _, _, length in placed), dtype=np.float32) / np.float32(rate)
    heard, fade, release = _heard(player.voice.vibrato, times), _fade(player, times), _release(times)
    distinct = {(note.pitch, note.effort): note for note, _, _ in placed}
    cycles = {key: cycle(player, note, rate) for key, note in distinct.items()}
    for note, start, length in placed:
        envelope = fade[:length] * np.float32(note.effort)
        envelope[-len(release) :] *= release[-length:]
        level[start : start + length] += envelope
        envelope *= _read(cycles[note.pitch, note.effort], note.pitch, heard[:length])
        tone[start : start + length] += envelope
    mean_pitch = float(np.mean([note.pitch for note, _, _ in placed]))
    level *= _breath(player.voice, hertz(mean_pitch), count, rate, random)
    tone += level
    return np.tanh(player.drive * tone) / player.drive if player.drive else tone


def _placed(notes: Iterable[Note], count: int, rate: int) -> Iterator[tuple[Note, int, int]]:
    """Each note that begins before the end, with its beginning and its length in samples."""
    for note in notes:
        start = round(note.start * rate)
        length = min(round(note.seconds * rate), count - start)
        if length > 0:
            yield note, start, length


def hertz(pitch: float) -> float:
    """The frequency of a MIDI number."""
    return float(440 * 2 ** ((pitch - 69) / 12))


def cycle(player: Player, note: Note, rate: int) -> np.ndarray:
    """One cycle of the sound of a note, root mean square 1; float32 of shape (CYCLE,)."""
    frequency = hertz(note.pitch)
    voice = replace(player.voice, tilt=player.voice.tilt + 6 * (1 - note.effort))
    numbers = np.arange(1, max(2, min(MOST_PARTIALS, int(rate / 2 / frequency) - 1) + 1))
    spectrum = np.zeros(CYCLE // 2 + 1, np.complex64)
    amplitudes = spectral_gain(voice, frequency, numbers * frequency) * np.where(numbers % 2, 1, voice.even)
    # Phases that differ keep the peak of the sum low; the square makes them differ without a random number.
    spectrum[numbers] = amplitudes * np.exp(1j * np.pi * numbers**2 / len(numbers))
    wave: np.ndarray = scipy.fft.irfft(spectrum, CYCLE)
    wave /= np.sqrt(np.square(wave).mean())
    return wave


def _heard(vibrato: float, times: np.ndarray) -> np.ndarray:
    """How far the sound of a note has come: `times`, in s, or what vibrato makes of them."""
    if vibrato <= 0:
        return times
    depth = np.float32(vibrato / 1200 * np.log(2) / (2 * np.pi * VIBRATO_RATE))
    return times + depth * (1 - np.cos(np.float32(2 * np.pi * VIBRATO_RATE) * times))


def _read(cycle: np.ndarray, pitch: int, heard: np.ndarray) -> np.ndarray:
    place = (heard * np.float32(hertz(pitch) * CYCLE)).astype(np.int32)
    place &= CYCLE - 1
    return cycle.take(place)


def _fade(player: Player, times: np.ndarray) -> np.ndarray:
    """How a note rises, and falls if it is struck or plucked."""
    rise = 1 - np.exp(times * np.float32(-3 / player.voice.attack))
    return rise * np.exp(times * np.float32(-1 / player.decay)) if player.decay else rise


def _release(times: np.ndarray) -> np.ndarray:
    """What the last moments of a note are multiplied by."""
    return (times[times < RELEASE] / np.float32(RELEASE))[::-1]


def _breath(voice: Voice, frequency: float, count: int, rate: int, random: np.random.Generator) -> np.ndarray:
    """Noise under the voice's spectral envelope, at its level under a tone of root mean square 1; shape (count,)."""
    spectrum = scipy.fft.rfft(random.standard_normal(NOISE, dtype=np.float32))
    spectrum *= spectral_gain(voice, frequency, scipy.fft.rfftfreq(NOISE, 1 / rate).astype(np.float32))
    noise = scipy.fft.irfft(spectrum, NOISE)
    noise *= np.float32(10 ** (voice.noise / 20) / np.sqrt(np.square(noise).mean()))
    return np.resize(noise, count)


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
