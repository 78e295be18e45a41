"""`etude compare`: two runs side by side."""

import json
from pathlib import Path


def test_two_runs_are_compared_in_the_terminal_and_as_a_page(etude, synthetic_run, tmp_path: Path):
    plan = {"arms": ("LeNet_5*5_64*80", "LeNet_3*8_64*80"), "claims": (), "labels": ("banjo", "cello"), "epochs": 2}
    first = synthetic_run(tmp_path / "first", explored=1, repetitions=2, **plan)
    second = synthetic_run(tmp_path / "second", explored=1, repetitions=2, seed=1, **plan)
    study = json.loads((second / "study.json").read_text())
    study["scale"]["name"] = "cluster"
    (second / "study.json").write_text(json.dumps(study))
    code, out, err = etude("compare", first, second, "--home", tmp_path)
    assert code == 0, err
    assert "laptop" in out and "cluster" in out and "Verdicts: nothing differs." in out and " → " in out
    code, out, err = etude("compare", first, second, "--home", tmp_path, "--html", tmp_path / "page.html")
    assert code == 0, err
    assert "Test accuracy, run 2" in (tmp_path / "page.html").read_text(encoding="utf-8")
    code, _, err = etude("compare", first, tmp_path / "no-such-run", "--home", tmp_path)
    assert code == 1 and "Unknown run" in err
