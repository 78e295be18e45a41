"""The diagram of what becomes of a recording."""

import pytest

from analysis.figures.pipeline import pipeline_data, worded


def stored(*steps, rate: int = 44100, shapes=((1, 64, 80),)):
    return {"arms": ["a"], "rate": rate, "steps": [{"title": t, "parameters": p} for t, p in steps], "shapes": shapes}


def texts(pipeline):
    return {step.title: [line.text for line in step.lines] for step in pipeline.steps}


def test_values_have_their_units():
    steps = (
        ("Fourier", {"frame": [1024], "hop": [512]}),
        ("Mel", {"bands": [64], "low": [0.0], "high": [0.0]}),
        ("dB", {"top_db": [80.0]}),
    )
    assert texts(pipeline_data(stored(*steps))) == {
        "Recording": ["44,100 Hz, mono"],
        "Fourier": ["frames of 1,024 samples (23.2 ms)", "hop of 512 samples (11.6 ms)"],
        "Mel": ["64 bands", "from 0 Hz", "to 22,050 Hz"],
        "dB": ["at most 80 dB below the peak"],
        "Given to the network": ["1 × 64 × 80", "channels × rows × columns"],
    }


def test_times_are_those_of_the_rate_that_is_resampled_to():
    shown = texts(pipeline_data(stored(("Resampling", {"target_rate": [16000]}), ("Fourier", {"frame": [400]}))))
    assert shown["Resampling"] == ["to 16,000 Hz"]
    assert shown["Fourier"] == ["frames of 400 samples (25.0 ms)"]
    several = stored(("Resampling", {"target_rate": [0, 16000]}), ("Fourier", {"frame": [400], "high": [0.0]}))
    assert texts(pipeline_data(several))["Fourier"] == ["frames of 400 samples", "to half the rate"]


def test_steps_that_are_off_are_left_out():
    steps = (("Pre-emphasis", {"pre_emphasis": [0.0]}), ("Augmentation", {"augmentation": [""]}), ("Always", {}))
    assert list(texts(pipeline_data(stored(*steps)))) == ["Recording", "Always", "Given to the network"]


def test_what_differs_between_arms_and_what_is_tuned_is_said():
    found = stored(("Pre-emphasis", {"pre_emphasis": [0.97, 0.0]}), ("Mel", {"bands": [64]}), shapes=([1, 2], [1, 3]))
    emphasis, mel, given = pipeline_data(found, {"bands": "32 or 64"}).steps[1:]
    assert emphasis.lines == (("y[n] = x[n] − 0.97 x[n−1] or none", "differs between arms"),)
    assert mel.lines == (("64 bands", "tuned; here as printed"),)
    assert given.lines[0] == ("1 × 2 or 1 × 3", "differs between arms")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("wobble_depth", 0.5, "wobble depth 0.5"),
        ("kind", "x", "kind x"),
        ("normalise", "new", "new"),
        ("frames", 0, "all frames"),
    ],
)
def test_settings_that_are_not_known_are_shown_by_name(name, value, text):
    assert worded(name, value) == text
