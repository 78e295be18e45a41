"""What cannot be built is known before it is trained, by the registered functions' own refusals."""

import io
import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from small_study import small_study

from search_spaces import Space, joined, where
from search_spaces.kernels import kernel, kernel_length
from search_spaces.optimisation import batch_size, learning_rate, momentum, optimiser
from search_spaces.signal import bands, frame, frame_and_hop, seconds
from search_spaces.space import choice
from studies.checks.validity import Buildable, grid, left_out, refuse_unbuildable, smallest, why_not
from studies.commands.planning import plan
from studies.driver.journal import Explore
from studies.driver.launch import Launch, launch
from studies.resources import Resources
from studies.scale import Scale
from studies.study import Study, arm
from trainables.architectures import ARCHITECTURES
from trainables.errors import InvalidSetting, UserError
from trainables.resolving import resolve

SCALE = Scale(name="test", trials=30, epochs=3, repetitions=1)


LENET = {"architecture": "lenet", "second_kernel": "3x3", "frames": 0, "hop": 256, "bands": 64}
SQUARE, HIGH = arm("square", kernel="5x5"), arm("high", kernel="25x3")


def study(tuned: Space, **fixed: object) -> Study:
    return small_study(SQUARE, HIGH, epochs=3, tuned=tuned, fixed={**LENET, **fixed})


@pytest.fixture(scope="module")
def buildable(store):
    return Buildable(store)


def test_configuration_that_can_be_built_has_nothing_against_it(buildable):
    assert buildable.why_not(resolve({})) is None


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"kernel": "70x3"}, "kernel 70x3 is larger than the 64 x 80 input"),
        (
            {"architecture": "cnn_1d_gap", "kernel": "4001"},
            "longer than the convolutions' input of 80: set kernel to '80'",
        ),
        ({"frame": 256, "hop": 128, "bands": 128}, "bands is 128"),
        ({"front_end": "mfcc", "coefficients": 129}, "coefficients is 129"),
        ({"seconds": 0.00001}, "needs at least one sample"),
        ({"augmentation": "volume", "gain_db": -1.0}, "gain_db is -1.0"),
    ],
)
def test_each_part_refuses_what_it_cannot_do(buildable, settings, reason):
    assert reason in buildable.why_not(resolve(settings))


def test_nothing_is_built_twice(store, monkeypatch):
    once = Buildable(store)
    once.why_not(resolve({"kernel": "3x5"}))
    once.why_not(resolve({"kernel": "90x5"}))
    for name in ("feature_shape", "build_without_values"):
        monkeypatch.setattr(f"studies.checks.validity.{name}", lambda *_: pytest.fail("built again"))
    assert once.why_not(resolve({"kernel": "3x5", "learning_rate": 0.5, "augmentation": "volume"})) is None
    assert "90x5" in once.why_not(resolve({"kernel": "90x5", "seed": 3}))


def test_recipe_that_cannot_train_is_refused_without_data():
    one = study(learning_rate())
    assert "which has no momentum" in why_not(one, one.arms[0], {"momentum": 0.5})
    assert why_not(one, one.arms[0], {"optimiser": "sgd", "momentum": 0.5}) is None


def test_arm_that_cannot_be_built_is_refused_by_name(buildable):
    refuse_unbuildable(study(learning_rate()), buildable)
    with pytest.raises(InvalidSetting, match="Arm high of this study cannot be built: The kernel 25x3"):
        refuse_unbuildable(study(learning_rate(), bands=20), buildable)


SHAPES = joined(bands(16, 64, 128), frame(512, 1024))


def test_grid_is_of_the_choices_that_are_not_the_recipes():
    assert len(grid(joined(SHAPES, batch_size(8, 16), learning_rate()))) == 6
    conditional = joined(SHAPES, where(kernel("3x3", "5x5"), bands=64))
    assert len(grid(conditional)) == 2 + 2 + 4
    by_recipe = joined(optimiser("adam", "sgd"), where(kernel("3x3", "5x5"), optimiser="sgd"))
    assert grid(by_recipe) == [
        {"optimiser": "adam"},
        {"optimiser": "sgd", "kernel": "3x3"},
        {"optimiser": "sgd", "kernel": "5x5"},
    ]


def test_what_is_left_out_is_one_sentence_an_arm(buildable):
    square, high = left_out(study(joined(SHAPES, learning_rate(), kernel_free())), buildable)
    assert square.startswith("square: 2 of 12 combinations are never drawn, those with bands=128 frame=512 (bands is")
    assert high.startswith("high: 6 of 12 combinations are never drawn, those with bands=16; bands=128 frame=512 (")
    assert left_out(study(learning_rate()), buildable) == left_out(study(learning_rate(), bands=20), buildable) == []


def test_lengths_of_one_dimension_are_tuned_and_those_that_do_not_fit_never_drawn(buildable):
    arms, fixed = (arm("mel", head="gap"), arm("mel fc", head="fc")), {"architecture": "cnn_1d_gap"}
    one = small_study(*arms, epochs=3, tuned=kernel_length(3, 5, 4001), fixed=fixed)
    (sentence,) = left_out(one, buildable)
    assert sentence.startswith(
        "mel, mel fc: 1 of 3 combinations are never drawn, those with kernel=4001 (In stage 1 kernel is"
    )


def kernel_free() -> Space:
    """A dimension that has nothing to do with what can be built."""
    return choice("normalise", ("clip", "none"))


def test_arms_with_the_same_left_out_are_told_together(buildable):
    (sentence,) = left_out(study(joined(frame_and_hop((256, 512), (0.5,)), bands(32, 64))), buildable)
    assert sentence.startswith("square, high: 1 of 4 combinations are never drawn, those with bands=64 frame=256 (")


@given(bad=st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1))))
def test_culprits_are_in_every_bad_combination_and_in_no_good_one(bad):
    every = [frozenset(zip("abc", values, strict=True)) for values in itertools.product(range(3), range(3), range(2))]
    marked = [each for each in every if tuple(dict(each)[name] for name in "abc") in bad]
    good = [each for each in every if each not in marked]
    found = smallest(marked, good)
    assert all(any(each.issuperset(some) for some in found) for each in marked)
    assert not any(each.issuperset(some) for each in good for some in found)
    assert not any(set(one) < set(other) for one in found for other in found)


def request(one: Study, store, tmp_path) -> Launch:
    return Launch("yun_bi/one", one, SCALE.model_copy(update={"repetitions": 2}), store, tmp_path)


def test_plan_says_what_is_left_out(store, tmp_path):
    console = Console(file=io.StringIO(), width=500)
    one = study(joined(frame_and_hop((256, 512), (0.5,)), bands(32, 64)), seconds=0.1, bands=32, second_kernel="1x1")
    console.print(*plan(request(one, store, tmp_path), Resources(), lambda *_: None))
    assert "never drawn, those with bands=64 frame=256" in console.file.getvalue()


def test_nothing_is_launched_for_an_arm_that_cannot_be_built(store, tmp_path):
    one = request(study(learning_rate(), bands=20), store, tmp_path)
    with pytest.raises(InvalidSetting, match="Arm high of this study cannot be built"):
        launch([one], Resources("local", 1, 0.0), lambda _: pytest.fail("something was trained"))
    assert {path.name for path in one.directory.iterdir()} <= {"lock", "owner"}


def test_trials_are_spent_on_what_can_be_built_alone(tmp_path, store):
    one = study(joined(SHAPES, optimiser("adam", "sgd"), where(momentum(0.5, 0.9), optimiser="sgd")))
    explore = Explore(tmp_path, one, SCALE, "digest", Buildable(store))
    while explore.next():
        pass
    for each in explore.arms.values():
        drawn = [each.frozen(number).params for number in each.numbers.values()]
        assert len(drawn) == SCALE.trials
        assert all(each.why_not(values) is None for values in drawn)
        assert {("momentum" in values) == (values["optimiser"] == "sgd") for values in drawn} == {True}
    assert {(values["bands"], values["frame"]) for values in drawn} == {(64, 512), (64, 1024), (128, 1024)}


def test_asking_is_the_same_after_a_crash_at_any_line(tmp_path, store):
    one = study(joined(SHAPES, optimiser("adam", "sgd"), where(momentum(0.5, 0.9), optimiser="sgd"), seconds(0.5, 1.0)))
    known = Buildable(store)

    def drawn(path, lines=None):
        explore = Explore(path, one, SCALE, "digest", known)
        for _ in range(8):
            explore.next()
        journal = path / "journal" / "high"
        content = journal.read_bytes().splitlines(keepends=True)
        if lines is not None:
            journal.write_bytes(b"".join(content[: len(content) - lines]))
            again = Explore(path, one, SCALE, "digest", known).arms["high"]
            return [again.frozen(number).params for number in sorted(again.numbers.values())]
        return [explore.arms["high"].frozen(number).params for number in range(4)]

    whole = drawn(tmp_path / "whole")
    for lines in (1, 2, 3, 5, 8, 11):
        after = drawn(tmp_path / str(lines), lines)
        assert after == whole[: len(after)]
        assert len(after) >= 2


def test_arm_that_can_draw_nothing_is_a_sentence(tmp_path, store, monkeypatch):
    monkeypatch.setattr("studies.driver.sampling.MOST_DRAWS", 50)
    one = study(bands(16, 20))
    explore = Explore(tmp_path, one, SCALE, "digest", Buildable(store))
    explore.next()
    with pytest.raises(UserError, match="Arm high has a search space in which none of 100 draws can be trained"):
        explore.next()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_can_be_built_without_values(name):
    entry = ARCHITECTURES[name]
    with torch.device("meta"):
        network = entry.build(entry.about.get("shape", (1, 64, 80)), 5)
    assert {parameter.device.type for parameter in network.parameters()} == {"meta"}
