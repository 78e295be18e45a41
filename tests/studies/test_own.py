"""A study of no document: findings of its own."""

import pytest
from pydantic import ValidationError
from small_study import small_study

from analysis.claims import Better, Level
from studies.study import Study, arm, described
from trainables.errors import InvalidSetting

ARMS = (arm("square", kernel="5x5"), arm("wide", kernel="3x8"))
OWN = {"document": "", "findings": {"WIDE": "Wide kernels are better."}}
CLAIM = Better(finding="WIDE", better="wide", worse="square")


def own(**fields: object) -> Study:
    return small_study(*ARMS, **{**OWN, "claims": (CLAIM,), **fields})


def test_its_findings_are_in_the_description_of_a_run():
    assert described(own(), "mine.py")["statements"] == OWN["findings"]
    assert own().tested == ["WIDE"]
    assert "statements" not in described(small_study(*ARMS), "yun_bi/x")


def test_its_claims_are_judged_under_the_headline_unless_they_name_protocols():
    named = Better(**{**CLAIM.model_dump(), "part": "too", "protocols": ("as_published",)})
    level = Level(finding="WIDE", part="level", arm="wide", printed=90.0)
    found = [claim.protocols for claim in own(claims=(CLAIM, named, level)).claims]
    assert found == [("corrected",), ("as_published",), level.protocols]
    document = small_study(*ARMS, claims=(Better(finding="S4-F14", better="wide", worse="square"),))
    assert document.claims[0].protocols == ("as_published", "corrected")


REFUSED = {
    "give its sentence, in `findings`, or the document": {"findings": {}},
    "did you mean 'WIDTH'": {"findings": {"WIDTH": "Wide kernels are better."}},
    "S4-F14 is a finding of yun_bi: give yours another id": {"findings": {"S4-F14": "Mine."}},
    "give it an id that can be read, and a sentence": {"findings": {"WIDE": " "}},
    "leave out `findings`, or the document": {"document": "yun_bi"},
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_a_study_of_its_own_cannot_say_is_refused(said: str):
    with pytest.raises((ValidationError, InvalidSetting), match=said):
        own(**REFUSED[said])
