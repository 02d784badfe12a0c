"""Changes that are ordered beforehand: `train --then 'STEP KEY=VALUE'`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scratchtui.training.journal import Entry
    from scratchtui.training.run import Run


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
    experiment = run.experiment()
    for change in changes:
        try:
            experiment.change(change.key, change.value)
        except ValueError as error:
            raise ValueError(f"--then {change.step} {change.key}: {error}") from error
