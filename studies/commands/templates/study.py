"""What is asked here, in one sentence: whether kernels that span more time help on these sounds.

`etude run FILE --scale smoke` takes a minute, shows that all works and decides nothing. `etude plan FILE` says what the
study costs and the smallest effects that it could detect; `etude run FILE` runs it, and goes on from where it stopped.
"""

from etude import Study, arm
from etude.claims import Better
from etude.search_spaces.optimisation import learning_rate

STUDY = Study(
    title="Wide kernels",
    question="Do kernels that span more time help on these sounds?",
    # `etude list corpora`; one of your own is packed by `etude data NAME --from DIR` and is called "own-NAME" here.
    corpus="philharmonia",
    # The most that a training may take; a scale may take fewer.
    epochs=20,
    # What you expect, each under an id of your own, before anything is trained.
    findings={"WIDE": "LeNet is more accurate with kernels of 3x8 than with kernels of 5x5."},
    # What all arms have in common: `etude list architectures`, `etude list front-ends`, `etude list recipe-settings`.
    fixed={"architecture": "lenet", "front_end": "log_mel", "batch_size": 32},
    # What each arm may choose for itself, so that none loses for a setting that suits another (`etude list
    # search-dimensions`).
    tuned=learning_rate(1e-4, 1e-2),
    # What is compared: settings in which the arms differ.
    arms=(arm("5x5", kernel="5x5"), arm("3x8", kernel="3x8")),
    # How each finding is tested (`etude list claim-kinds`); the margin is in points of accuracy.
    claims=(Better(finding="WIDE", better="3x8", worse="5x5", margin=2.0),),
)

# A network of your own is a function of the shape of its input (channels, height, time) and the number of classes; its
# keywords are settings of its arms. Take "# " away below, and add `arm("mine", architecture="mine")` to the arms.

# from torch import nn
#
# from etude.trainables.architectures import ARCHITECTURES
#
#
# @ARCHITECTURES()
# def mine(shape: tuple[int, int, int], classes: int, *, channels: int = 16) -> nn.Module:
#     """One convolution, and the mean of what it finds."""
#     found = nn.Conv2d(shape[0], channels, 5, padding=2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
#     return nn.Sequential(*found, nn.Linear(channels, classes))
