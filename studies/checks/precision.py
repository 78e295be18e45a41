"""Whether this processor has instructions for the precision in which arms are trained."""

import torch

from studies.resources import Resources
from studies.study import Study


def emulated(study: Study, resources: Resources) -> list[str]:
    """A sentence where arms are trained in bfloat16 on a processor that has no instructions for it."""
    halved = [arm.name for arm in study.arms if study.printed(arm)["precision"] == "bfloat16"]
    if not halved or resources.gpus or has_bfloat16():
        return []
    return [
        f"Trained in bfloat16, for which this processor has no instructions, which takes longer than float32 here: "
        f"{', '.join(halved)}."
    ]


def has_bfloat16() -> bool:
    """Whether the processor multiplies numbers of bfloat16 itself, as AVX-512 BF16, AMX and ARM's BF16 do."""
    return any(there for name, there in torch.cpu.get_capabilities().items() if name.endswith("bf16"))
