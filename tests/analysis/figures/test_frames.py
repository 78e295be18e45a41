"""Frames and models."""

from counted import Counted

from analysis.figures.frames import by_model, draw_frame_sizes, frame_sizes_data
from analysis.figures.values import NOTHING

MODELS = {"cnn": "CNN", "rcnn": "RCNN"}


def settings(architecture: str, frame: int, hop: int, bands: int = 64) -> dict[str, object]:
    return {"architecture": architecture, "frame": frame, "hop": hop, "bands": bands}


SETTINGS = {
    "a": settings("cnn", 512, 256),
    "b": settings("cnn", 1024, 512),
    "overlapping more": settings("cnn", 2048, 512),
    "c": settings("rcnn", 256, 128),
    "d": settings("rcnn", 512, 256),
    "alone": settings("cnn", 512, 256, bands=128),
    "other": settings("lstm", 512, 256),
    "raw": {"architecture": "cnn"},
}


def test_models_are_rows_and_frames_columns(counted: Counted) -> None:
    arms = {arm: (number, number) for number, arm in enumerate(SETTINGS, 1)}
    results = counted(arms, SETTINGS)
    data = frame_sizes_data(results.headline, results.run.arms, MODELS)
    assert (data.models, data.frames) == (("CNN, 64 bands", "RCNN, 64 bands"), (256, 512, 1024))
    assert [[each.mean for each in row if each.n] for row in data.found] == [[10, 20], [40, 50]]
    assert data.found[0][0] == NOTHING
    figure = draw_frame_sizes(data)
    assert figure.data[0].x == ("256", "512", "1,024") and figure.data[0].y == ("CNN<br>64 bands", "RCNN<br>64 bands")
    assert figure.data[0].text[0] == ["", "10.0", "20.0"]
    assert [shown.title for shown in by_model(results, results.run.arms, MODELS)] == ["Corrected", "As published"]


def test_a_single_size_is_no_figure(counted: Counted) -> None:
    results = counted({"a": (5, 5), "c": (5, 5)}, SETTINGS)
    assert list(by_model(results, ["a", "c"], MODELS)) == []
