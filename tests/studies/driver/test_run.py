"""What study.json says of the data of a run."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from studies.driver.run import find, labels, ownership
from trainables.corpora.nsynth_names import FAMILIES
from trainables.corpora.splits import Split
from trainables.data.segments import Segments
from trainables.data.splitting import Division
from trainables.errors import UserError
from trainables.resolving import resolve


def test_a_run_that_is_being_audited_is_not_called_none(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "new"
    with ownership(run), pytest.raises(UserError, match="new has just begun, and its data are being audited: look"):
        find("new", tmp_path)
    with pytest.raises(UserError, match=r"holds no study\.json"):
        find("new", tmp_path)


def test_labels_are_those_of_the_outputs_whatever_is_packed() -> None:
    clips = pd.DataFrame({"label": ["bass", "reed", "vocal"]})
    division = Division(clips, Segments(*np.zeros((3, 3), int), 1), clips, Split(*np.split(np.arange(3), [1, 2])))
    store = SimpleNamespace(labels=["bass", "reed", "synth_lead", "vocal"])
    divisions = cast("Any", SimpleNamespace(of=lambda configuration: division, store=store))
    of_parts, of_corpus = (resolve({"corpus": "nsynth", "outputs": name}) for name in ("parts", "corpus"))
    assert labels(divisions, []) == store.labels
    assert labels(divisions, [of_parts]) == ["bass", "reed", "vocal"]
    assert labels(divisions, [of_parts, of_corpus]) == list(FAMILIES)
