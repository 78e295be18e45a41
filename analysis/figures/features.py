"""S0-G2, S1-G3, S1-G6, S1-G7: features of a segment as images, one by one, in a grid, before and after augmentation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.figure import Figure
from analysis.figures.pipeline import listed, worded
from analysis.figures.sound import HEIGHT, Cut, Sound, cut_data, draw_sound, sound, wave
from analysis.figures.style import QUIET, blank, nothing, plain, short
from analysis.results import Results

# Cividis (Nuñez, Anderton and Renslow, 2018), made for all kinds of colour vision.
SCALE = [[0.0, "#00224e"], [0.25, "#414d6b"], [0.5, "#7d7c78"], [0.75, "#bcad6c"], [1.0, "#fee838"]]
TICKS, CELL, EDGE = 6, 150, 120
BAR, LINE = 48, 16
SPACING = {"horizontal_spacing": 0.03, "vertical_spacing": 0.08}


class Image(NamedTuple):
    """`values` (rows x columns) over `seconds`; `centres` of the rows in Hz, or their numbers if `coefficients`."""

    name: str
    values: np.ndarray
    centres: np.ndarray
    coefficients: bool
    seconds: float
    unit: str


class Features(NamedTuple):
    """What a network is given of one segment: images, one for each channel, or a `curve` where rows are single."""

    images: tuple[Image, ...]
    curve: Sound | None
    unit: str


class Side(NamedTuple):
    """A segment before or after an augmentation: its labels, waveform and features."""

    labels: tuple[str, ...]
    sound: Sound
    features: Features


class Augmented(NamedTuple):
    """A training segment before and after the augmentations `names` ("noise+volume") of an arm."""

    names: str
    arm: str
    clip: str
    parameters: Mapping[str, Any]
    before: Side
    after: Side


def given(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """What networks are given of a segment: of each kind of input that is shown as one of these arms has it."""
    for found in results.run.pictures.get("inputs", ()):
        if found["arms"][0] in arms:
            yield features_of(features_data(found["features"]), cut_data(found))


def before_and_after(results: Results, arms: Sequence[str]) -> Iterator[Figure]:
    """A segment before and after the augmentations that are shown as one of these arms has them."""
    yield from (augmented(data) for data in augmented_data(results.run.pictures) if data.arm in arms)


def features_data(found: Mapping[str, Any]) -> Features:
    unit, seconds = str(found["unit"]), float(found["seconds"])
    if "channels" not in found:
        return Features((), sound(found), unit)
    images = [
        Image(
            str(channel["name"]),
            np.atleast_2d(np.asarray(channel["values"], dtype=float)),
            np.asarray(channel["centres"], dtype=float),
            channel["rows"] == "coefficient",
            seconds,
            unit,
        )
        for channel in found["channels"]
    ]
    return Features(tuple(images), None, unit)


def augmented_data(pictures: Mapping[str, Any]) -> list[Augmented]:
    return [
        Augmented(
            each["names"],
            each["arm"],
            each["clip"],
            each["parameters"],
            _side(each["before"]),
            _side(each["after"]),
        )
        for each in pictures.get("augmented", ())
    ]


def _side(found: Mapping[str, Any]) -> Side:
    return Side(tuple(found["labels"]), sound(found), features_data(found["features"]))


def features_of(data: Features, cut: Cut) -> Figure:
    what = f"Features of the shaded segment ({cut.sound.label}), n = 1, before they are normalised"
    if len(data.images) > 1:
        says = f"{what}: {len(data.images)} spectrograms, each in {data.unit}. Across: windows in samples."
        return Figure(draw_features(data), f"All spectrograms of a segment of {cut.sound.label}.", says, "Its features")
    shown = f"Values: {data.unit}" + (f"; rows: {rows(data.images[0])}" if data.images else "")
    return Figure(
        draw_features(data), f"Features of a segment of {cut.sound.label}.", f"{what}. {shown}.", "Its features"
    )


def rows(image: Image) -> str:
    """What the rows of an image are, in words."""
    coefficients = "cepstral coefficients, of which the colours span those from 1 on"
    return coefficients if image.coefficients else "bands, at the frequencies of their centres"


def augmented(data: Augmented) -> Figure:
    names = listed(data.names)
    settings = "; ".join(worded(name, value) for name, value in data.parameters.items())
    says = f"{data.clip}, a training segment, before and after {names} ({settings}); one draw, n = 1."
    return Figure(
        draw_augmented(data), f"A segment before and after {names}.", says, f"{names.capitalize()} ({data.arm})"
    )


def draw_features(data: Features) -> go.Figure:
    """The image of a single channel, a curve, or the grid of several channels."""
    if data.curve is not None:
        return draw_sound(data.curve)
    if len(data.images) != 1:
        return draw_grid(data)
    figure = blank("time in the segment (s)", height_title(data.images[0]), HEIGHT)
    if not np.isfinite(data.images[0].values).any():
        return nothing(figure, "No features were stored.")
    figure.add_trace(heatmap(data.images[0]))
    figure.update_xaxes(range=[0, data.images[0].seconds], showgrid=False).update_layout(
        coloraxis=colour_axis(data.images), margin={"t": BAR}
    )
    return figure.update_yaxes(**rows_axis(data.images[0], TICKS))


def height_title(image: Image) -> str:
    return "coefficient" if image.coefficients else "frequency (Hz)"


def heatmap(image: Image) -> go.Heatmap:
    rows, columns = image.values.shape
    what = "coefficient %{y:.0f}" if image.coefficients else "row %{y:.0f}"
    return go.Heatmap(
        x=((np.arange(columns) + 0.5) * image.seconds / max(columns, 1)).round(4).tolist(),
        y=(np.arange(rows)).tolist(),
        z=image.values.tolist(),
        coloraxis="coloraxis",
        hovertemplate=f"%{{x:.2f}} s, {what}: %{{z:.1f}} {plain(image.unit)}<extra></extra>",
    )


def colour_axis(images: Sequence[Image]) -> dict[str, Any]:
    """The colours of all images of a figure, with a scale above it.

    The first cepstral coefficient, which is the level, lies far from the others: these have the colours to themselves.
    """
    unit, finite = images[0].unit, [spread(image)[np.isfinite(spread(image))] for image in images]
    values = np.concatenate([*finite, [0.0] if not sum(map(len, finite)) else []])
    return {"colorscale": SCALE, "colorbar": bar(unit), "cmin": float(values.min()), "cmax": float(values.max())}


def bar(unit: str) -> dict[str, Any]:
    """A scale of colours above a figure, which needs a margin of BAR there; below it its unit."""
    title = {"text": plain(unit), "side": "bottom", "font": {"size": 12, "color": QUIET}}
    place = {"orientation": "h", "x": 0, "xanchor": "left", "len": 0.6, "xpad": 0}
    place |= {"y": 1, "yref": "container", "yanchor": "top", "ypad": 0}
    return {**place, "thickness": 10, "outlinewidth": 0, "nticks": 5, "title": title, "tickfont": {"size": 11}}


def spread(image: Image) -> np.ndarray:
    """The values that the colours of an image span."""
    return image.values[1:] if image.coefficients and len(image.values) > 1 else image.values


def rows_axis(image: Image, ticks: int) -> dict[str, Any]:
    """Tick labels of some rows: Hz, or the numbers of coefficients."""
    count = len(image.values)
    rows = np.unique(np.linspace(0, count - 1, min(ticks, count)).round().astype(int))
    labels = [f"{image.centres[row]:,.0f}" for row in rows]
    return {"range": [-0.5, count - 0.5], "showgrid": False, "tickvals": rows.tolist(), "ticktext": labels}


def draw_grid(data: Features) -> go.Figure:
    """All spectrograms of a segment: windows side by side, frequency scales below each other, as named "mel-512"."""
    names = [kind(image) for image in data.images]
    scales, windows = (list(dict.fromkeys(name[place] for name in names)) for place in (0, 1))
    figure = blank("", "", EDGE + CELL * len(scales))
    if not any(np.isfinite(image.values).any() for image in data.images):
        return nothing(figure, "No features were stored.")
    titles = [f"window {window}" for window in windows]
    make_subplots(len(scales), len(windows), figure=figure, column_titles=titles, **SPACING)
    for image, (scale, window) in zip(data.images, names, strict=True):
        row, column = scales.index(scale) + 1, windows.index(window) + 1
        figure.add_trace(heatmap(image), row, column)
        labels = {"showticklabels": column == 1, "title_text": f"{scale} (Hz)" if column == 1 else ""}
        figure.update_yaxes(**rows_axis(image, 4), **labels, row=row, col=column)
        last = {"showticklabels": row == len(scales), "title_text": "time (s)" if row == len(scales) else ""}
        figure.update_xaxes(range=[0, image.seconds], showgrid=False, nticks=3, **last, row=row, col=column)
    return figure.update_layout(coloraxis=colour_axis(data.images), margin={"t": BAR + 24}).update_annotations(
        font_size=12
    )


def kind(image: Image) -> tuple[str, str]:
    """Scale and window of a spectrogram named "mel-512"; another name is all of the scale."""
    scale, _, window = image.name.rpartition("-")
    return (scale, window) if scale else (image.name, "")


def draw_augmented(data: Augmented) -> go.Figure:
    """Left before, right after: the waveform, and below it the first image of its features."""
    sides = (data.before, data.after)
    images = [side.features.images[0] for side in sides if side.features.images]
    figure = blank("", "", 420 if images else 240)
    if not any(np.isfinite(side.sound.low).any() for side in sides):
        return nothing(figure, "No waveform was stored.")
    titles = [
        f"<b>{when}</b><br>{'<br>+ '.join(map(short, side.labels))}"
        for when, side in zip(("before", "after"), sides, strict=True)
    ]
    make_subplots(2 if images else 1, 2, figure=figure, subplot_titles=titles, shared_yaxes=True, **SPACING)
    for column, side in enumerate(sides, 1):
        figure.add_trace(wave(side.sound), 1, column)
        for image in side.features.images[:1]:
            figure.add_trace(heatmap(image), 2, column)
            figure.update_yaxes(**rows_axis(image, TICKS), row=2, col=column)
    figure.update_xaxes(range=[0, data.before.sound.seconds], showgrid=False, nticks=4)
    figure.update_xaxes(title_text="time (s)", row=len(figure._grid_ref))
    figure.update_yaxes(title_text="amplitude", row=1, col=1)
    if images:
        figure.update_yaxes(title_text=height_title(images[0]), row=2, col=1)
        figure.update_layout(coloraxis=colour_axis(images))
    margin = {"t": (BAR if images else 0) + LINE * (1 + max(len(side.labels) for side in sides)) + 8}
    return figure.update_layout(margin=margin).update_annotations(font_size=12)
