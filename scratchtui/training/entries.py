"""A run as named arrays, and back: what is read is looked at in every respect before it is taken for a run.

Entries: each parameter of the last snapshot under its name; `losses.*`, the buckets of the loss
history; `snapshots.*`, one row (or stretch) a snapshot; `meta`, a JSON text with the format
version, the recipe, the metrics, the package version, and what of the snapshots is not numbers.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

import scratchtui
from scratchtui.experiments import build, find_experiment
from scratchtui.experiments.elements import is_element
from scratchtui.experiments.recipe import FROZEN, SEED, Recipe
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.training.history import CAPACITY, LossHistory
from scratchtui.training.run import Run, proper_name
from scratchtui.training.spelling import loaded, loaded_change, stored_change
from scratchtui.training.timeline import Timeline
from scratchtui.training.until import Until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.training.archive import Archive
    from scratchtui.training.journal import Entry

FORMAT = 1
_BUCKETS = tuple(f.name for f in fields(LossHistory) if f.name != "width")


class NewerRunError(ValueError):
    """A run that a later version has saved; says so in the words that follow a path."""


def entries_of(run: Run, experiment: Experiment) -> dict[str, NDArray[Any]]:
    """Return what is to be written of a run, `experiment` being as it was after the last step."""
    entries = {name: values.copy() for name, values in experiment.network.parameters.items()}
    entries |= {f"losses.{name}": getattr(run.losses, name) for name in _BUCKETS}
    entries |= _snapshot_entries(run.timeline.snapshots)
    meta = json.dumps(_meta(run, experiment)).removesuffix("}")
    entries["meta"] = np.array(f'{meta}, "snapshot_batches": [{_batches_text(run.timeline.snapshots)}]}}')
    return entries


def run_of(entries: Archive) -> Run:
    """Return the run that was saved; NewerRunError, or anything at all for what is no run."""
    meta = json.loads(str(entries["meta"]))
    if meta["format"] < 1:
        raise ValueError("there is no such format")
    if meta["format"] > FORMAT:
        raise NewerRunError(_newer(meta))
    try:
        return _run(entries, meta)
    except Exception as error:
        if _release(meta["version"]) > _release(scratchtui.__version__):
            raise NewerRunError(_newer(meta)) from error
        raise


def _newer(meta: Mapping[str, Any]) -> str:
    return f"was saved by scratchtui {meta['version']}, which is newer than this {scratchtui.__version__}"


def _release(version: str) -> tuple[int, ...]:
    """Return 0.10.2 as (0, 10, 2), which can be compared."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _meta(run: Run, experiment: Experiment) -> dict[str, Any]:
    settings: list[dict[str, Any]] = []
    which = []
    for snapshot in run.timeline.snapshots:
        if not settings or settings[-1] != snapshot.settings:
            settings.append(dict(snapshot.settings))
        which.append(len(settings) - 1)
    return {
        "format": FORMAT,
        "version": scratchtui.__version__,
        "experiment": run.recipe.experiment,
        "hyperparameters": dict(run.recipe.settings),
        "seed": run.recipe.seed,
        "step": run.latest.step,
        "metrics": finite(experiment.metrics()),
        "loss_bucket_width": run.losses.width,
        "name": run.name,
        "origin": run.origin,
        "journal": [stored_change(entry) for entry in run.journal],
        "snapshot_settings": settings,
        "snapshot_setting": which,
        "stops": [stop.text for stop in run.stops if _can_be_read(stop, experiment)],
    }


def _can_be_read(stop: Until, experiment: Experiment) -> bool:
    """Whether a condition is one of this network: it may have been asked for of another, before a reset."""
    try:
        return Until.parse(stop.text, experiment) == stop
    except ValueError:
        return False


def _batches_text(snapshots: list[Snapshot]) -> str:
    """Return the items of a JSON list, a memory and a place for each; null is the memory of the one before.

    They are not put into lists first: to look through so many for garbage would keep keys waiting.
    """
    items = []
    before: Mapping[str, Any] | None = None
    for snapshot in snapshots:
        memory, place = snapshot.batches
        items.append(f"[{'null' if memory == before else json.dumps(dict(memory))}, {place}]")
        before = memory
    return ", ".join(items)


def _snapshot_entries(snapshots: list[Snapshot]) -> dict[str, Any]:
    return {
        "snapshots.step": np.array([m.step for m in snapshots]),
        "snapshots.loss": np.array([m.loss for m in snapshots]),
        "snapshots.changes": np.array([m.changes for m in snapshots]),
        "snapshots.parameters": np.concatenate([m.parameters for m in snapshots]).reshape(len(snapshots), -1),
        "snapshots.optimizer": np.concatenate([m.optimizer for m in snapshots]),
        "snapshots.optimizer_size": np.array([len(m.optimizer) for m in snapshots]),
    }


def _run(entries: Archive, meta: dict[str, Any]) -> Run:
    kind = find_experiment(meta["experiment"])
    recipe = Recipe(kind.name, _settings(kind, meta["hyperparameters"]), loaded(kind, SEED.key, meta["seed"]))
    losses = _losses(entries, meta["loss_bucket_width"])
    snapshots = _snapshots(entries, meta, [_settings(kind, each) for each in meta["snapshot_settings"]])
    experiment = build(recipe)
    _try_out(experiment, snapshots)
    for name, values in experiment.network.parameters.items():
        if not np.array_equal(entries[name], values):
            raise ValueError("the parameters are not those of the last snapshot")
    if snapshots[-1].step != meta["step"] or np.any(losses.index * losses.width >= meta["step"]):
        raise ValueError("the last snapshot is not the last step")
    journal = _journal(kind, meta["journal"], snapshots)
    _find_weights(experiment, journal)
    name, origin = meta.get("name", ""), meta.get("origin")
    if name:
        name = proper_name(name)
    if origin is not None:
        origin = proper_name(origin[0]), int(origin[1])
    stops = tuple(Until.parse(text, experiment) for text in meta.get("stops", ()))
    return Run(recipe, losses, Timeline(snapshots), journal, name, origin=origin, stops=stops)


def _journal(kind: type[Experiment], stored: list[Any], snapshots: list[Snapshot]) -> list[Entry]:
    """Return what was changed, if it is told in order and the snapshots have as much of it as they say."""
    journal = [loaded_change(kind, each) for each in stored]
    steps = [0, *(entry.step for entry in journal), snapshots[-1].step]
    if any(type(step) is not int for step in steps) or steps != sorted(steps):
        raise ValueError("the changes are not in order")
    for snapshot in snapshots:
        first = bisect_left(journal, snapshot.step, key=lambda entry: entry.step)
        last = bisect_right(journal, snapshot.step, key=lambda entry: entry.step)
        if not first <= snapshot.changes <= last:
            raise ValueError("a snapshot has other changes")
    return journal


def _find_weights(experiment: Experiment, journal: list[Entry]) -> None:
    """Look for all the weights that were set or frozen; ValueError for one that there is not."""
    for entry in journal:
        if is_element(entry.key):
            experiment.weight(entry.key)
        elif entry.key == FROZEN.key:
            experiment.elements.many(str(entry.value))


def _settings(kind: type[Experiment], stored: dict[str, Any]) -> dict[str, Value]:
    """Return settings, each read as a user's would be; the default for one that is younger than the file."""
    given = {key: loaded(kind, key, value) for key, value in stored.items()}
    return {h.key: h.default for h in kind.hyperparameters} | given


def _losses(entries: Archive, width: int) -> LossHistory:
    index, *buckets = (entries[f"losses.{name}"] for name in _BUCKETS)
    if index.ndim != 1 or index.dtype.kind != "i" or np.any(np.diff(index, prepend=-1) < 1):
        raise ValueError("the loss history has no places")
    if width not in {2**power for power in range(63)} or len(index) > CAPACITY:
        raise ValueError("the loss history has no width")
    for each in buckets:
        _require_finite(each, index.shape)
    low, high, total, count = buckets
    if np.any(low > high) or np.any(count < 1) or np.any(count > width):
        raise ValueError("the loss history contradicts itself")
    return LossHistory(int(width), index, low, high, total, count)


def _snapshots(entries: Archive, meta: dict[str, Any], settings: list[dict[str, Value]]) -> list[Snapshot]:
    steps, losses = entries["snapshots.step"], entries["snapshots.loss"]
    parameters, optimizers = entries["snapshots.parameters"], entries["snapshots.optimizer"]
    changes = entries["snapshots.changes"]
    if steps.ndim != 1 or steps.dtype.kind != "i" or steps[0] < 0 or np.any(np.diff(steps) < 0):
        raise ValueError("the snapshots are not in order")
    if changes.dtype.kind != "i" or changes.shape != steps.shape:
        raise ValueError("the changes are not counted")
    if losses.dtype != np.float64 or losses.shape != steps.shape:
        raise ValueError("the losses are not one number a snapshot")
    _require_finite(parameters, (len(steps), *parameters.shape[1:]))
    _require_finite(optimizers, optimizers.shape)
    ends = np.cumsum(entries["snapshots.optimizer_size"])
    rows = zip(
        steps.tolist(),
        [settings[which] for which in meta["snapshot_setting"]],
        parameters,
        np.split(optimizers, ends[:-1]),
        _batches(meta["snapshot_batches"]),
        losses.tolist(),
        changes.tolist(),
        strict=True,
    )
    return [  # copies, as a row of an array would keep all of it
        Snapshot(step, those, vector.copy(), memory.copy(), batches, loss, made)
        for step, those, vector, memory, batches, loss, made in rows
    ]


def _batches(stored: list[Any]) -> list[tuple[dict[str, Any], int]]:
    """Return where each snapshot is in the data, sharing what is as in the one before."""
    batches: list[tuple[dict[str, Any], int]] = []
    for memory, place in stored:
        batches.append((batches[-1][0] if memory is None else memory, place))
    return batches


def _require_finite(values: Any, shape: tuple[int, ...]) -> None:
    if values.dtype != np.float64 or values.shape != shape or not np.all(np.isfinite(values)):
        raise ValueError("numbers are missing")


def _try_out(experiment: Experiment, snapshots: list[Snapshot]) -> None:
    """Raise whatever a snapshot makes go wrong that can be told without taking steps."""
    before: Snapshot | None = None
    for snapshot in snapshots:
        state, place = snapshot.batches
        if before is None or snapshot.settings is not before.settings:
            experiment.restore(snapshot)
        elif state is not before.batches[0] and state != before.batches[0]:
            experiment.batches.try_out(state)
        if type(place) is not int or place < 0:
            raise ValueError("a batch has no place")
        if snapshot.optimizer.shape != experiment.optimizer.state.shape:
            raise ValueError("an optimizer's memory has another size")
        before = snapshot
    experiment.restore(snapshots[-1])


def finite(value: Any) -> Any:
    """Return JSON-ready data with every number that JSON cannot write as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
