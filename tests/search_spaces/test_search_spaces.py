import subprocess
import sys

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution

from search_spaces import InvalidSpace, Space, joined
from search_spaces.kernels import kernel, second_kernel
from search_spaces.optimisation import batch_size, learning_rate, momentum, optimiser, weight_decay
from search_spaces.recurrent import units
from search_spaces.regularisation import dropout
from search_spaces.signal import bands, coefficients, frame, hop, seconds

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


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(InvalidSpace, match="'learning_rate' is given twice"):
        joined(learning_rate(), batch_size(8), learning_rate(1e-3, 1e-2))


def test_unusable_values_are_refused() -> None:
    with pytest.raises(InvalidSpace, match="no values"):
        batch_size()
    with pytest.raises(InvalidSpace, match="a value twice"):
        bands(64, 64)
    with pytest.raises(InvalidSpace, match="only text and numbers"):
        frame((3, 8))  # type: ignore[arg-type]
    with pytest.raises(InvalidSpace, match="above 0 and rising"):
        learning_rate(0.0, 1e-2)
    with pytest.raises(InvalidSpace, match="must be rising"):
        dropout(0.5, 0.5)


@pytest.mark.parametrize("name", ["", "5", "5*5", "3x8+"])
def test_kernels_are_written_as_bands_x_frames(name: str) -> None:
    with pytest.raises(InvalidSpace, match="bands x frames"):
        kernel("5x5", name)


def test_spaces_need_no_torch() -> None:
    code = "import sys, search_spaces.kernels, search_spaces.signal; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
