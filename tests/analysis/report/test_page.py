"""The report's text and structure, without a browser."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from analysis.claims import Better, Cost, Fact, dump
from analysis.metrics import METRICS
from analysis.report import render
from analysis.report.rows import claim_rows, differing
from analysis.runs import EXCERPT_COLUMNS, Run
from analysis.verdicts import verdicts

ARMS = ("LeNet_5*5_64*80", "LeNet_3*8_64*80")
CLAIMS = (Better(finding="S4-F14", better=ARMS[1], worse=ARMS[0], printed=3.0),)
SMALL = {"arms": ARMS, "claims": CLAIMS, "repetitions": 2, "epochs": 6, "explored": 3, "notes": 2}
HOSTILE = "<script>alert(1)</script>"


class Outline(HTMLParser):
    """Tags, ids, and what each link points to."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if tag == "a" and attributes.get("href") else []


def visible(page: str) -> str:
    """A page's text without scripts and styles."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture(scope="module")
def run(synthetic_run, tmp_path_factory) -> Run:
    return Run.load(synthetic_run(tmp_path_factory.mktemp("page") / "run", **SMALL))


@pytest.fixture(scope="module")
def page(run: Run) -> str:
    return render(run)


def test_a_cost_in_any_metric_is_shown_in_words(run: Run):
    names = ("accuracy", "minimum_recall", "area", "best_epoch", "seconds_per_epoch")
    claims = [Cost(finding="S4-F6", part=name, metric=name, cheaper=ARMS[0], dearer=ARMS[1]) for name in names]
    study = {**run.study, "study": {**run.study["study"], "claims": dump(claims)}}
    page = render(replace(run, study=study))
    for name in names:
        assert f"in {METRICS[name].words} is" in page
        assert METRICS[name].axis in page


def test_page_is_one_file_that_loads_nothing(page: str):
    html = unescape(re.sub(r"<script>.*?</script>", "", page, flags=re.S))
    assert "default-src 'none'" in html
    assert not re.search(r"\b(?:src|srcset|action)\s*=", html.partition("<body>")[2])
    loaded = re.sub(r'<a href="https://[^"]+" rel="noreferrer">', "", html.partition("<main")[2])
    assert not re.search(r"https?://", loaded)
    assert page.count("plotly.js v") == 1
    assert len(page.encode()) < 8_000_000


def test_policy_lists_the_hash_of_every_script(page: str):
    scripts = re.findall(r"<script>", page)
    assert len(re.findall("'sha256-", unescape(page.partition("<style>")[0]))) == len(scripts) == 4


def test_links_within_the_page_have_targets_and_ids_are_unique(page: str):
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert {"S4-F14", "verdicts", "costs", "provenance"} <= set(outline.ids)
    assert {"trials.parquet", "epochs.parquet", "predictions.parquet"} <= set(outline.links)


def test_verdicts_come_before_everything_else(page: str):
    places = [
        page.index(f'id="{id}"')
        for id in ("verdicts", "findings", "curves", "protocols", "data", "costs", "provenance")
    ]
    assert places == sorted(places)


def test_page_says_what_the_document_printed_and_what_was_found(page: str):
    text = visible(page)
    assert "LeNet is more accurate with 3x8 kernels than with 5x5." in text
    assert "3 points" in text
    assert "preview (n &lt; 8)" in text
    assert "Over 2 paired seeds" in text


def test_page_says_what_each_arm_chose_and_where_it_ends(page: str):
    text = visible(page).partition("What each arm chose")
    assert f"{ARMS[0]} learning rate 0.003 guessed 0.001 0.0001 to 0.01, logarithmic" in text[2]
    assert f"{ARMS[0]} corrected chosen" in text[0] and f"{ARMS[1]} as published as printed" in text[0]


def test_page_says_how_models_are_taken_where_there_are_any(run: Run, page: str):
    assert f"Models etude export {run.path.name} , where the run has its checkpoints" in visible(page)
    untrained = replace(run, epochs=run.epochs.assign(train_loss=float("nan")))
    assert "etude export" not in render(untrained)


def test_every_table_has_a_caption_and_every_figure_a_label(page: str):
    assert page.count("<table") == page.count("<caption")
    assert len(re.findall(r'class="canvas"[^>]*aria-label="[^"]+"', page)) == page.count('class="canvas"') > 0
    assert all("scope=" in head for head in re.findall(r"<th\b[^>]*>", page))


def test_contradictions_of_the_document_are_all_shown(page: str):
    assert [id for id in ("X22", "X23", "X24", "X25", "X26", "X27") if id in visible(page)] == [
        "X22",
        "X23",
        "X24",
        "X25",
        "X26",
        "X27",
    ]


@pytest.fixture(scope="module")
def hostile(synthetic_run, tmp_path_factory) -> Run:
    names = {"arms": (HOSTILE, 'b"></div>'), "labels": (HOSTILE, "<b>flute</b>"), "problems": (f"{HOSTILE}/a.mp3",)}
    claims = (Better(finding="S4-F14", better=HOSTILE, worse='b"></div>'),)
    run = Run.load(synthetic_run(tmp_path_factory.mktemp("hostile") / "run", **{**SMALL, **names, "claims": claims}))
    run.study["study"]["title"] = HOSTILE
    run.study["provenance"]["command"] = f"etude run '{HOSTILE}'"
    return run


def test_names_from_the_data_are_escaped(hostile: Run):
    page = render(hostile)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert Outline(page).tags.count("script") == render_scripts(page)


def render_scripts(page: str) -> int:
    return page.count("<script>") + page.count('<script type="application/json"')


def test_unfinished_run_says_how_far_it_is(synthetic_run, tmp_path):
    run = Run.load(synthetic_run(tmp_path / "run", **SMALL, confirm=False, pictures=False))
    text = visible(render(run))
    assert "unfinished Explore 6 of 6, confirm 0 of 16." in text
    assert "not run" in text


def test_page_says_at_which_look_a_run_stopped_and_why(run: Run):
    look = {"epochs": 34, "repetitions": 8, "tested": True, "open": {}, "next_epochs": 34, "looked": "2026-01-01"}
    stopped = replace(run, study={**run.study, "looks": [look]})
    said = "Stopped when decided looked after 8 repetitions of 34 epochs: all is decided, or can no longer be"
    assert said in visible(render(stopped))
    assert stopped.budget[0] == 34


def test_run_without_any_trial_renders(run: Run):
    bare = replace(run, trials=run.trials[:0], epochs=run.epochs[:0], predictions=run.predictions[:0])
    bare.study["progress"] = {"finished": False}
    assert "Nothing has been trained" in visible(render(bare))


def test_study_of_facts_alone_renders(run: Run):
    study = {**run.study["study"], "arms": [], "claims": [], "tuned": {}}
    study["claims"] = [Fact(finding="S4-F19", fact="instruments", printed=25).model_dump()]
    parts = {**run.study, "study": study, "protocols": {}, "architectures": {}, "example": {}, "rungs": {}}
    alone = Run(run.path, parts, run.trials[:0], run.epochs[:0], run.predictions[:0])
    text = visible(render(alone))
    assert "contradicted" in text
    assert "No network was trained" in text
    assert "reduced budget" not in text


def test_figures_are_those_that_the_document_prints(page: str, run: Run):
    text = visible(page)
    assert all(title in text for title in ("S4-G2 · Kernel shapes", "S4-G6 · LeNet", "(S4-G1, S4-G4)"))
    assert "S4-G5" not in text
    assert "S4-G7" not in text


@pytest.fixture(scope="module")
def elsewhere(run: Run) -> str:
    """The page of a study of a document that prints no figures, tested on published excerpts too."""
    study = {**run.study, "study": {**run.study["study"], "document": "fagan"}}
    several = {"labels": run.predictions["label"] + "|zither", "number_of_labels": 2}
    named = dict.fromkeys(("named", "ranked"), run.predictions["prediction"])
    excerpts = run.predictions.assign(**several, **named)[list(EXCERPT_COLUMNS)]
    return visible(render(Run(run.path, study, run.trials, run.epochs, run.predictions, excerpts)))


def test_a_document_that_prints_no_figures_shows_none_of_another(elsewhere: str):
    assert "Kernel shapes" not in elsewhere and "S4-G" not in elsewhere


def test_scores_of_published_excerpts_stand_beside_accuracy(page: str, elsewhere: str):
    heading = "Where each arm ends on the published test excerpts"
    table = elsewhere.partition(heading)[2]
    assert all(name in table for name in ("Accuracy", "Micro F1", "Macro F1", "Label ranking precision"))
    assert heading not in page


def test_the_data_are_shown(page: str):
    text = visible(page.partition('<h2 id="data">')[2])
    assert "In no part: synth_lead." in text
    assert "40 of 160" in text
    assert "40.0 % of the clips" in text
    assert "64 bands or 128 bands differs between arms" in text
    assert "3 segments of 0.5 s; shaded: number 2" in text


@pytest.fixture(scope="module")
def lesser(synthetic_run, tmp_path_factory) -> str:
    """The page of a run of smoke scale over rendered audio, without pictures."""
    path = tmp_path_factory.mktemp("lesser") / "run"
    return render(Run.load(synthetic_run(path, **SMALL, pictures=False, rendered=True, decides=False)))


def test_a_run_without_pictures_has_no_such_section(lesser: str):
    assert 'id="data"' not in lesser
    assert 'href="#data"' not in lesser


def test_rendered_audio_and_smoke_scale_are_announced(lesser: str):
    banner = visible(lesser.partition('<ul class="tally">')[0])
    assert "rendered audio" in banner
    assert "smoke scale" in banner
    assert "reduced budget" in banner


def test_a_setting_that_an_arm_leaves_empty_is_called_none(run: Run):
    arms = [
        {**arm, "settings": {"units": units}} for arm, units in zip(run.study["study"]["arms"], ("", "64"), strict=True)
    ]
    study = {**run.study, "study": {**run.study["study"], "arms": arms}}
    assert differing(replace(run, study=study), ARMS) == {"units": ["none", "64"]}


def test_both_numbers_of_repetitions_are_shown_where_protocols_have_others(run: Run):
    trials = run.trials
    fewer = trials[~((trials["protocol"] == "as_published") & (trials["repetition"] == 1001))]
    found = replace(run, trials=fewer)
    (row,) = claim_rows(found, verdicts(found))
    assert (row.n, row.ns) == (2, "2, 1")
