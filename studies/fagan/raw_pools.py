"""CNN, Conclusion: raw waveforms need small pooling sizes, and windows that overlap would improve SampleCNN."""

from dataclasses import dataclass

from analysis.claims import Better, NoDirection
from studies.fagan.printed import FIXED, SHARED, raw
from studies.study import Arm, Reduced, Study


@dataclass(frozen=True)
class Pools:
    """Fourteen convolutions in stages, and what each stage pools: in full, and reduced at "laptop" and "smoke".

    The poolings of a network reduce a segment by about the same factor, whatever their sizes: what is compared is how
    few steps that takes, not how much of the segment the last convolution sees, nor how many parameters there are.
    """

    convolutions: tuple[int, ...]
    full: str
    laptop: str
    smoke: str

    def arm(self, name: str, kernel: int = 3, widths: tuple[int, int, int] = (128, 32, 16)) -> Arm:
        full, laptop, smoke = ("-".join([str(width)] * len(self.convolutions)) for width in widths)
        reduced: Reduced = {
            "laptop": {"pools": self.laptop, "widths": laptop},
            "smoke": {"pools": self.smoke, "widths": smoke},
        }
        return raw(
            f"SampleCNN of equal widths, {name}",
            convolutions="-".join(map(str, self.convolutions)),
            pools=self.full,
            widths=full,
            kernel=str(kernel),
            conv_dropout=0.0,
            conv_dropout_stages="",
            dropout=0.0,
            reduced=reduced,
        )


TWO = Pools((1,) * 14, "1-2-2-2-2-2-2-2-2-2-2-2-2-1", "1-2-2-2-2-2-2-2-2-2-2-1", "1-2-2-2-2-2-2-2-1")
THREE = Pools((1, 2, 2, 2, 2, 2, 1, 1, 1), "1-3", "1-3-3-3-3-3-3-3-1", "1-3-3-3-3-3-1")
FOUR = Pools((1, 3, 2, 2, 2, 2, 2), "1-4", "1-4-4-4-4-4-1", "1-4-4-4-2-1")
EIGHT = Pools((1, 4, 3, 3, 3), "1-8", "1-8-8-8-2", "1-8-8-2-1")
BY_TWO, BY_THREE, BY_FOUR, BY_EIGHT = (
    pools.arm(f"pooling by {size}") for size, pools in {2: TWO, 3: THREE, 4: FOUR, 8: EIGHT}.items()
)
# Pooling by half a kernel needs an even kernel; 5 is the odd one that comes nearest. Widths make all equal in size.
HALF = THREE.arm("kernels of 6, pooling by 3", 6, (91, 23, 12))
NEARLY_HALF = THREE.arm("kernels of 5, pooling by 3", 5, (100, 25, 13))

STUDY = Study(
    **SHARED,
    section="CNN, Conclusion",
    title="Sizes of pooling on raw waveforms",
    question="Is pooling by 3 better than by 4 or 8 on raw waveforms, and better still by half the kernel?",
    fixed=FIXED,
    arms=(BY_TWO, BY_THREE, BY_FOUR, BY_EIGHT, HALF, NEARLY_HALF),
    claims=(
        *(
            Better(
                finding="S2-F54",
                part=part,
                better=BY_THREE.name,
                worse=other.name,
                hypothesis=True,
                confounded="of larger poolings there are fewer, with more convolutions between them",
            )
            for part, other in {"3 and 4": BY_FOUR, "3 and 8": BY_EIGHT}.items()
        ),
        NoDirection(finding="S2-F54", part="2 and 3", first=BY_TWO.name, second=BY_THREE.name),
        Better(
            finding="S2-F41",
            better=HALF.name,
            worse=BY_THREE.name,
            hypothesis=True,
            confounded="an even kernel is padded by one zero more at its end",
        ),
        NoDirection(finding="S2-F41", part="kernels of 5", first=NEARLY_HALF.name, second=BY_THREE.name),
    ),
)
