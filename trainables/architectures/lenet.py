"""LeNet with a choice of kernel shapes."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from torch import nn

from trainables.architectures import ARCHITECTURES
from trainables.architectures.convolution import Size, convolution, kernel_sizes, size_after
from trainables.architectures.layers import channels_last, parameters_of
from trainables.errors import InvalidSetting, checked

CHANNELS = (6, 16)
WIDTHS = (120, 84)
ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}
TOLERANCE = 0.02


@dataclass(frozen=True)
class Plan:
    """A LeNet before it is built: kernels of both convolutions and width of the first fully connected layer."""

    shape: tuple[int, int, int]
    classes: int
    first: tuple[Size, ...]
    second: tuple[Size, ...]
    activation: type[nn.Module]
    width: int = WIDTHS[0]

    def build(self) -> nn.Sequential:
        mend = mended(self.shape[1:])
        size = size_after(self.shape[1:], self.first, "LeNet's first convolution", mend)
        size = size_after(size, self.second, "LeNet's second convolution", mend)
        return nn.Sequential(
            OrderedDict(
                convolution_1=convolution(self.shape[0], CHANNELS[0], self.first),
                # Pooling before a monotone activation gives the same values and leaves it a quarter of them.
                pool_1=nn.MaxPool2d(2),
                activation_1=self.activation(),
                convolution_2=convolution(CHANNELS[0], CHANNELS[1], self.second),
                pool_2=nn.MaxPool2d(2),
                activation_2=self.activation(),
                flatten=nn.Flatten(),
                linear_1=nn.Linear(CHANNELS[1] * size[0] * size[1], self.width),
                activation_3=self.activation(),
                linear_2=nn.Linear(self.width, WIDTHS[1]),
                activation_4=self.activation(),
                linear_3=nn.Linear(WIDTHS[1], self.classes),
            )
        )

    def count(self) -> int:
        """The number of parameters, found without drawing any."""
        return parameters_of(self.build)


def mended(size: Size) -> str:
    """What to do about a kernel for which an input of `size` is too small.

    Of a side, the first convolution and its pooling leave half of all but the kernel's length; for two places of the
    same kernel, which the second pooling takes, three of its lengths and one more have to be there.
    """
    height, width = ((side - 1) // 3 for side in size)
    most = f"a kernel of up to {height}x{width} fits in both; set that, or" if min(height, width) else "set"
    return f"{most} more bands and frames"


def matched(plan: Plan) -> Plan:
    """`plan` with the first fully connected layer so wide that the parameters number as in the 5 x 5 network.

    Only that width is changed, because the layer holds most parameters and one unit more or less is a fine step.
    Raises InvalidSetting if no width comes within 2 %.
    """
    target = replace(plan, first=((5, 5),), second=((5, 5),)).count()
    least, next_to_least = (replace(plan, width=width).count() for width in (1, 2))
    width = max(1, 1 + round((target - least) / (next_to_least - least)))
    fitted = replace(plan, width=width)
    if abs(fitted.count() / target - 1) > TOLERANCE:
        raise InvalidSetting(
            f"No width of LeNet's first fully connected layer brings its {fitted.count()} parameters within 2 % of the "
            f"5x5 network's {target}: set parameter_matched to false or another kernel."
        )
    return fitted


@ARCHITECTURES("S4-A1", "S4-A2")
def lenet(
    shape: tuple[int, int, int],
    classes: int,
    *,
    kernel: str = "5x5",
    second_kernel: str = "",
    activation: str = "relu",
    parameter_matched: bool = False,
) -> nn.Module:
    """LeNet: two valid convolutions (6 and 16 channels), each max-pooled 2 x 2, then layers of 120, 84 and `classes`.

    `kernel` and `second_kernel` ("": the same) are bands x frames; "3x8+8x3" shares the channels between shapes.
    `parameter_matched` widens or narrows the layer of 120 until the parameters number as in the 5x5 network on the
    same input, within 2 %. `activation` is "relu" or "tanh". Raises InvalidSetting for a kernel larger than its input,
    with the largest that is not.
    """
    first, second = kernel_sizes(kernel), kernel_sizes(second_kernel or kernel)
    plan = Plan(shape, classes, first, second, ACTIVATIONS[checked("activation", activation, ACTIVATIONS)])
    return channels_last((matched(plan) if parameter_matched else plan).build())
