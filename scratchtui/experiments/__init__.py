"""What is learnt: one file is one experiment. `EXPERIMENTS` lists them."""

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.experiment import Experiment, Recipe
from scratchtui.experiments.hyperparameter import suggestion

EXPERIMENTS: dict[str, type[Experiment]] = {experiment.name: experiment for experiment in (Binary,)}


def find_experiment(name: str) -> type[Experiment]:
    """Return the experiment of that name; ValueError names the nearest there is."""
    if name not in EXPERIMENTS:
        raise ValueError(f"there is no experiment {name!r}; {suggestion(name, EXPERIMENTS, listing=True)}")
    return EXPERIMENTS[name]


def build(recipe: Recipe) -> Experiment:
    """Return the experiment of `recipe` at step 0; ValueError if it cannot be built."""
    return find_experiment(recipe.experiment)(recipe)
