"""The instruments of the rendered stand-ins: roughly where each has its formants and how it fades, exaggerated."""

from trainables.corpora.rendering.notes import Voice
from trainables.corpora.rendering.philharmonia_rendering import ORCHESTRA
from trainables.corpora.rendering.synthesis import Player


def _of_orchestra(name: str) -> Player:
    instrument = ORCHESTRA[name]
    return Player(instrument.lowest, instrument.highest, instrument.voice)


PLAYERS = {
    "cello": _of_orchestra("cello"),
    "clarinet": _of_orchestra("clarinet"),
    "flute": _of_orchestra("flute"),
    "trumpet": _of_orchestra("trumpet"),
    "violin": _of_orchestra("violin"),
    "acoustic guitar": Player(40, 76, Voice(((220, 9), (450, 6)), 8, noise=-34, attack=0.01), decay=0.45),
    "electric guitar": Player(
        40, 80, Voice(((700, 8), (2600, 9)), 6, noise=-36, attack=0.015, vibrato=8), decay=1.6, drive=2.5
    ),
    "organ": Player(36, 90, Voice(((1000, 4),), 3, even=0.9, noise=-44, attack=0.02)),
    "piano": Player(30, 96, Voice(((400, 5),), 10, noise=-46, attack=0.008), decay=0.8),
    "saxophone": Player(46, 80, Voice(((600, 12), (1500, 10)), 6, noise=-26, attack=0.04, vibrato=12)),
    "voice": Player(45, 79, Voice(((650, 16), (1150, 10), (2800, 12)), 9, noise=-28, attack=0.07, vibrato=32)),
    "bass": Player(28, 55, Voice(((120, 8), (700, 5)), 9, noise=-44, attack=0.015), decay=0.7),
    "brass": Player(46, 82, Voice(((600, 10), (1300, 14)), 5, noise=-36, attack=0.05)),
    "mallet": Player(48, 96, Voice(((900, 5),), 16, even=0.15, noise=-50, attack=0.004), decay=0.35),
    "reed": Player(46, 84, Voice(((1100, 16), (2600, 8)), 6.5, even=0.6, noise=-30, attack=0.05, vibrato=6)),
    "string": Player(40, 88, Voice(((450, 7), (950, 7), (2500, 9)), 5, noise=-22, attack=0.10, vibrato=16)),
    "synth_lead": Player(40, 90, Voice(((2000, 10), (5000, 8)), 2.5, noise=-46, attack=0.01, vibrato=4), drive=1.5),
}
