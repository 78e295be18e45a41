"""What has been trained already is taken over: of the same trial, or of one of fewer epochs."""

import json

import pytest
from small_study import small_study
from written import write_trial

from studies.adoption import FAILED, adopt
from studies.study import arm
from trainables.trial import ABOUT, CHECKPOINT, CONFIG, EPOCHS, PREDICTIONS, records

STUDY = small_study(arm("one"))


def configuration(epochs, **settings):
    return STUDY.configured(STUDY.arms[0], {"epochs": epochs, **settings})


@pytest.fixture
def trained(tmp_path):
    """`trained(run, budget, epochs)` writes what a run has of a trial of so many epochs."""

    def write(run, budget, epochs, *, tested=False, digest="digest"):
        directory = tmp_path / run / "trials" / configuration(budget).trial(digest)
        write_trial(directory, epochs, tested=tested)
        (directory / CONFIG).write_text(json.dumps(dict(configuration(budget).settings)))
        (directory / CHECKPOINT).write_text(f"{run} {epochs}")
        (directory / FAILED).write_text("{}")
        return directory

    return write


def adopted(tmp_path, budget, **settings):
    wanted = configuration(budget, **settings)
    directory = tmp_path / "now" / "trials" / wanted.trial("digest")
    return directory, adopt(directory, wanted, "digest")


@pytest.mark.parametrize("run", ["now", "earlier"])
def test_the_furthest_trial_of_fewer_epochs_is_its_beginning_but_for_what_was_predicted(tmp_path, trained, run):
    trained("other", 9, 2)
    found = trained(run, 3, 3, tested=True)
    directory, other = adopted(tmp_path, 10)
    assert other == found
    assert {path.name for path in directory.iterdir()} == {ABOUT, CHECKPOINT, CONFIG, EPOCHS}
    assert len(records(directory)) == 3
    assert json.loads((directory / CONFIG).read_text()) == configuration(10).settings
    assert (directory / CHECKPOINT).read_text() == f"{run} 3"


def test_the_trial_itself_is_taken_where_it_was_tested(tmp_path, trained):
    trained("earlier", 9, 9, tested=True)
    found = trained("other", 10, 10, tested=True)
    directory, other = adopted(tmp_path, 10)
    assert other == found
    assert (directory / PREDICTIONS).exists()
    assert not (directory / FAILED).exists()


def test_a_trial_that_was_stopped_gives_way_to_a_shorter_one_that_went_further(tmp_path, trained):
    trained("earlier", 10, 3)
    found = trained("other", 9, 9)
    assert adopted(tmp_path, 10)[1] == found


@pytest.mark.parametrize("settings", [{"schedule": "cosine"}, {"seed": 1}, {"training": "dual"}])
def test_nothing_else_is_a_beginning(tmp_path, trained, settings):
    trained("earlier", 9, 9)
    trained("other", 11, 11)
    trained("third", 9, 9, digest="other data")
    directory, other = adopted(tmp_path, 10, **settings)
    assert other is None
    assert not directory.exists()


def test_a_schedule_that_depends_on_the_number_of_epochs_has_no_beginning(tmp_path):
    shorter = configuration(9, schedule="cosine").trial("digest")
    write_trial(tmp_path / "earlier" / "trials" / shorter, 9)
    assert adopted(tmp_path, 10, schedule="cosine")[1] is None
