"""Studies are data, checked when made and when loaded; every study of the project is sound."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import FloatDistribution, IntDistribution, json_to_distribution
from pydantic import ValidationError

from analysis import findings
from analysis.claims import Equal
from search_spaces import joined, where
from search_spaces.optimisation import learning_rate, momentum, optimiser
from search_spaces.signal import frame_and_hop
from search_spaces.space import contains
from studies import catalogue, yun_bi
from studies.checks.validity import build_without_values, feature_shape
from studies.driver.run import run_directory
from studies.scale import SCALES, Scale
from studies.study import Study, arm, check, described, form
from trainables.configuration import Configuration
from trainables.corpora import CORPORA
from trainables.corpora.store import Store
from trainables.data.features import feature_settings
from trainables.errors import InvalidSetting
from trainables.trainings import trains

SECONDS = {"philharmonia": 2, "irmas": 3, "gtzan": 30, "nsynth": 4}
"""How long a clip of each corpus is, or may be."""


def make(**changes: object) -> Study:
    """A study as a file makes it, checked as it is when it is loaded."""
    fields = {
        "document": "yun_bi",
        "section": "",
        "title": "",
        "question": "",
        "corpus": "philharmonia",
        "epochs": 2,
        "fixed": {"architecture": "lenet"},
        "arms": (arm("square", kernel="5x5"), arm("wide", kernel="3x8")),
    }
    study = Study(**{**fields, **changes})
    check(study)
    return study


loaded = cache(catalogue.load)
"""Studies that have been checked: to check one again takes longer than most tests of it."""


@cache
def silence(corpus: str) -> Store:
    """A store of one silent clip of a corpus."""
    length = SECONDS[corpus] * CORPORA[corpus].rate
    clips = pd.DataFrame({"clip": ["silence"], "label": ["none"], "start": [0], "length": [length], "onset": [0]})
    clips = clips.assign(part="train", **dict.fromkeys(CORPORA[corpus].side_features, 0))
    audio = np.zeros(length, dtype=np.int16)
    return Store(Path("none"), "digest", CORPORA[corpus].rate, True, audio, clips, pd.DataFrame(), {})


@pytest.fixture(scope="module")
def build() -> Callable[[Configuration, int], None]:
    """Builds the network of a configuration on silence, each front end and each network once for all studies.

    Raises InvalidSetting if it cannot be built.
    """
    known: dict[str, tuple[int, ...]] = {}

    def once(key: list[Any], build: Callable[..., tuple[int, ...]], *what: Any) -> tuple[int, ...]:
        text = json.dumps(key, sort_keys=True)
        if text not in known:
            known[text] = build(*what)
        return known[text]

    def built(configuration: Configuration, classes: int) -> None:
        store = silence(configuration["corpus"])
        shape = once(feature_settings(configuration), feature_shape, store, configuration)
        network = [configuration["architecture"], configuration.part("architecture"), trains(configuration)]
        once([*network, shape, classes], build_without_values, configuration, shape, classes)

    return built


@pytest.mark.parametrize("name", catalogue.names())
class TestEveryStudy:
    def test_tests_registered_findings(self, name):
        study = loaded(name)
        assert study.tested

    def test_names_its_document_and_corpus(self, name):
        study = loaded(name)
        assert name.startswith(f"{study.document}/")
        assert study.corpus in CORPORA

    def test_printed_values_lie_in_the_search_space(self, name):
        study = loaded(name)
        for one in study.arms:
            for parameter, value in study.printed_choice(one).items():
                assert contains(study.tuned[parameter], value), parameter

    def test_every_arm_is_compared(self, name):
        study = loaded(name)
        compared = {one for claim in study.claims for one in claim.arms}
        assert compared == {one.name for one in study.arms}

    def test_every_arm_can_be_built_in_every_form(self, name, build):
        study = loaded(name)
        for each in (form(study, scale) for scale in SCALES):
            for one in each.arms:
                build(each.printed(one), findings.DOCUMENTS[study.document].classes)

    def test_description_is_plain(self, name):
        json.dumps(described(loaded(name), name))


def test_description_names_the_exploration_only_where_it_is_not_the_default():
    usual, sampled = (make(tuned=learning_rate(), exploration=name) for name in ("tpe", "sobol"))
    added = {name: value for name, value in described(sampled, "x").items() if name not in described(usual, "x")}
    assert described(sampled, "x") == {**described(usual, "x"), **added}
    assert added["exploration"] == "sobol"
    assert json_to_distribution(added["dimensions"]["learning_rate"]) == sampled.tuned["learning_rate"]


@pytest.mark.parametrize("document", sorted({name.partition("/")[0] for name in catalogue.names()}))
def test_a_network_has_one_name_in_all_studies_of_a_document(document):
    """What is explored of an arm depends on its name: under two names one network would be explored twice."""
    names = defaultdict(set)
    for study in (catalogue.declared(name) for name in catalogue.names() if name.startswith(f"{document}/")):
        for one in study.arms:
            names[json.dumps(dict(study.printed(one).settings), sort_keys=True)].add(one.name)
    assert [found for found in names.values() if len(found) > 1] == []


@pytest.mark.parametrize("document", ["yun_bi", "lunger_rho", "fagan", "raval_mateti", "hefetz_dahan"])
def test_every_finding_of_a_document_that_is_done_has_a_study(document):
    tested = {finding for name in catalogue.names() for finding in loaded(name).tested}
    assert {finding.id for finding in findings.of(document)} - tested == set()


def test_unknown_study_names_the_nearest():
    with pytest.raises(InvalidSetting, match="did you mean 'yun_bi/kernel_shape'"):
        catalogue.load("yun_bi/kernelshape")


def test_unknown_setting_of_an_arm_is_refused():
    with pytest.raises(InvalidSetting, match="did you mean 'kernel'"):
        make(arms=(arm("odd", kernell="5x5"),))


def test_impossible_recipe_of_an_arm_is_refused():
    with pytest.raises(InvalidSetting, match="which has no momentum"):
        make(arms=(arm("plain"), arm("odd", momentum=0.5)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"arms": (arm("a", kernel="5x5"), arm("a", kernel="3x8"))}, "same name"),
        ({"tuned": {"kernel": FloatDistribution(0, 1)}}, "tuned and differs"),
        ({"tuned": {"seed": IntDistribution(0, 9)}}, "tuned has 'seed', which is given by the scale: leave it out"),
        ({"fixed": {"protocol": "corrected"}}, "fixed has 'protocol', which is given by the `protocols` of its claims"),
        ({"arms": (arm("a", epochs=3),)}, "arm 'a' has 'epochs', which is given by the study's `epochs` and by the"),
        ({"arms": (arm("a", corpus="gtzan"),)}, "arm 'a' has 'corpus', which is given by the study's `corpus`"),
        ({"arms": (arm("a", fold=1),)}, "arm 'a' has 'fold'"),
        ({"arms": (arm("a", folds=2),)}, "arm 'a' has 'folds'"),
        ({"arms": (arm("a", split_seed=2),)}, "arm 'a' has 'split_seed'"),
        ({"epochs": 0}, "greater than or equal to 1"),
        ({"exploration": "grid"}, "'tpe', 'random' or 'sobol'"),
        (
            {"exploration": "random", "tuned": joined(optimiser(), where(momentum(), optimiser="sgd"))},
            "'momentum' is tuned only where other settings allow it",
        ),
        ({"exploration": "sobol", "tuned": frame_and_hop()}, "'hop' is tuned only where other settings allow it"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_unsound_study_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        make(**changes)


def test_an_arm_that_is_tuned_without_anything_to_choose_by_is_refused():
    generates = {"training": "dcgan", "architecture": "dcgan_discriminator", "front_end": "mfcc_image"}
    with pytest.raises(InvalidSetting, match="Arm 'gan' tunes 'learning_rate' and its training 'dcgan' has no valid"):
        make(arms=(arm("gan", **generates),), fixed={}, tuned=learning_rate())
    untuned = where(learning_rate(), training="classification")
    assert make(arms=(arm("gan", **generates),), fixed={}, tuned=untuned).arms


def test_an_arm_states_itself_what_it_does_not_tune():
    tuned = where(momentum(), optimiser="sgd")
    arms = (arm("sgd", optimiser="sgd"), arm("adam", optimiser="adam", momentum=0.9))
    study = make(arms=arms, tuned=tuned)
    assert [list(study.space(each)) for each in study.arms] == [["momentum"], []]
    with pytest.raises(ValidationError, match="tuned and differs"):
        make(arms=(arms[0], arm("slow", momentum=0.5)), tuned=tuned)


def test_arms_that_are_alike_are_refused_when_the_study_is_loaded():
    with pytest.raises(InvalidSetting, match="Two arms have the same settings"):
        make(arms=(arm("a", kernel="5x5"), arm("b")))


def test_unknown_document_names_the_nearest():
    with pytest.raises(InvalidSetting, match="Unknown document 'yunbi': did you mean 'yun_bi'"):
        make(document="yunbi")


def test_unknown_corpus_names_the_nearest():
    with pytest.raises(InvalidSetting, match="Unknown corpus 'gtzann': did you mean 'gtzan'"):
        make(corpus="gtzann")


def test_claim_about_an_unknown_arm_is_refused():
    with pytest.raises(InvalidSetting, match="did you mean 'wide'"):
        make(claims=(Equal(finding="S4-F3", first="square", second="wide_"),))


@pytest.mark.parametrize("finding", ["S4-F33", "S2-F3", "S4_F3"])
def test_claim_about_no_finding_of_the_document_names_the_nearest(finding):
    claim = Equal(finding=finding, first="square", second="wide")
    with pytest.raises(InvalidSetting, match=f"Unknown finding of yun_bi '{finding}': did you mean 'S4-F"):
        make(claims=(claim,))


def test_studies_are_made_without_what_trains_them():
    code = "import sys; from studies.catalogue import declared, names; print(*map(declared, names())); "
    code += "sys.exit(str({'torch', 'ray', 'librosa', 'optuna', 'pandas', 'scipy'} & set(sys.modules) or ''))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.stderr.strip() == ""


@given(epochs=st.integers(0, 300), printed=st.integers(1, 300), reduction=st.integers(2, 4))
def test_rungs_lie_between_a_third_of_the_epochs_and_the_end(epochs, printed, reduction):
    scale = Scale(name="x", trials=1, epochs=epochs, repetitions=1, reduction=reduction)
    last = scale.epochs_of(printed)
    assert 0 < last <= printed
    assert all(last / 3 <= rung < last for rung in scale.rungs(printed))


def test_smoke_never_decides():
    assert not SCALES["smoke"].decides


BROKEN = {
    "from studies.study import": "SyntaxError: ",
    "1 / 0": "ZeroDivisionError: division by zero",
    "import nothing_there": "ModuleNotFoundError: No module named 'nothing_there'",
    "raise SystemExit": "SystemExit",
    "from studies.yun_bi.units import STUDY as U\nSTUDY = U.model_copy(update={'fixed': {'bandz': 3}})": (
        "Unknown parameter 'bandz': did you mean 'bands'?"
    ),
    "from studies.scale import Scale\nScale(name=1)": "Scale, name: Input should be a valid string",
    "from analysis.claims import Equal\nEqual(finding='X', first='a', second='a')": "Equal claim of X: an arm is",
}


@pytest.mark.parametrize("source", BROKEN)
def test_file_that_cannot_be_imported_is_a_sentence_and_no_other_study_suffers(source, tmp_path, monkeypatch):
    # A name of its own in this process: a module that has been imported is not read again.
    name = f"unusable{list(BROKEN).index(source)}"
    (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.setattr(yun_bi, "__path__", [*yun_bi.__path__, str(tmp_path)])
    with pytest.raises(
        InvalidSetting, match=rf"^The file of study 'yun_bi/{name}' cannot be used: .*: mend it there.$"
    ) as error:
        catalogue.load(f"yun_bi/{name}")
    assert BROKEN[source] in str(error.value)
    assert catalogue.load("yun_bi/units").arms


def test_study_of_ones_own_is_a_file_anywhere(tmp_path, monkeypatch):
    source = Path(catalogue.imported("yun_bi/units").__file__).read_text()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "my_units.py").write_text(source.replace("LSTM of 128", "LSTM of as many as 128"))
    monkeypatch.chdir(tmp_path)
    study = catalogue.load("mine/my_units.py")
    assert "as many as 128" in study.question
    directory = run_directory(Path("runs"), "mine/my_units.py", study, SCALES["smoke"], SimpleNamespace(digest="d"))
    assert directory.name.startswith("my_units-smoke-")
    with pytest.raises(InvalidSetting, match=r"There is no file mine/units.py here: write the path"):
        catalogue.load("mine/units.py")
    (tmp_path / "broken.py").write_text("1 / 0")
    with pytest.raises(InvalidSetting, match=r"The file of study 'broken.py' cannot be used: ZeroDivisionError"):
        catalogue.load("broken.py")
    (tmp_path / "empty.py").write_text("STUDY = 3")
    with pytest.raises(InvalidSetting, match=r"'empty.py' defines no STUDY"):
        catalogue.load("empty.py")


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb"])
def test_arm_whose_name_can_name_no_file_is_refused(name):
    with pytest.raises(ValidationError, match="give it one that can be read"):
        arm(name, kernel="5x5")


@pytest.mark.parametrize("tuned", [None, 3, {"learning_rate": [1, 2]}, ["batch_size"]])
def test_what_is_no_search_space_is_refused(tuned):
    with pytest.raises(ValidationError, match="it is no search space"):
        make(tuned=tuned)


def test_a_reduced_form_replaces_settings_at_its_scales_and_says_so():
    arms = (arm("a", kernel="3x3", bands=64), arm("b", kernel="5x5", bands=64))
    reduced = {"smoke": {"bands": 16, "seconds": 0.5}}
    study = make(fixed={"architecture": "lenet", "seconds": 1.0}, arms=arms, reduced=reduced)
    small, full = form(study, "smoke"), form(study, "laptop")
    assert small.fixed == {"architecture": "lenet", "seconds": 0.5, "bands": 16}
    assert [each.settings for each in small.arms] == [{"kernel": "3x3", "bands": 16}, {"kernel": "5x5", "bands": 16}]
    assert described(small, "x")["reduced"] == reduced["smoke"]
    assert (full.fixed, full.arms) == (study.fixed, study.arms)
    assert "reduced" not in described(full, "x")
    night = study.model_copy(update={"reduced": {**reduced, "laptop": {"bands": 32}}})
    assert form(night, "laptop").fixed == {"architecture": "lenet", "seconds": 1.0, "bands": 32}


def test_an_arm_has_a_reduced_form_of_its_own():
    arms = (arm("a", bands=64, reduced={"laptop": {"frames": 40}}), arm("b", kernel="3x3", reduced={"smoke": {}}))
    study = make(arms=arms, reduced={"smoke": {"frames": 20}})
    assert study.reduced_at == ["smoke", "laptop"]
    night = form(study, "laptop")
    assert night.fixed == study.fixed
    assert [each.settings for each in night.arms] == [{"bands": 64, "frames": 40}, {"kernel": "3x3"}]
    assert [each.get("reduced") for each in described(night, "x")["arms"]] == [{"frames": 40}, None]
    assert "reduced" not in described(night, "x")
    assert form(study, "smoke").arms[1].reduced == {}
    assert not any("reduced" in each for each in described(form(study, "cluster"), "x")["arms"])


def test_what_an_arm_reduces_comes_before_what_all_do():
    arms = (arm("a", kernel="3x3", reduced={"smoke": {"bands": 8}}), arm("b", kernel="5x5"))
    small = form(make(arms=arms, reduced={"smoke": {"bands": 16}}), "smoke")
    assert [small.printed(each)["bands"] for each in small.arms] == [8, 16]


def test_a_reduced_form_is_checked():
    with pytest.raises(InvalidSetting, match="did you mean 'laptop'"):
        make(reduced={"labtop": {"bands": 16}})
    with pytest.raises(InvalidSetting, match="did you mean 'laptop'"):
        arm("a", reduced={"labtop": {"bands": 16}})
    with pytest.raises(ValidationError, match="reduced has 'epochs'"):
        make(reduced={"smoke": {"epochs": 1}})
    with pytest.raises(ValidationError, match="arm 'a' has 'epochs'"):
        make(arms=(arm("a", reduced={"smoke": {"epochs": 1}}),))
    with pytest.raises(ValidationError, match="tuned and differs"):
        make(arms=(arm("a", reduced={"smoke": {"learning_rate": 0.1}}),), tuned=learning_rate())
