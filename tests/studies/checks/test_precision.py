"""Where a plan says that this processor takes longer in bfloat16."""

from pathlib import Path

import pytest
import torch

from studies.checks.precision import emulated, has_bfloat16
from studies.fagan.loss import HALF, HALF_SOFTMAX
from studies.fagan.loss import STUDY as MIXED
from studies.resources import Resources
from studies.yun_bi.units import STUDY as SINGLE

WITHOUT = {"avx512_f": True, "avx512_bf16": False, "amx_bf16": False, "cpu_name": "made up"}


@pytest.mark.parametrize("instructions", ["avx512_bf16", "amx_bf16", "bf16", "sve_bf16"])
def test_nothing_is_said_where_the_processor_has_the_instructions(
    instructions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {**WITHOUT, instructions: True})
    assert has_bfloat16() and not emulated(MIXED, Resources())


def test_where_it_has_none_the_arms_in_bfloat16_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: WITHOUT)
    (sentence,) = emulated(MIXED, Resources())
    assert sentence.endswith(f"longer than float32 here: {HALF.name}, {HALF_SOFTMAX.name}.")
    assert not emulated(SINGLE, Resources()) and not emulated(MIXED, Resources(gpus=1.0))


def test_it_is_as_the_kernel_says_of_this_processor() -> None:
    """Flags of x86, "Features" of ARM."""
    listed = Path("/proc/cpuinfo")
    if not listed.exists():
        pytest.skip("no /proc/cpuinfo, with which this is compared")
    words = set(listed.read_text().split())
    assert has_bfloat16() == any(word.endswith("bf16") for word in words)
