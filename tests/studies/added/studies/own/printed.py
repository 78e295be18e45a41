"""What A. Author prints of training."""

from studies.recipes import NamedRecipe

RECIPE = NamedRecipe(("S9-S1",), "All of it is printed.", {"optimiser": "sgd", "learning_rate": 0.01, "epochs": 3})
RECIPES = {"own": RECIPE}
