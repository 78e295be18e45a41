"""A synthesiser of single notes, for stand-ins of corpora that are not at hand.

A note is a sum of harmonic partials under a spectral envelope (tilt and formants), with breath or bow noise under the
same envelope, an attack, vibrato and a background of noise.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy
import soundfile

from trainables.corpora.corpus import MARKER
from trainables.corpora.decoding import to_int16
from trainables.corpora.folders import alone, publish, unfinished, writable
from trainables.errors import UserError

MOST_PARTIALS = 40
PEAK = 0.7
RELEASE = 0.06
VIBRATO_RATE = 5.5
NOTICE = "The audio in this folder was rendered by a synthesiser. It stands in for recordings and decides no finding.\n"


@dataclass(frozen=True)
class Voice:
    """What an instrument sounds like.

    `formants` are pairs of frequency (Hz) and gain (dB), each an octave wide; `tilt` is the fall of the partials in
    dB an octave; `even` the amplitude of even partials; `noise` the level of breath or bow in dB under the tone;
    `attack` in seconds; `vibrato` in cents.
    """

    formants: tuple[tuple[float, float], ...]
    tilt: float
    even: float = 1.0
    noise: float = -40.0
    attack: float = 0.05
    vibrato: float = 0.0


def blurred(voice: Voice, amount: float, random: np.random.Generator) -> Voice:
    """The voice with its attributes moved at random; with amount 1 by about half an octave, 6 dB and a factor of 2."""
    formants = tuple(
        (hertz * 2 ** (amount * random.normal(0, 0.5)), gain + amount * random.normal(0, 6))
        for hertz, gain in voice.formants
    )
    return replace(
        voice,
        formants=formants,
        tilt=voice.tilt + amount * random.normal(0, 3),
        even=voice.even * 2 ** (amount * random.normal(0, 1)),
        noise=voice.noise + amount * random.normal(0, 6),
        attack=voice.attack * 2 ** (amount * random.normal(0, 1)),
        vibrato=voice.vibrato * 2 ** (amount * random.normal(0, 1)),
    )


def note(
    voice: Voice,
    pitch: int,
    seconds: float,
    *,
    effort: float,
    background: float,
    rate: int,
    random: np.random.Generator,
) -> np.ndarray:
    """A note: float64 samples of shape (round(seconds * rate),), largest magnitude PEAK.

    `pitch` is a MIDI number; `effort`, 0..1, is how loudly it is played, and lightens the sound by up to 6 dB an
    octave; `background` is the level of white noise in dB under the tone.
    """
    count = round(seconds * rate)
    times = np.arange(count) / rate
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    played = replace(voice, tilt=voice.tilt + 6 * (1 - effort))
    tone = _partials(played, frequency, _phase(played, frequency, times, rate), rate)
    breath = _shaped_noise(played, frequency, count, rate, random)
    sound = (tone + breath * _ratio(tone, breath, voice.noise)) * _envelope(played.attack, times)
    silence = np.zeros(round(random.uniform(0.01, 0.08) * rate))
    sound = np.concatenate([silence, sound])[:count]
    hiss = random.standard_normal(count)
    mixed = sound + hiss * _ratio(sound, hiss, background)
    return PEAK * mixed / np.abs(mixed).max()


def _phase(voice: Voice, frequency: float, times: np.ndarray, rate: int) -> np.ndarray:
    deviation = voice.vibrato / 1200 * np.log(2) * np.minimum(times / 0.4, 1)
    return 2 * np.pi / rate * np.cumsum(frequency * (1 + deviation * np.sin(2 * np.pi * VIBRATO_RATE * times)))


def _partials(voice: Voice, frequency: float, phase: np.ndarray, rate: int) -> np.ndarray:
    """The harmonics of `phase`, by sin(nx) = 2 cos(x) sin((n-1)x) - sin((n-2)x): one sine and one cosine in all."""
    numbers = np.arange(1, min(MOST_PARTIALS, int(rate / 2 / frequency) - 1) + 1)
    amplitudes = spectral_gain(voice, frequency, numbers * frequency) * np.where(numbers % 2, 1, voice.even)
    twice_cosine, previous, current = 2 * np.cos(phase), np.zeros_like(phase), np.sin(phase)
    total = amplitudes[0] * current
    for amplitude in amplitudes[1:]:
        previous, current = current, twice_cosine * current - previous
        total += amplitude * current
    return total


def spectral_gain(voice: Voice, reference: float, hertz: np.ndarray) -> np.ndarray:
    """The spectral envelope as amplitude: the tilt counts from `reference`, the formants add in dB."""
    octaves = np.log2(np.maximum(hertz, 20))
    # With plain numbers beside it, an array of float32 stays one.
    decibels = -voice.tilt * (octaves - float(np.log2(reference)))
    for centre, gain in voice.formants:
        decibels = decibels + gain * np.exp(-0.5 * ((octaves - float(np.log2(centre))) / 0.5) ** 2)
    return 10 ** (np.minimum(decibels, 40) / 20)


def _shaped_noise(voice: Voice, frequency: float, count: int, rate: int, random: np.random.Generator) -> np.ndarray:
    # Named in full: SciPy then imports its transforms when they are first asked for, not with every list of networks.
    size = scipy.fft.next_fast_len(count, real=True)
    spectrum = scipy.fft.rfft(random.standard_normal(size))
    return scipy.fft.irfft(spectrum * spectral_gain(voice, frequency, scipy.fft.rfftfreq(size, 1 / rate)), size)[:count]


def _envelope(attack: float, times: np.ndarray) -> np.ndarray:
    rise = 1 - np.exp(-times / (attack / 3))
    return rise * np.minimum(1, (times[-1] - times) / RELEASE)


def _ratio(sound: np.ndarray, noise: np.ndarray, decibels: float) -> float:
    """The factor that brings `noise` to `decibels` relative to `sound`."""
    return float(np.sqrt(np.mean(sound**2) / np.mean(noise**2)) * 10 ** (decibels / 20))


@contextmanager
def rendered_folder(folder: Path) -> Iterator[Path]:
    """A folder to render into, with the marker in it, that becomes `folder` when all is written.

    An earlier rendering makes way; raises UserError where anything else is in the way, or nothing can be written.
    """
    folder = folder.resolve()
    if folder.exists() and not (folder / MARKER).is_file() and any(folder.iterdir()):
        raise UserError(f"{folder} holds files that were not rendered: choose another folder to render into.")
    with (
        writable(folder.parent, "rendered audio"),
        alone(folder.parent),
        unfinished(folder.parent, f"{folder.name}.rendering") as target,
    ):
        (target / MARKER).write_text(NOTICE)
        yield target
        publish(target, folder)


def write_mp3(path: Path, samples: np.ndarray, rate: int) -> None:
    encoded = io.BytesIO()
    soundfile.write(encoded, samples, rate, format="MP3")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(encoded.getvalue())


def write_wav(path: Path, samples: np.ndarray, rate: int) -> None:
    """Write one 16-bit WAV file, of shape (N,) or (N, channels), and the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Rounded here: libsndfile takes several times as long to make integers of floats.
    whole = samples if samples.dtype == np.int16 else to_int16(samples)
    soundfile.write(path, whole, rate, format="WAV", subtype="PCM_16")
