"""Two networks for images, slid along the time axis of mel bands (S2-A1, S2-A2)."""

from trainables.architectures import ARCHITECTURES
from trainables.architectures.convolutional import MEL, Convolutional
from trainables.architectures.variants import variant


@ARCHITECTURES("S2-A1", **MEL)
@variant(
    Convolutional,
    widths="96-256-384-384-256",
    kernel="11-5-3",
    strides="4-1",
    pools="3/2-3/2-1-1-3/2",
    batch_norm=False,
    head_widths="4096-4096",
    dropout=0.5,
)
def alexnet_1d() -> None:
    """AlexNet in one dimension: widths, kernels, strides and overlapping pools of 2012, with bands as channels.

    No such network has been published: the table's head says 1-D, the rest is a choice. All convolutions are padded,
    response normalisation and the two halves are left out. `dimensions` 2 with widths "64-192-384-256-256" has the
    layers of torchvision's AlexNet (61,100,840 parameters on 3 x 224 x 224 with 1,000 classes).
    """


@ARCHITECTURES("S2-A2", **MEL)
@variant(
    Convolutional,
    widths="64-128-256-512-512",
    convolutions="2-2-3",
    batch_norm=False,
    head_widths="4096-4096",
    dropout=0.5,
)
def vgg16_1d() -> None:
    """VGG16 in one dimension: thirteen convolutions of 3 in five stages, each max-pooled by 2, with bands as channels.

    Without batch normalisation, as published; the document does not say. `dimensions` 2 is VGG16 itself (138,357,544
    parameters on 3 x 224 x 224 with 1,000 classes).
    """
