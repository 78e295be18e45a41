"""A study on other audio: what can be moved is, what changes is listed, what cannot be moved says why."""

import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from plainly import Plainly
from small_study import small_study

from analysis.claims import Better, ClassShare, Equal, Fact, Level, Recall, Runs
from analysis.report import matrix
from analysis.runs import Run
from analysis.text import replication
from analysis.verdicts import finding_verdicts
from search_spaces.optimisation import learning_rate
from studies import catalogue
from studies.commands import launching
from studies.console import silent
from studies.driver.run import run_directory
from studies.replication import moved
from studies.resources import Resources
from studies.scale import SCALES, Scale
from studies.study import Arm, Study, arm, described
from trainables.corpora import CORPORA
from trainables.errors import InvalidSetting, UserError

CORPUS_NAMES = tuple(CORPORA)
loaded = cache(catalogue.load)
"""Studies that have been checked: to check one again takes longer than to move it."""
MOVES = [(name, corpus) for name in catalogue.names() for corpus in CORPUS_NAMES]


@pytest.mark.parametrize(("name", "corpus"), MOVES)
def test_every_study_is_moved_or_says_why_not(name, corpus):
    study = loaded(name)
    # A setting of NSynth's protocols alone, and labels that only NSynth has.
    official = {one.name for one in study.arms if "trained_on" in one.settings or unlabelled(study, one, corpus)}
    bound = [claim.name for claim in study.claims if claim.stays or official & set(claim.arms)]
    if corpus == study.corpus:
        with pytest.raises(InvalidSetting, match=f"{corpus} is the corpus of this study itself: leave --corpus away"):
            moved(study, corpus, {})
    elif len(bound) == len(study.claims):
        with pytest.raises(InvalidSetting, match=f"No claim of this study can be moved to {corpus}: {bound[0]}: "):
            moved(study, corpus, {})
    else:
        check_moved(study, moved(study, corpus, {}), corpus, name)


def unlabelled(study: Study, one: Arm, corpus: str) -> bool:
    """Whether an arm's clips have labels that a corpus does not say."""
    labels = {**study.fixed, **one.settings}.get("labelled_by", "")
    return bool(labels) and labels not in CORPORA[corpus].labellings


def check_moved(study: Study, found: Study, corpus: str, name: str) -> None:
    assert (found.corpus, found.document, found.epochs) == (corpus, study.document, study.epochs)
    listed = found.replicates.left_out
    for claim in study.claims:
        assert (claim in found.claims) != any(line.startswith(f"{claim.name}: ") for line in listed)
    for one in study.arms:
        assert (one in found.arms) != any(line.startswith(f"arm '{one.name}': ") for line in listed)
    rates = (CORPORA[study.corpus].rate, CORPORA[corpus].rate)
    assert found.replicates.changed.get("sampling rate in Hz", (rates[0],) * 2) == rates
    before, after = described(study, name), json.loads(json.dumps(described(found, name)))
    assert "replicates" not in before
    assert after["replicates"]["corpus"] == study.corpus
    directories = {
        run_directory(Path("runs"), name, each, SCALES["smoke"], SimpleNamespace(digest="d")).name
        for each in (study, found)
    }
    assert f"{name.replace('/', '.')}-{corpus}-smoke-" in "".join(directories)
    assert len(directories) == 2


def test_what_arms_differ_in_is_not_listed_as_changed():
    found = moved(loaded("lunger_rho/learning_rate"), "philharmonia", {"segmentation": "onset"})
    assert found.replicates.changed == {"segmentation": ("windows", "onset")}
    assert found.arms[0].settings["learning_rate"] == 1e-5


def test_where_nothing_can_be_moved_for_its_arms_one_says_why():
    with pytest.raises(
        InvalidSetting,
        match=r"S0-F18 up to 30: arm 'CNN, 13 coefficients' cannot be moved; arm 'CNN, 13 coefficients': its clips are "
        r"labelled by instrument, which philharmonia does not say\.$",
    ):
        moved(loaded("lunger_rho/coefficients_with_more_labels"), "philharmonia", {})


def test_what_only_the_corpus_has_goes_with_what_is_about_it():
    """Settings of its protocols are dropped; arms about them, levels, facts and figures stay behind."""
    study = Study(
        document="lunger_rho",
        section="",
        title="",
        question="",
        corpus="irmas",
        epochs=2,
        fixed={"architecture": "cnn", "front_end": "mfcc", "segmentation": "windows", "loss": "bce"},
        tuned=learning_rate(1e-4, 1e-1),
        arms=(
            arm("some", dropout=0.5),
            arm("none", dropout=0.0),
            arm("more data", dropout=0.5, shares="80/20"),
            arm("wide", dropout=0.25),
        ),
        claims=(
            Better(finding="S0-F13", better="some", worse="none"),
            Better(finding="S0-F2", better="some", worse="more data"),
            Better(finding="S0-F9", better=0.0, worse="some", metric="gap"),
            Equal(finding="S0-F1", first="none", second=11.6),
            Level(finding="S0-F3", arm="wide", printed=30, relation="above"),
            Fact(finding="S0-F35", fact="most_labels_of_a_test_excerpt", printed=5),
            Runs(finding="S0-F4", of=("some", "none"), low=15.0, high=20.0),
            Runs(finding="S0-F10", of=("some", "none"), metric="gap", low=0.0),
            Recall(finding="S0-F40", arm="some", classes=("flute",), less=("cello",)),
            ClassShare(finding="S0-F37", better="some", worse="none", classes=("flute", "cello")),
        ),
        inflation=("some", "more data"),
    )
    found = moved(study, "nsynth", {"seconds": "1"})
    assert [claim.finding for claim in found.claims] == ["S0-F13", "S0-F9", "S0-F10"]
    assert [each.name for each in found.arms] == ["some", "none"]
    assert found.inflation == ("some",)
    assert found.tuned is study.tuned
    assert found.replicates.changed == {"sampling rate in Hz": (44_100, 16_000), "seconds": (0.3, 1.0)}
    assert found.replicates.left_out == (
        "S0-F2: arm 'more data' cannot be moved",
        "S0-F1: 11.6 is a figure of its corpus",
        "S0-F3: a level is that of the audio it was printed for",
        "S0-F35: a fact is about the files of its corpus",
        "S0-F4: 15 is a figure of its corpus",
        "S0-F40: it names classes of its corpus",
        "S0-F37: it names classes of its corpus",
        "arm 'more data': shares is a setting of irmas alone",
        "arm 'wide': no claim that can be moved is about it",
    )
    said = replication(described(found, "")["replicates"], "nsynth")
    assert "on nsynth of a study of irmas" in said
    assert "Changed: sampling rate in Hz from 44100 to 16000; seconds from 0.3 to 1. Left out: S0-F2: arm" in said


def test_shares_of_the_steps_of_a_training_are_no_figures_of_a_corpus():
    study = catalogue.load("lunger_rho/gan")
    found = moved(study, "philharmonia", {"segmentation": "onset", "seconds": "1", "width": "16"})
    assert {100.0} <= {constant for claim in study.claims for constant in claim.constants}
    assert (found.claims, found.replicates.left_out) == (study.claims, ())


def shared(**fixed: object) -> Study:
    """A study on IRMAS with these settings of every arm."""
    return small_study(
        arm("some", dropout=0.5),
        arm("none", dropout=0.0),
        document="lunger_rho",
        corpus="irmas",
        fixed={"architecture": "cnn", "front_end": "mfcc", "segmentation": "windows", "seconds": 0.3, **fixed},
        claims=(Better(finding="S0-F13", better="some", worse="none"),),
    )


def test_settings_without_meaning_are_dropped_and_listed():
    found = moved(shared(shares="80/20"), "philharmonia", {"segmentation": "parts", "count": "4"})
    assert found.fixed == {"architecture": "cnn", "front_end": "mfcc", "segmentation": "parts", "count": 4}
    assert found.replicates.changed == {
        "segmentation": ("windows", "parts"),
        "seconds": (0.3, None),
        "shares": ("80/20", None),
        "count": (None, 4),
    }
    assert "shares from 80/20 to none" in replication(described(found, "")["replicates"], "philharmonia")


def test_networks_that_are_told_what_the_corpus_does_not_say_stay_behind():
    study = small_study(
        arm("small", kernel="3x3"),
        arm("large", kernel="5x5"),
        arm("told", side_features="velocity+pitch"),
        document="raval_mateti",
        corpus="nsynth",
        claims=(
            Better(finding="S3-F1", better="told", worse="small"),
            Better(finding="S3-F2", better="large", worse="small"),
        ),
    )
    found = moved(study, "gtzan", {})
    assert [each.name for each in found.arms] == ["small", "large"]
    assert found.replicates.left_out == (
        "S3-F1: arm 'told' cannot be moved",
        "arm 'told': its networks are told the velocity of a clip, which gtzan does not say",
    )
    assert found.replicates.changed == {"sampling rate in Hz": (16_000, 22_050), "classes": (11, 10)}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"frammes": "20"}, "Unknown setting of arm 'some' 'frammes': did you mean 'frames'"),
        ({"lr": "0.1"}, "Unknown setting of arm 'some' 'lr': did you mean 'learning_rate'"),
        ({"dropout": "0.1"}, r"--set dropout: arms differ in it \('some' has 0.5, 'none' has 0\.?0?\); leave it out"),
        ({"epochs": "3"}, "--set epochs: that is given by the study's `epochs` and by the scale; leave it out"),
        ({"seconds": "long"}, "seconds is 'long': it must be a number like 0.3"),
        ({"optimiser": "adamm"}, "Unknown optimiser 'adamm': did you mean 'adam'"),
        ({"shares": "80/20"}, "Unknown setting of arm 'some' 'shares'"),
    ],
)
def test_setting_that_cannot_be_given_is_refused(texts, message):
    with pytest.raises(InvalidSetting, match=message):
        moved(shared(), "philharmonia", texts)


def test_what_every_arm_has_alike_can_be_given():
    """Arms that are a document's models bring settings of their own, in which they may not differ."""
    study = shared()
    alike = [arm.model_copy(update={"settings": {**arm.settings, "hop": 512}}) for arm in study.arms]
    found = moved(study.model_copy(update={"arms": tuple(alike)}), "philharmonia", {"hop": "128"})
    assert found.fixed["hop"] == 128 and found.replicates.changed["hop"] == (512, 128)
    assert all("hop" not in arm.settings for arm in found.arms)
    one = alike[0].model_copy(update={"settings": {**alike[0].settings, "hop": 256}})
    with pytest.raises(InvalidSetting, match=f"--set hop: arms differ in it .*'{one.name}' has 256"):
        moved(study.model_copy(update={"arms": (one, *alike[1:])}), "philharmonia", {"hop": "128"})


def test_a_setting_in_which_architectures_differ_cannot_be_given():
    """An LSTM has no convolutions: widths of others would give it some, and it would be another network."""
    with pytest.raises(InvalidSetting, match=r"--set widths: arms differ in it \('LSTM' has '', 'LSTM after .* has '1"):
        moved(loaded("fagan/recurrent"), "philharmonia", {"widths": "16-16-32"})


def test_unknown_corpus_names_the_nearest():
    with pytest.raises(InvalidSetting, match="Unknown corpus 'gtzann': did you mean 'gtzan'"):
        moved(shared(), "gtzann", {})


def test_what_a_move_was_given_gives_it_again():
    found = moved(shared(), "gtzan", {"seconds": "0.5", "normalise": "none"})
    assert moved(shared(), "gtzan", found.replicates.settings) == found


def test_reduced_form_goes_along_but_for_what_is_given_or_means_nothing():
    form = {"coefficients": 13, "seconds": 0.2, "shares": "80/20"}
    study = shared()
    arms = tuple(each.model_copy(update={"reduced": {"laptop": form}}) for each in study.arms)
    study = study.model_copy(update={"reduced": {"smoke": form}, "arms": arms})
    found = moved(study, "gtzan", {"seconds": "0.5"})
    assert found.reduced == {"smoke": {"coefficients": 13}}
    assert all(each.reduced == {"laptop": {"coefficients": 13}} for each in found.arms)


def test_a_moved_study_is_run_to_a_page_that_says_so(store, tmp_path, monkeypatch):
    """On rendered notes: trained, stopped, gone on with from its folder, judged and shown."""
    small = {"seconds": 0.25, "coefficients": 6, "bands": 16, "frame": 512, "hop": 512, "optimiser": "sgd"}
    study = shared(shares="80/20", **small)
    monkeypatch.setattr(launching.catalogue, "load", lambda _: study)
    (tmp_path / "corpora").symlink_to(store.path.parent)
    scale = Scale(name="smoke", trials=1, epochs=1, repetitions=2, folds=2, decides=False)
    (request,) = launching.requests(
        ["lunger_rho/mine"], scale, tmp_path, None, silent, rendered=True, corpus="philharmonia", settings=["hop=256"]
    )
    monkeypatch.setattr("studies.driver.launch.train_all", Plainly(2))
    with pytest.raises(UserError, match="Stopped"):
        launching.launch([request], Resources(), silent)
    monkeypatch.setattr("studies.driver.launch.train_all", Plainly())
    again = launching.begun(request.directory.name, tmp_path)
    assert again.directory == request.directory
    (page,) = launching.launch([again], Resources(), silent)
    run = Run.load(page.parent, finished=True)
    assert run.elsewhere == "philharmonia"
    assert run.replicates["changed"] == {"hop": [512, 256], "shares": ["80/20", None]}
    assert {json.loads(text)["hop"] for text in run.trials["settings"]} == {256}
    assert {verdict.origin.elsewhere for verdict in finding_verdicts(run)} == {"philharmonia"}
    (row,) = (row for row in matrix(finding_verdicts(run)) if row.finding.id == "S0-F13")
    assert not row.judged and len(row.elsewhere) == 2
    shown = page.read_text()
    assert "A conceptual replication on philharmonia of a study of irmas: no verdict of the finding itself." in shown
    assert "Changed: shares from 80/20 to none; hop from 512 to 256." in shown
    assert "at 44,100 Hz are of 4 classes; the largest has 25.0 % of them." in shown


def test_what_cannot_be_built_is_looked_for_in_the_form_of_the_scale():
    name = "fagan/strided_convolutions"
    short = {"segmentation": "onset", "seconds": "0.9", "target_rate": "22050"}
    study = moved(loaded(name), "philharmonia", short)
    launching.refuse_unfit(name, study, SCALES["laptop"])  # Segments of 19,683 samples.
    with pytest.raises(InvalidSetting, match="crop is 59049: the segments have 19845 samples"):
        launching.refuse_unfit(name, study, SCALES["cluster"])
