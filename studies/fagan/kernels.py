"""Conclusion, notes 1 and 2: even kernels are bad and odd ones good, and of these the ones of 3 are best."""

from analysis.claims import Better, NoDirection, Optimum
from studies.fagan.printed import CNN_GAP, FIXED, SHARED, everywhere, gap
from studies.study import Arm, Study

EVEN, ODD = (2, 4, 6, 8), (1, 3, 5, 7, 9, 11)
KERNELS = {
    size: CNN_GAP if size == 3 else gap(f"1-D CNN, kernels of {size}", kernel=str(size)) for size in sorted(EVEN + ODD)
}
NAMES = {size: one.name for size, one in KERNELS.items()}


def stages(first: int) -> str:
    """The widths of the 1-D CNN whose first stage has `first`."""
    return f"{first}-{first}-{2 * first}-{2 * first}-{4 * first}"


def as_large(size: int, first: int, small: int) -> Arm:
    """The 1-D CNN with kernels of a size and other widths: of its first stage `first`, or `small` where reduced."""
    name = f"1-D CNN, kernels of {size}, as large as with 3"
    return gap(name, kernel=str(size), widths=stages(first), reduced=everywhere(widths=stages(small)))


# Larger kernels have more parameters. With these widths all have as many as kernels of 3, within 2 %, reduced 3 %.
WIDTHS = {1: (212, 23), 5: (100, 13), 7: (84, 11), 9: (75, 10), 11: (68, 9)}
MATCHED = {size: as_large(size, *widths) for size, widths in WIDTHS.items()}
PADDING = "padding of even kernels: here one zero more at the end, with k // 2 on both sides maps would grow"

STUDY = Study(
    **{**SHARED, "guessed": (*SHARED["guessed"], PADDING)},
    section="Conclusion, notes 1 and 2",
    title="Sizes of kernels on mel bands, even and odd",
    question="Is each even kernel worse than its two odd neighbours, and are kernels of 3 the best?",
    fixed=FIXED,
    # Fifteen networks of 100 epochs are more than a night: at the scale "laptop" they get an eighth of their widths.
    reduced={"laptop": {"widths": stages(16)}},
    arms=(*KERNELS.values(), *MATCHED.values()),
    claims=(
        # The mean of the two neighbours has exactly the size and the parameters of the even kernel.
        *(
            Better(finding="S2-F16", part=str(size), better=(NAMES[size - 1], NAMES[size + 1]), worse=NAMES[size])
            for size in EVEN
        ),
        Optimum(
            finding="S2-F17",
            levels=tuple(NAMES[size] for size in ODD),
            at=NAMES[3],
            confounded="larger kernels have more parameters",
        ),
        *(
            NoDirection(finding="S2-F17", part=f"3 and {size}, equal in size", first=NAMES[3], second=one.name)
            for size, one in MATCHED.items()
        ),
    ),
)
