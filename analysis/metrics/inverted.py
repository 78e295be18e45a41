"""Metrics of recordings that were made sound again from their MFCCs: what was lost on the way (S0-F29)."""

from functools import partial

import numpy as np

from analysis.metrics.metric import Tested, tested_metric
from analysis.metrics.totals import Floats, Totals

of_inversion = partial(tested_metric, epochs="any", without="it makes no sound of MFCCs")


def measured(tested: Tested, name: str) -> Floats:
    """What a trial measured of each of its items (items,); NaN of a trial that measures nothing of the kind."""
    return tested.items.reindex(columns=[name])[name].to_numpy(dtype=np.float64)


@of_inversion(
    "dB",
    "the signal-to-noise ratio of what comes back from MFCCs",
    "signal-to-noise ratio of what comes back (dB)",
    higher=True,
)
def inversion_signal_to_noise(tested: Tested) -> Totals:
    """Energy of a recording over that of the difference of what comes back of it, in dB: about 0 without phases."""
    return Totals.mean(measured(tested, "signal_to_noise"))


@of_inversion(
    "dB",
    "the log-spectral distance of what comes back from MFCCs",
    "log-spectral distance of what comes back (dB)",
    higher=False,
)
def inversion_distance(tested: Tested) -> Totals:
    """Log-spectral distance of a recording to what comes back of it, in dB; it takes no notice of phases."""
    return Totals.mean(measured(tested, "spectral_distance"))


@of_inversion(
    "points",
    "the distance of what comes back from MFCCs as a share of that of noise",
    "distance of what comes back, of that of noise (%)",
    higher=False,
)
def inversion_of_noise(tested: Tested) -> Totals:
    """`inversion_distance` as a share of the distance to white noise as strong as the recording, in points.

    0 where nothing is lost that a spectrum shows, 100 where what comes back is as unlike the recording as noise is.
    """
    return share_of(tested, "spectral_distance_of_noise")


@of_inversion(
    "points",
    "the distance of what comes back from MFCCs as a share of that of another recording",
    "distance of what comes back, of that of another recording (%)",
    higher=False,
)
def inversion_of_another(tested: Tested) -> Totals:
    """`inversion_distance` as a share of the distance to another recording of the instrument, in points."""
    return share_of(tested, "spectral_distance_of_another")


def share_of(tested: Tested, reference: str) -> Totals:
    """The mean over the items of the distance of what comes back as a share of another distance, in points."""
    return Totals.mean(100 * measured(tested, "spectral_distance") / measured(tested, reference))


@of_inversion(
    "flatness",
    "the spectral flatness of what comes back from MFCCs less that of the recording",
    "spectral flatness above that of the recording (flatness)",
    higher=False,
)
def inversion_flatness(tested: Tested) -> Totals:
    """Spectral flatness, 0 to 1, of what comes back less that of the recording: how much noisier it is."""
    return Totals.mean(measured(tested, "flatness_inverted") - measured(tested, "flatness_recorded"))
