"""Dimensions are single distributions under the names of settings; spaces join them and say where they apply."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Sequence

import optuna
import pytest
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution

from search_spaces import InvalidSpace, Space, dimensions, joined, where
from search_spaces.augmentation import STRENGTHS, augmented
from search_spaces.kernels import kernel, kernel_length, second_kernel
from search_spaces.optimisation import batch_size, learning_rate, momentum, optimiser, weight_decay
from search_spaces.recurrent import units
from search_spaces.regularisation import dropout
from search_spaces.signal import bands, coefficients, frame, frame_and_hop, hop, seconds, segment_length
from search_spaces.space import choice

DIMENSIONS: list[tuple[str, Space, object]] = [
    ("learning_rate", learning_rate(), FloatDistribution(1e-4, 1e-2, log=True)),
    ("learning_rate", learning_rate(1e-3, 1e-1), FloatDistribution(1e-3, 1e-1, log=True)),
    ("weight_decay", weight_decay(), FloatDistribution(1e-6, 1e-2, log=True)),
    ("batch_size", batch_size(16, 32), CategoricalDistribution((16, 32))),
    ("optimiser", optimiser("adam", "sgd"), CategoricalDistribution(("adam", "sgd"))),
    ("momentum", momentum(0.09, 0.9), CategoricalDistribution((0.09, 0.9))),
    ("kernel", kernel("5x5", "3x8+8x3"), CategoricalDistribution(("5x5", "3x8+8x3"))),
    ("second_kernel", second_kernel("", "5x5"), CategoricalDistribution(("", "5x5"))),
    ("units", units("128", "128-64"), CategoricalDistribution(("128", "128-64"))),
    ("dropout", dropout(), FloatDistribution(0.0, 0.5)),
    ("bands", bands(64, 128), CategoricalDistribution((64, 128))),
    ("frame", frame(512, 1024), CategoricalDistribution((512, 1024))),
    ("hop", hop(256, 512), CategoricalDistribution((256, 512))),
    ("coefficients", coefficients(13, 20), CategoricalDistribution((13, 20))),
    ("seconds", seconds(0.15, 1.0), CategoricalDistribution((0.15, 1.0))),
]


@pytest.mark.parametrize(("name", "dimension", "distribution"), DIMENSIONS)
def test_a_dimension_is_one_distribution_under_its_parameters_name(
    name: str, dimension: Space, distribution: object
) -> None:
    assert dimension == {name: distribution}


def test_a_joined_space_can_be_asked_and_stored(tmp_path: object) -> None:
    space = joined(learning_rate(), batch_size(16, 32), kernel("5x5", "3x8"), seconds(0.5, 1.0))
    assert list(space) == ["learning_rate", "batch_size", "kernel", "seconds"]
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(f"{tmp_path}/journal"))
    study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(seed=1))
    asked = study.ask(space).params
    assert optuna.load_study(study_name=study.study_name, storage=storage).trials[0].params == asked
    assert all(space[name]._contains(space[name].to_internal_repr(value)) for name, value in asked.items())


def test_joining_leaves_the_dimensions_alone() -> None:
    first = learning_rate()
    joined(first, batch_size(8))
    assert list(first) == ["learning_rate"]
    assert joined() == {}


CONDITIONAL = joined(
    optimiser("adam", "sgd"),
    where(momentum(0.0, 0.9), optimiser="sgd"),
    where(weight_decay(), optimiser="sgd", momentum=0.9),
    where(dropout(), architecture=("cnn", "resnet")),
)


def test_a_dimension_applies_where_all_that_it_depends_on_has_its_value() -> None:
    def applies(name: str, **drawn: object) -> bool:
        return CONDITIONAL.applies(name, drawn)

    assert applies("optimiser")
    assert not applies("momentum")
    assert not applies("momentum", optimiser="adam")
    assert applies("momentum", optimiser="sgd")
    assert not applies("weight_decay", optimiser="sgd", momentum=0.0)
    assert applies("weight_decay", optimiser="sgd", momentum=0.9)
    assert CONDITIONAL.lacks({"optimiser": "sgd"})
    assert not CONDITIONAL.lacks({"optimiser": "adam"})


def test_a_space_within_settings_depends_on_its_own_dimensions_alone() -> None:
    assert set(CONDITIONAL.within({"architecture": "lenet"})) == {"optimiser", "momentum", "weight_decay"}
    inside = CONDITIONAL.within({"architecture": "cnn", "optimiser": "adam"})
    assert list(inside) == list(CONDITIONAL)
    assert "dropout" not in inside.conditions
    assert inside.conditions["momentum"] == {"optimiser": ("sgd",)}, "a setting that is drawn is not looked up"
    assert "dropout" not in CONDITIONAL.within({})


def test_conditions_are_said_in_words() -> None:
    assert CONDITIONAL.described("weight_decay").endswith(" where optimiser is sgd and momentum is 0.9")
    assert CONDITIONAL.described("dropout").endswith(" where architecture is cnn or resnet")
    assert CONDITIONAL.described("optimiser") == str(CONDITIONAL["optimiser"])


def test_conditions_that_can_never_hold_are_refused() -> None:
    with pytest.raises(InvalidSpace, match="'optimiser', which comes after it"):
        joined(where(momentum(0.5, 0.9), optimiser="sgd"), optimiser("adam", "sgd"))
    with pytest.raises(InvalidSpace, match="'optimiser' being 'sgdd', which it never is"):
        joined(optimiser("adam", "sgd"), where(momentum(0.5, 0.9), optimiser="sgdd"))
    with pytest.raises(InvalidSpace, match="cannot depend on itself"):
        where(momentum(0.5, 0.9), momentum=0.5)


def test_conditions_add_up_and_leave_the_dimension_alone() -> None:
    plain = momentum(0.5, 0.9)
    twice = where(where(plain, optimiser="sgd"), schedule=("step", "cosine"))
    assert twice.conditions == {"momentum": {"schedule": ("step", "cosine"), "optimiser": ("sgd",)}}
    assert plain.conditions == {}


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(InvalidSpace, match="'learning_rate' is given twice"):
        joined(learning_rate(), batch_size(8), learning_rate(1e-3, 1e-2))


def test_unusable_values_are_refused() -> None:
    with pytest.raises(InvalidSpace, match="no values"):
        choice("batch_size", ())
    with pytest.raises(InvalidSpace, match="a value twice"):
        bands(64, 64)
    with pytest.raises(InvalidSpace, match="only text and numbers"):
        frame((3, 8))  # type: ignore[arg-type]
    with pytest.raises(InvalidSpace, match="above 0 and rising"):
        learning_rate(0.0, 1e-2)
    with pytest.raises(InvalidSpace, match="must be rising"):
        dropout(0.5, 0.5)


@pytest.mark.parametrize("name", ["", "5*5", "3x8+", "0", "3x", "x3", "3--3", "-3"])
def test_kernels_are_written_as_bands_x_frames_or_as_lengths(name: str) -> None:
    with pytest.raises(InvalidSpace, match="bands x frames"):
        kernel("5x5", name)


def test_kernel_lengths_are_text() -> None:
    assert kernel_length(3, 5) == kernel("3", "5") == choice("kernel", ("3", "5"))


def test_hops_are_shares_of_their_frame() -> None:
    space = frame_and_hop((256, 1024), (0.25, 0.5))
    assert space == {**frame(256, 1024), **choice("hop", (64, 128, 256, 512))}
    grid = itertools.product((256, 1024), (64, 128, 256, 512))
    allowed = [pair for pair in grid if space.allows(dict(zip(("frame", "hop"), pair, strict=True)))]
    assert allowed == [(256, 64), (256, 128), (1024, 256), (1024, 512)]
    assert space.allows({"hop": 999}), "of no frame"
    assert space.described("hop").endswith(" as 0.25 or 0.5 of frame")


def test_shares_stay_when_spaces_are_joined_and_narrowed() -> None:
    space = joined(learning_rate(), where(frame_and_hop((256, 1024), (0.5,)), front_end=("mfcc", "log_mel")))
    for one in (space, space.within({"front_end": "mfcc"})):
        assert not one.allows({"frame": 256, "hop": 512})
        assert one.allows({"frame": 1024, "hop": 512})
    assert space.within({"front_end": "waveform"}).shares == {}


def test_whole_clips_have_no_segment_length() -> None:
    space = segment_length(0.15, 0.3)
    assert not space.lacks({"segmentation": "whole"})
    assert space.lacks({"segmentation": "windows"})


def test_strengths_are_drawn_where_a_chain_has_their_augmentation() -> None:
    space = augmented("", "noise", "noise+volume")
    assert list(space) == ["augmentation", "snr_low", "gain_db"]
    assert not space.lacks({"augmentation": ""})
    assert not space.lacks({"augmentation": "noise", "snr_low": 10.0})
    assert space.lacks({"augmentation": "noise+volume", "snr_low": 10.0})
    assert set(augmented(*STRENGTHS)) == {"augmentation", *(next(iter(strength())) for strength in STRENGTHS.values())}


def values_of(distribution: BaseDistribution) -> Sequence[object]:
    """All choices, or the limits of the numbers, between which Optuna draws."""
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices
    assert isinstance(distribution, FloatDistribution)
    return distribution.low, distribution.high


@pytest.mark.parametrize("function", dimensions().values(), ids=list(dimensions()))
class TestEveryDimension:
    def test_has_the_values_of_its_finding_by_itself(self, function: Callable[[], Space]) -> None:
        assert function()

    def test_values_are_plain_stored_and_told_apart_in_print(self, function: Callable[[], Space]) -> None:
        for distribution in function().values():
            for value in values_of(distribution):
                assert type(value) in (str, int, float, bool)
                assert distribution.to_external_repr(distribution.to_internal_repr(value)) == value
            choices = getattr(distribution, "choices", ())
            assert len(set(map(str, choices))) == len(choices)
            assert len({type(one) for one in choices}) <= 1 or {type(one) for one in choices} == {int, float}

    def test_can_be_asked(self, function: Callable[[], Space]) -> None:
        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
        assert set(study.ask(dict(function())).params) == set(function())


def test_spaces_need_no_torch() -> None:
    code = "import sys, search_spaces.kernels, search_spaces.signal; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
