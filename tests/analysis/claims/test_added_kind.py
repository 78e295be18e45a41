"""A kind of claim that is added in one place is registered, judged, drawn and put in words like the others."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

import numpy as np
import pytest

from analysis import claims
from analysis.claims import KINDS
from analysis.claims.claim import Apart, Claim, Pair, kind
from analysis.claims.evidence import Evidence, figures
from analysis.confirmed import Confirmed
from analysis.errors import RunError
from analysis.report import render
from analysis.runs import Run
from analysis.verdicts import verdicts

ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")


class Apartness(Claim):
    """FAR: two arms differ by more than the margin, in whichever direction."""

    words: ClassVar[str] = "distance"

    kind: Literal["FAR"] = "FAR"
    here: Apart[str]
    there: Apart[str]

    @property
    def sides(self) -> Pair:
        return self.here, self.there

    def evidence(self, data: Confirmed, generator: np.random.Generator) -> Evidence:
        cells = data.cells(self.arms, self.metric)
        interval = cells.interval({self.here: 1.0, self.there: -1.0})
        return Evidence(
            holds=min(abs(interval.low), abs(interval.high)) > self.margin and interval.low * interval.high > 0,
            fails=-self.margin < interval.low90 and interval.high90 < self.margin,
            sentence=f"Over {interval.n} seeds they are {abs(interval.effect):.1f} points apart",
            ends={"reproduced": "far apart", "contradicted": "close together", "inconclusive": "nobody knows"},
            **figures(interval, self.margin, cells.held_out),
        )


@pytest.fixture
def far() -> Iterator[Apartness]:
    kind(Apartness)
    yield Apartness(finding="S4-F14", part="apart", here=ARMS[1], there=ARMS[0])
    del KINDS["FAR"]


def test_it_is_written_down_and_checked_like_the_others(far: Apartness) -> None:
    assert claims.load(claims.dump([far])) == [far]
    assert (far.arms, far.name) == ((ARMS[1], ARMS[0]), "S4-F14 apart")
    with pytest.raises(RunError, match="Apartness claim of S4-F14: an arm is compared with itself"):
        Apartness(finding="S4-F14", here="a", there="a")
    assert claims.in_words("FAR x2 + EQ") == "distance ×2 + equality [FAR x2 + EQ]"
    assert claims.in_words("FAR", coded=False) == "distance"


def test_it_is_judged(far: Apartness, planted: Any) -> None:
    apart, close = ({ARMS[0]: 0.5, ARMS[1]: level} for level in (0.9, 0.5))
    assert {v.word for v in verdicts(planted(apart, [far]))} == {"reproduced"}
    assert {v.word for v in verdicts(planted(close, [far], groups=400))} == {"contradicted"}


def test_its_run_has_a_page_with_its_figures(far: Apartness, synthetic_run: Any, tmp_path: Any) -> None:
    plan = {"arms": ARMS, "claims": (far,), "repetitions": 2, "epochs": 4, "explored": 2, "notes": 2}
    page = render(Run.load(synthetic_run(tmp_path / "run", **plan)))
    assert "Over 2 seeds they are" in page
    for figure in ("Effect of S4-F14 apart with its interval.", "Every run of S4-F14 apart beside the interval."):
        assert f'aria-label="{figure}"' in page


def test_a_kind_is_registered_once_and_has_words(far: Apartness) -> None:
    with pytest.raises(ValueError, match="'FAR' is registered twice"):
        kind(Apartness)
    with pytest.raises(ValueError, match="'MUTE' has no words"):
        kind(type("Mute", (Claim,), {"__annotations__": {"kind": Literal["MUTE"]}, "kind": "MUTE"}))
