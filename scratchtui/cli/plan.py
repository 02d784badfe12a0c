"""What `train` was asked to do, checked in every respect before the first step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchtui.cli.changes import in_order
from scratchtui.experiments import find_experiment
from scratchtui.experiments.hyperparameter import Hyperparameter, Value, nearest
from scratchtui.experiments.recipe import SEED, default_recipe, find_hyperparameter
from scratchtui.training.files import load_run
from scratchtui.training.keeping import refuse_unwritable
from scratchtui.training.run import Run
from scratchtui.training.spelling import read, read_change
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until

if TYPE_CHECKING:
    from pathlib import Path

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.training.journal import Entry

GENEROSITY = 10

Assignments = Sequence[tuple[Hyperparameter, Value]]


@dataclass(frozen=True)
class Plan:
    """A run, where training begins, and when it is to end: after `steps` more, or at `until`.

    `changes` are what is to be changed on the way, in their order.
    """

    run: Run
    trainer: Trainer
    steps: int
    until: Until | None
    out: Path | None
    changes: tuple[Entry, ...] = ()


def make_plan(
    name: str | None,
    *,
    steps: int | None,
    seed: int | None,
    assignments: Sequence[str],
    until: str | None,
    out: Path | None,
    source: Path | None,
    then: Sequence[str] = (),
) -> Plan:
    """Return the plan, of the experiment `name` or of that of the `source`.

    ValueError or OSError, in one sentence, for what cannot be.
    """
    saved = load_run(source) if name is None and source is not None else None
    kind = find_experiment(saved.recipe.experiment if saved is not None else str(name))
    parsed = [parse_assignment(kind, assignment) for assignment in assignments]
    refuse_repetition([hyperparameter.key for hyperparameter, _ in parsed])
    changes = [read_change(kind, each) for each in then]
    if changes and steps is None and until is None:
        raise ValueError(
            "--then needs --steps or --until: what becomes of the goal cannot be told beforehand"
        )
    if out is not None:
        refuse_unwritable(out, "--out ")
    if source is None:
        run, trainer = _fresh(kind, seed, parsed)
    else:
        run, trainer = _resumed(kind, saved or load_run(source), source, seed, parsed)
    ordered = in_order(changes, run, steps)
    experiment = trainer.experiment
    condition = None
    if until is not None:
        condition = Until.parse(until, experiment)
    elif steps is None:
        condition = Until.goal_of(experiment)
    if steps is None:
        steps = experiment.step_budget() * (GENEROSITY if until is not None else 1)
    return Plan(run, trainer, steps, condition, out, ordered)


def parse_assignment(kind: type[Experiment], assignment: str) -> tuple[Hyperparameter, Value]:
    """Return hyperparameter and value of KEY=VALUE; ValueError names the nearest there is.

    The value of one that is a text may be @PATH, the text of a file; @@ begins a text with @. OSError
    where it cannot be read.
    """
    key, equals, text = assignment.partition("=")
    if not equals:
        known = [h.key for h in (*kind.hyperparameters, SEED)]
        raise ValueError(f"--set needs KEY=VALUE, such as {nearest(key, known)}=..., not {assignment!r}")
    hyperparameter = find_hyperparameter(kind, key.strip())
    return hyperparameter, read(kind, hyperparameter.key, text)


def refuse_repetition(keys: list[str]) -> None:
    """Raise ValueError where a hyperparameter is set more than once: one of the values would be ignored."""
    if again := next((key for place, key in enumerate(keys) if key in keys[:place]), None):
        raise ValueError(f"{again} is set twice; give it once")


def _fresh(kind: type[Experiment], seed: int | None, assignments: Assignments) -> tuple[Run, Trainer]:
    if seed is not None and any(h.key == SEED.key for h, _ in assignments):
        raise ValueError("the seed is given twice, by --seed and by --set")
    recipe = default_recipe(kind, seed or 0)
    for hyperparameter, value in assignments:
        recipe = recipe.with_value(hyperparameter.key, value)
    run, trainer = Run(recipe), Trainer(recipe)
    run.timeline.append(trainer.experiment.snapshot())
    return run, trainer


def _resumed(
    kind: type[Experiment], run: Run, source: Path, seed: int | None, assignments: Assignments
) -> tuple[Run, Trainer]:
    if run.recipe.experiment != kind.name:
        raise ValueError(f"{source} is a run of {run.recipe.experiment}, not of {kind.name}")
    if seed is not None:
        raise ValueError(f"--seed cannot go with --from: {source} has its seed, {run.recipe.seed}")
    trainer = Trainer(run.recipe, run.latest)
    for hyperparameter, value in assignments:
        if not trainer.experiment.can_change(hyperparameter.key, value):
            raise ValueError(f"--set {hyperparameter.key} needs a new network, so it cannot go with --from")
        run.journal.append(trainer.change(hyperparameter.key, value))
    run.timeline.append(trainer.experiment.snapshot())
    return run, trainer
