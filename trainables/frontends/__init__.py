"""The registry of front ends: waveform to tensor.

A front end is a function `(rate, samples, *, parameters) -> torch.nn.Module`, with the rate in Hz; the module maps
waveforms (batch, samples) in [-1, 1] to features (batch, channels, height, time) and has their `shape` without the
batch axis and what their `axes` mean.

On its way a waveform passes, in this order, `resampling`, `framing`, `spectrum` (power of bins; of mel bands by
`filterbank`) and `scaling` (decibels, normalisation). The families are in `waveform`, `spectrogram`, `log_mel`, `mfcc`,
`mfcc_image`, `stack` (with the grid of `triangles`) and `morlet`; `describing` has what they tell of themselves.
"""

from importlib import import_module
from pkgutil import iter_modules

from trainables.registry import Registry

FRONT_ENDS = Registry("front end")

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
