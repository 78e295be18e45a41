"""`etude report --clips`: clips of mistakes beside the page, where the corpus is at hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from trainables.corpora.store import Store


def test_clips_are_kept_where_the_corpus_is_packed_and_refused_where_not(etude, synthetic_run, store: Store, tmp_path):
    plan = {"arms": ("a",), "claims": (), "labels": tuple(store.labels), "epochs": 2, "repetitions": 2, "notes": 8}
    run: Path = synthetic_run(tmp_path / "run", **plan)
    code, _, err = etude("report", run, "--clips", "--home", tmp_path / "home")
    assert code == 1 and "The data of this run (philharmonia" in err and len(err.strip().splitlines()) == 1
    study = json.loads((run / "study.json").read_text())
    study["data"] |= {"digest": store.digest, "rendered": store.rendered, "corpus": "philharmonia"}
    (run / "study.json").write_text(json.dumps(study))
    answers = pd.read_parquet(run / "predictions.parquet")
    items = np.resize(store.clips.sort_values("label")["clip"].to_numpy(), len(answers))
    answers.assign(item=items).to_parquet(run / "predictions.parquet", index=False)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "corpora").symlink_to(store.path.parent)
    code, out, err = etude("report", run, "--clips", "--home", tmp_path / "home")
    assert code == 0, err
    assert "Clips of mistakes: " in out and list((run / "mistakes").glob("*.ogg"))
    assert "<audio" in (run / "report.html").read_text(encoding="utf-8")
