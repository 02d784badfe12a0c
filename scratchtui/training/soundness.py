"""Whether what was read is a run: what a stranger's file says is tried out before it is believed.

All that can be told without taking steps is looked at, each change of the data once, so that the time that
takes is bounded by how many there may be (`meta.py`), not by how often they are told.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.optimizer import make_optimizer
from scratchtui.training.archive import ArchiveTooLargeError
from scratchtui.training.history import CAPACITY, LossHistory
from scratchtui.training.meta import MOST_CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.journal import Entry

MOST_STEPS = 2**52  # a float tells such numbers apart
_CHEAP = {"learning_rate", "momentum", "optimizer"}
_CLOSE = 1e-9  # relative, for sums that were made in another order


def costly(journal: Sequence[Entry]) -> set[tuple[str, Value]]:
    """Return the changes that take time to make; ArchiveTooLargeError where these are too many."""
    changes = {
        (each.key, each.value) for each in journal if each.key not in _CHEAP and not is_element(each.key)
    }
    if len(changes) > MOST_CHANGES:
        raise ArchiveTooLargeError(f"more than {MOST_CHANGES:,} changes of its data")
    return changes


def try_out(experiment: Experiment, journal: Sequence[Entry], snapshots: Sequence[Snapshot]) -> None:
    """Bring an experiment at step 0 to the last snapshot; raise whatever goes wrong with any or a change."""
    slow = costly(journal)
    _refuse_disorder(journal, snapshots)
    sizes = _sizes_of_optimizers(experiment, journal)
    _make_changes(experiment, journal, slow)
    before: Mapping[str, Any] | None = None
    for snapshot in snapshots:
        memory, place = snapshot.batches
        if memory is not before:
            experiment.batches.try_out(memory)
            before = memory
        if type(place) is not int or not 0 <= place < MOST_STEPS:
            raise ValueError("a batch has no place")
        if snapshot.parameters.shape != experiment.network.vector.shape:
            raise ValueError("the network is of another size")
        if snapshot.optimizer.size != sizes[snapshot.settings["optimizer"]]:
            raise ValueError("an optimizer's memory has another size")
    experiment.restore(snapshots[-1])


def _refuse_disorder(journal: Sequence[Entry], snapshots: Sequence[Snapshot]) -> None:
    """Raise ValueError unless all was changed in order, and each snapshot has what it says of that."""
    steps = [entry.step for entry in journal]
    last = snapshots[-1].step
    if any(type(step) is not int for step in steps) or [0, *steps, last] != sorted([0, *steps, last]):
        raise ValueError("the changes are not in order")
    before = 0
    for snapshot in snapshots:
        least, most = bisect_left(steps, snapshot.step), bisect_right(steps, snapshot.step)
        if not max(before, least) <= snapshot.changes <= most:
            raise ValueError("a snapshot has other changes")
        before = snapshot.changes


def _sizes_of_optimizers(experiment: Experiment, journal: Sequence[Entry]) -> dict[Value, int]:
    """Return how many numbers each optimizer of a run remembers."""
    settings = experiment.settings
    names = {settings["optimizer"], *(each.value for each in journal if each.key == "optimizer")}
    vector = experiment.network.vector
    return {name: make_optimizer(vector, {**settings, "optimizer": name}).state.size for name in names}


def _make_changes(experiment: Experiment, journal: Sequence[Entry], slow: set[tuple[str, Value]]) -> None:
    """Make each of the `slow` changes once: none depends on which others were made before."""
    for entry in journal:
        if is_element(entry.key):
            experiment.weight(entry.key)
        elif entry.key in _CHEAP:
            experiment.change(entry.key, entry.value)
        elif (entry.key, entry.value) in slow:
            slow.remove((entry.key, entry.value))
            experiment.change(entry.key, entry.value)


def loss_history(width: Any, buckets: Mapping[str, NDArray[Any]], step: int) -> LossHistory:
    """Return the losses of a run that came to `step`; ValueError where they contradict it or themselves."""
    index = buckets["index"]
    if index.ndim != 1 or index.dtype.kind != "i" or np.any(np.diff(index, prepend=-1) < 1):
        raise ValueError("the loss history has no places")
    if width not in {2**power for power in range(53)} or len(index) > CAPACITY:
        raise ValueError("the loss history has no width")
    for each in buckets.values():
        if each is not index:
            require_finite(each, index.shape)
    low, high, total, count = (buckets[name] for name in ("low", "high", "total", "count"))
    if len(index) and int(index[-1]) > (step - 1) // width:
        raise ValueError("there are losses of steps that were not taken")
    index = index.astype(np.int64)
    if np.any(count != np.minimum(width, step - index * width)):
        raise ValueError("a loss is not of as many steps as it says")
    most = np.finfo(np.float64).max
    near = np.clip(_CLOSE * np.fmax(np.abs(low), np.abs(high)) * count, 0.0, most)
    least, largest = np.clip(low * count, -most, most), np.clip(high * count, -most, most)
    if np.any(low > high) or np.any(total < least - near) or np.any(total > largest + near):
        raise ValueError("the loss history contradicts itself")
    return LossHistory(int(width), index, low, high, total, count)


def require_finite(values: NDArray[Any], shape: tuple[int, ...]) -> None:
    """Raise ValueError unless these are so many finite numbers in double precision."""
    if values.dtype != np.float64 or values.shape != shape or not np.all(np.isfinite(values)):
        raise ValueError("numbers are missing")
