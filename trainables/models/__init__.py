"""A model to take away: one file with a network, its front end and what it was trained on; no corpus is needed.

`load_model(path).predict(samples, rate)` names the classes of any recording. `trained` opens the network of a trial,
`saving` writes its file with the `header`, `graphs` the same network for other programs, and `card` what people read.
"""

from trainables.models.model import Model, load_model
from trainables.models.prediction import Prediction

__all__ = ["Model", "Prediction", "load_model"]
