"""CNNs that have learnt so far, faces to show them, and what is drawn."""

from functools import cache
from pathlib import Path

from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.faces.face import (
    Face,
    read_face,
    read_faces,
)
from scratchtui.experiments.faces.sketch import Sketch
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.experiments.view import Canvas
from scratchtui.training.until import Until

UNSEEN = read_faces((Path(__file__).parent / "unseen_faces.txt").read_text(encoding="utf-8"))


HEADED = read_faces((Path(__file__).parent / "unseen_heads.txt").read_text(encoding="utf-8"))


TINY = read_face("#..#..../......../#..#..../.##...../......../......../......../........").face


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(CNN, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


def untrained(seed: int = 0, **settings: Value) -> CNN:
    return CNN(recipe(seed, **settings))


def trained(steps: int | None = None, seed: int = 0, **settings: Value) -> CNN:
    """Train for so many steps, or until the goal is met or the budget spent."""
    experiment = untrained(seed, **settings)
    goal = Until.goal_of(experiment)
    while experiment.steps < (experiment.step_budget() if steps is None else steps):
        experiment.step()
        if steps is None and goal.met(experiment):
            break
    return experiment


def probe_of(face: Face, origin: Face | None = None) -> Probe:
    return Probe(picture=str(Sketch(face, origin)))


def edited(experiment: CNN, panel: str, action: str, *place: int, text: str = "", face: Face = TINY) -> Face:
    probe, changes = experiment.edited(panel, Edit(action, place, text), probe_of(face))
    assert not changes
    return Sketch.of(probe.picture).face


def title_of(experiment: CNN, probe: Probe) -> str:
    canvas = experiment.view("face", (), probe)
    assert isinstance(canvas, Canvas)
    return canvas.title


@cache
def _learnt(seed: int) -> Snapshot:
    return trained(seed=seed).snapshot()


def learnt_by(seed: int) -> CNN:
    """Return a CNN that has learnt with the default settings; each seed is trained once."""
    experiment = untrained(seed)
    experiment.restore(_learnt(seed))
    return experiment
