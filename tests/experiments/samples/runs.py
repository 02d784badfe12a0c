"""Neural nets that have learnt so far, and their rows."""

from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.view import Table
from scratchtui.training.until import Until

POINTS = ("gaussians", "circle", "quadrants", "spirals")


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(NeuralNet, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


def trained(steps: int = 0, seed: int = 0, **settings: Value) -> NeuralNet:
    experiment = NeuralNet(recipe(seed, **settings))
    for _ in range(steps):
        experiment.step()
    return experiment


def steps_to_goal(experiment: NeuralNet, most: int) -> int:
    goal = Until.of(experiment.goal)
    while not goal.met(experiment) and experiment.steps < most:
        experiment.step()
    return experiment.steps


def table_of(experiment: NeuralNet, probe: Probe | None = None) -> Table:
    table = experiment.view("rows", (), probe or Probe())
    assert isinstance(table, Table)
    return table
