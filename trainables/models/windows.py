"""The windows of a recording that a model is given: as its training cut clips, or over all of the recording."""

import numpy as np
import pandas as pd

from trainables.corpora.onsets import onset
from trainables.data import segments
from trainables.data.segments import Segments
from trainables.errors import InvalidSetting
from trainables.models.header import Header


def windows_of(samples: np.ndarray, header: Header, hop: float | None) -> Segments:
    """The windows of a recording (samples,), int16 at the model's rate.

    With a `hop` there is one every so many seconds, and the last ends with the recording. Without, a model that was
    trained on windows gets them as far apart as then, one that was trained from the onset of clips gets one window
    from there, and any other windows one after another. Raises InvalidSetting for a hop below one sample.
    """
    clip = pd.DataFrame({"start": [0], "length": [len(samples)]})
    if hop is None and header.segmentation.name == "onset":
        return segments.onset(clip.assign(onset=onset(samples)), header.rate, seconds=header.seconds)
    if hop is not None and round(hop * header.rate) < 1:
        raise InvalidSetting(f"The hop is {hop} s: it must be at least one sample.")
    usual = float(header.segmentation.settings.get("segment_hop") or 0)
    apart = usual if hop is None else hop
    return segments.windows(clip, header.rate, seconds=header.seconds, segment_hop=apart)


def waveforms(samples: np.ndarray, windows: Segments, rows: range) -> np.ndarray:
    """Waveforms (rows, samples), float32 in [-1, 1), of some windows; zeros follow a recording that is too short."""
    found = np.zeros((len(rows), windows.samples), dtype=np.float32)
    for place, row in enumerate(rows):
        start, available = windows.start[row], windows.available[row]
        found[place, :available] = samples[start : start + available]
    return found / np.float32(32768)
