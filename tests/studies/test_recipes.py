"""The recipes of the documents: complete, cited, and what their studies train by."""

import pytest

from analysis.findings import DOCUMENTS
from studies import catalogue
from studies.recipes import NamedRecipe, recipes
from trainables.recipe.recipes import RECIPE, Recipe, recipe_of
from trainables.resolving import resolve

RECIPES = recipes()


@pytest.mark.parametrize("named", RECIPES.values(), ids=list(RECIPES))
class TestNamedRecipes:
    def test_says_where_it_is_from_and_what_to_know(self, named: NamedRecipe) -> None:
        assert named.sources
        assert named.note.endswith(".")

    def test_is_either_printed_or_guessed(self, named: NamedRecipe) -> None:
        assert not set(named.printed) & set(named.guessed)
        assert "epochs" in named.settings

    def test_is_a_recipe_that_a_trial_takes(self, named: NamedRecipe) -> None:
        recipe = recipe_of(resolve(named.settings))
        assert recipe == Recipe(**named.settings)
        assert all(getattr(recipe, name) == value for name, value in named.settings.items())
        assert set(RECIPE.parameters) >= set(named.settings)


def test_every_document_has_a_recipe_of_its_name() -> None:
    assert set(DOCUMENTS) <= set(RECIPES)


def test_recipes_come_by_document() -> None:
    places = [next(i for i, document in enumerate(DOCUMENTS) if name.startswith(document)) for name in RECIPES]
    assert places == sorted(places)


@pytest.mark.parametrize("name", [name for name in catalogue.names() if name.startswith("yun_bi/")])
def test_studies_train_by_the_recipe_of_their_document(name: str) -> None:
    study = catalogue.load(name)
    assert all(recipe_of(study.printed(arm)) == Recipe(**RECIPES["yun_bi"].settings) for arm in study.arms)


def test_misprinted_momentum_is_two_recipes() -> None:
    printed, meant = (Recipe(**RECIPES[name].settings) for name in ("lunger_rho", "lunger_rho_momentum_0.9"))
    assert (printed.momentum, meant.momentum) == (0.09, 0.9)
    assert {name for name in RECIPE.parameters if getattr(printed, name) != getattr(meant, name)} == {"momentum"}


def test_variant_moves_a_value_between_printed_and_guessed() -> None:
    varied = RECIPES["yun_bi"].varied("n.", {"batch_size": 7}, {"epochs": 3})
    assert (varied.printed, varied.guessed["epochs"]) == ({"batch_size": 7}, 3)
    assert "batch_size" not in varied.guessed
