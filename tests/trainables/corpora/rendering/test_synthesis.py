"""Lines of notes from one cycle each."""

from dataclasses import replace

import numpy as np
import pytest

from trainables.corpora.rendering.notes import PEAK, Voice
from trainables.corpora.rendering.players import PLAYERS
from trainables.corpora.rendering.synthesis import (
    CYCLE,
    Note,
    Player,
    at_level,
    cycle,
    hertz,
    hiss,
    line,
    to_peak,
    varied,
)

RATE = 22_050
PURE = Player(0, 127, Voice(((1000, 0),), 12, noise=-80, attack=0.01))


def play(player: Player = PURE, *notes: Note) -> np.ndarray:
    return line(player, notes or [Note(0, 1, 69, 1.0)], RATE, RATE, np.random.default_rng(0))


def level(sound: np.ndarray, low: float, high: float) -> float:
    power, frequencies = np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(len(sound), 1 / RATE)
    return float(10 * np.log10(power[(frequencies >= low) & (frequencies < high)].sum()))


@pytest.mark.parametrize("pitch", [28, 57, 69, 96])
def test_a_note_has_its_pitch(pitch: int) -> None:
    sound = play(PURE, Note(0, 1, pitch, 1.0))
    assert np.argmax(np.abs(np.fft.rfft(sound))) == pytest.approx(hertz(pitch), abs=1)


def test_partials_have_the_levels_of_the_voice() -> None:
    sound = play()
    for number in (2, 3, 5):
        found = level(sound, 440 * number - 20, 440 * number + 20) - level(sound, 420, 460)
        assert found == pytest.approx(-12 * np.log2(number), abs=0.3)


def test_the_cycle_is_one_period_of_power_one() -> None:
    wave = cycle(PURE, Note(0, 1, 69), RATE)
    assert wave.shape == (CYCLE,)
    assert np.mean(wave**2) == pytest.approx(1, abs=1e-4)
    # Its ends meet: the step across them is no larger than any other.
    assert abs(wave[0] - wave[-1]) <= np.abs(np.diff(wave)).max()


def test_notes_sound_where_they_are_written_and_not_beyond_the_end() -> None:
    sound = play(PURE, Note(0.25, 0.25, 69, 1.0), Note(0.9, 5.0, 69, 1.0), Note(2.0, 1.0, 69, 1.0))
    assert len(sound) == RATE
    quarters = [np.abs(sound[int(a * RATE) : int(b * RATE)]).max() for a, b in ((0, 0.24), (0.26, 0.48), (0.51, 0.89))]
    assert quarters[1] > 100 * max(quarters[0], quarters[2])
    assert np.abs(sound[int(0.92 * RATE) :]).max() > 0.5


def test_no_notes_are_silence() -> None:
    assert not line(PURE, [], 100, RATE, np.random.default_rng(0)).any()


def test_a_plucked_note_falls_to_a_third_in_its_decay() -> None:
    plucked, bowed = play(replace(PURE, decay=0.2)), play()

    def loudness(sound: np.ndarray, seconds: float) -> float:
        return float(np.sqrt(np.mean(sound[int(seconds * RATE) : int((seconds + 0.05) * RATE)] ** 2)))

    assert loudness(plucked, 0.4) / loudness(plucked, 0.2) == pytest.approx(np.exp(-1), rel=0.05)
    assert loudness(bowed, 0.4) / loudness(bowed, 0.2) == pytest.approx(1, rel=0.05)


def test_drive_adds_partials_and_vibrato_widens_them() -> None:
    bare = replace(PURE, voice=replace(PURE.voice, tilt=40))
    assert level(play(replace(bare, drive=4.0)), 1300, 1340) > level(play(bare), 1300, 1340) + 20
    moving = replace(PURE, voice=replace(PURE.voice, vibrato=50))
    assert level(play(moving), 445, 460) > level(play(), 445, 460) + 6


def test_breath_has_its_level() -> None:
    breathy = replace(PURE, voice=replace(PURE.voice, noise=-10))
    difference = play(breathy) - play()
    assert 10 * np.log10(np.mean(difference**2) / np.mean(play() ** 2)) == pytest.approx(-10, abs=0.5)


def test_levels_are_relative_to_the_reference() -> None:
    random = np.random.default_rng(0)
    reference, sound = hiss(10_000, random), 7 * hiss(10_000, random)
    brought = at_level(sound, reference, -6.0)
    assert 10 * np.log10(np.mean(brought**2) / np.mean(reference**2)) == pytest.approx(-6, abs=0.01)
    assert not at_level(np.zeros(5, np.float32), reference, 0.0).any()
    assert np.abs(to_peak(sound)).max() == pytest.approx(PEAK)


def test_noise_longer_than_its_period_goes_on() -> None:
    assert np.abs(hiss(100_000, np.random.default_rng(0))[-100:]).max() > 0


def test_a_variation_of_nothing_changes_nothing() -> None:
    assert varied(PURE, 0.0, np.random.default_rng(0)) == PURE
    assert varied(PURE, 0.5, np.random.default_rng(0)) != PURE


@pytest.mark.parametrize("name", sorted(PLAYERS))
def test_every_player_sounds_over_its_compass(name: str) -> None:
    player = PLAYERS[name]
    for pitch in (player.lowest, player.highest):
        sound = line(player, [Note(0, 0.3, pitch)], RATE // 2, 16_000, np.random.default_rng(0))
        assert np.isfinite(sound).all()
        assert 0.1 < np.abs(sound).max() < 20
