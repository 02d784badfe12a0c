"""Changes that are ordered beforehand: `train --then 'STEP KEY=VALUE'`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.handwork import finite
from scratchtui.experiments.hyperparameter import quoted
from scratchtui.experiments.recipe import find_hyperparameter
from scratchtui.training.files import restored
from scratchtui.training.journal import Entry
from scratchtui.training.texts import value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.training.run import Run

_FORM = re.compile(r"\s*([0-9]{1,13})\s+([^=]+)=(.*)", re.DOTALL)


def parse_change(kind: type[Experiment], text: str) -> Entry:
    """Return what STEP KEY=VALUE says; ValueError, in one sentence, where it is none.

    KEY is a live hyperparameter, or a weight such as 0.Dense.W[2,0].
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError(
            f"--then needs 'STEP KEY=VALUE', such as '100 learning_rate=0.1', not {quoted(text)}"
        )
    step, key, typed = int(form[1]), form[2].strip(), form[3]
    if is_element(key):
        return Entry(step, key, finite(typed))
    hyperparameter = find_hyperparameter(kind, key)
    return Entry(step, key, hyperparameter.parse(value_text(hyperparameter, typed)))


def in_order(changes: Iterable[Entry], run: Run, steps: int | None) -> tuple[Entry, ...]:
    """Return the changes in the order in which they will be made, within `steps` steps of where the run is.

    ValueError, in one sentence, for one that could not be made then.
    """
    ordered = tuple(sorted(changes, key=lambda change: change.step))
    first, last = run.latest.step, None if steps is None else run.latest.step + steps
    for change in ordered:
        if change.step < first or (last is not None and change.step > last):
            within = f"{first:,} to {last:,}" if last is not None else f"{first:,} and later"
            raise ValueError(
                f"--then {change.step} {change.key}: that step is not among those taken, {within}"
            )
    _try_out(ordered, run)
    return ordered


def _try_out(changes: Sequence[Entry], run: Run) -> None:
    """Make the changes on an experiment of its own: whether they can be made does not hang on training."""
    if not changes:
        return
    experiment = restored(run)
    for change in changes:
        try:
            experiment.change(change.key, change.value)
        except ValueError as error:
            raise ValueError(f"--then {change.step} {change.key}: {error}") from error
