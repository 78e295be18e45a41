"""Spectrograms of sounds beside each other, with players where the sounds are at hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from counted import Counted

from analysis.errors import RunError
from analysis.figures.sounds import draw_sounds, linear, mel, sounds_data
from analysis.results import Results
from analysis.runs import SOUNDS

FLATNESS = {"generated": 0.912, "recorded": 0.134}


def sound(arm: str, kind: str, low: float = -80.0) -> dict[str, Any]:
    """In the mel spectrogram the peak is at the top, in the linear one at the bottom."""
    scales = {"mel": ([100, 900], [[low] * 3, [0.0] * 3]), "linear": ([250, 750], [[0.0] * 3, [low] * 3])}
    return {
        "arm": arm,
        "kind": kind,
        "file": f"trials/{arm}/{kind}-0.wav",
        "seconds": 1.5,
        "flatness": FLATNESS[kind],
        **{name: {"hertz": hertz, "values": values} for name, (hertz, values) in scales.items()},
    }


@pytest.fixture
def results(counted: Counted) -> Results:
    found = counted({"gan": (7, 8), "cnn": (7, 8)})
    kept = [sound("gan", "generated", -40.0), sound("gan", "recorded"), sound("other", "recorded")]
    (found.run.path / SOUNDS).write_text(json.dumps(kept))
    return found


def test_the_recording_comes_first_and_each_scale_has_its_own_rows(results: Results) -> None:
    (pair,) = sounds_data(results.run, ["cnn", "gan"], "mel")
    assert pair.arm == "gan" and [each.kind for each in pair.sounds] == ["recorded", "generated"]
    assert [each.flatness for each in pair.sounds] == [0.134, 0.912]
    recorded = pair.sounds[0].image
    assert recorded.values.tolist() == [[-80.0] * 3, [0.0] * 3] and recorded.centres.tolist() == [100, 900]
    assert recorded.seconds == 1.5
    (other,) = sounds_data(results.run, ["gan"], "linear")
    assert other.sounds[1].image.values.tolist() == [[0.0] * 3, [-40.0] * 3]


def test_both_have_one_scale_of_colours(results: Results) -> None:
    (pair,) = sounds_data(results.run, ["gan"], "mel")
    colours = draw_sounds(pair).layout.coloraxis
    assert (colours.cmin, colours.cmax) == (-80.0, 0.0)
    assert [trace.coloraxis for trace in draw_sounds(pair).data] == ["coloraxis"] * 2


def test_sounds_can_be_played_where_they_are_at_hand(results: Results) -> None:
    (without,) = mel(results, ["gan"])
    assert without.players == () and "were left where the run was made" in without.caption
    file = results.run.path / "trials" / "gan" / "generated-0.wav"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"")
    (beside,) = linear(results, ["gan"])
    assert [tuple(player) for player in beside.players] == [("generated", "trials/gan/generated-0.wav")]
    assert "Spectral flatness: recorded 0.13, generated 0.91." in beside.caption
    assert "only where their licence allows it" in beside.caption


def test_numbers_that_are_not_finite_are_not_drawn(results: Results) -> None:
    broken = [sound("gan", "recorded", float("nan")), sound("gan", "generated", float("nan"))]
    for each in broken:
        each["mel"]["values"] = [[float("nan")]]
    (results.run.path / SOUNDS).write_text(json.dumps(broken))
    (pair,) = sounds_data(results.run, ["gan"], "mel")
    figure = draw_sounds(pair)
    assert not figure.data and figure.layout.annotations


@pytest.mark.parametrize("content", ["{", "[1]", "3"])
def test_a_damaged_file_is_a_sentence(results: Results, content: str) -> None:
    (results.run.path / SOUNDS).write_text(content)
    with pytest.raises(RunError, match=f"{SOUNDS} cannot be read"):
        _ = results.run.sounds


def test_a_run_without_sounds_has_none(counted: Counted, tmp_path: Path) -> None:
    assert counted({"cnn": (7, 8)}).run.sounds == []
