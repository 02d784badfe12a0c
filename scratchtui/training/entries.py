"""A run as named arrays, and back: what is read is looked at in every respect before it is taken for a run.

Entries: each parameter of the last snapshot under its name; `losses.*`, the buckets of the loss
history; `snapshots.*`, one row (or stretch) a snapshot; `meta`, a JSON text with the format
version, the recipe, the metrics, the package version, and all else that is not numbers (meta.py).
"""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

import scratchtui
from scratchtui.experiments import build, find_experiment
from scratchtui.experiments.elements import is_element
from scratchtui.experiments.escapes import printable
from scratchtui.experiments.hyperparameter import quoted
from scratchtui.experiments.recipe import SEED, Recipe
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.training import meta as text
from scratchtui.training.archive import ArchiveTooLargeError
from scratchtui.training.history import LossHistory
from scratchtui.training.run import Run, proper_name
from scratchtui.training.soundness import MOST_STEPS, costly, loss_history, require_finite, try_out
from scratchtui.training.spelling import loaded
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Halt, HaltKind
from scratchtui.training.until import MOST, Until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.training.archive import Archive
    from scratchtui.training.journal import Entry

FORMAT = 1
MOST_SNAPSHOTS = 2**16  # a timeline counts a kilobyte for each
OF_EVERY_RUN = frozenset({"meta", "snapshots.step"})  # entries
_LARGEST_META = 4 * text.LONGEST + 1024  # bytes, as numpy writes a text
_LONGEST_REASON = 10_000  # characters
_BUCKETS = tuple(f.name for f in fields(LossHistory) if f.name != "width")


class NewerRunError(ValueError):
    """A run that a later version has saved; says so in the words that follow a path."""


def entries_of(run: Run, experiment: Experiment) -> dict[str, NDArray[Any]]:
    """Return what is to be written of a run, `experiment` being as it was after the last step.

    ArchiveTooLargeError for what `run_of` would not take.
    """
    costly(run.journal)
    snapshots = run.timeline.snapshots
    entries = {name: values.copy() for name, values in experiment.network.parameters.items()}
    entries |= {f"losses.{name}": getattr(run.losses, name) for name in _BUCKETS}
    entries |= _snapshot_entries(snapshots)
    entries["meta"] = np.array(text.written(_meta(run, experiment), text.batches_text(snapshots)))
    return entries


def run_of(entries: Archive) -> Run:
    """Return the run that was saved; NewerRunError, ArchiveTooLargeError, or anything for what is no run."""
    if entries.size("meta") > _LARGEST_META:
        raise ArchiveTooLargeError(f"more than {text.LONGEST >> 20} MiB of settings and changes")
    meta = text.read(str(entries["meta"]))
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
    version = quoted(printable(str(meta["version"])))[1:-1]
    return f"was saved by scratchtui {version}, which is newer than this {scratchtui.__version__}"


def _release(version: str) -> tuple[int, ...]:
    """Return 0.10.2 as (0, 10, 2), which can be compared."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _meta(run: Run, experiment: Experiment) -> dict[str, Any]:
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
        "stops": [stop.text for stop in run.stops if _can_be_read(stop, experiment)],
        "halt": _stored_halt(run),
        **text.stored_journal(run.journal, run.recipe.settings),
    }


def _can_be_read(stop: Until, experiment: Experiment) -> bool:
    """Whether a condition is one of this network: it may have been asked for of another, before a reset."""
    try:
        return Until.parse(stop.text, experiment) == stop
    except ValueError:
        return False


def _stored_halt(run: Run) -> list[Any] | None:
    """Return why the run stopped by itself as JSON holds it; None where that is not known, or too long."""
    if run.halt is None or not _fits(run.halt.kind, run.halt.step, run.halt.reason, run.latest.step):
        return None
    return [run.halt.kind, run.halt.step, run.halt.reason]


def _snapshot_entries(snapshots: list[Snapshot]) -> dict[str, Any]:
    parameters = np.empty((len(snapshots), *snapshots[-1].parameters.shape))
    for row, snapshot in zip(parameters, snapshots, strict=True):  # one at a time is in memory
        row[:] = snapshot.parameters
    sizes = np.array([(m.nbytes - parameters[0].nbytes) // parameters.itemsize for m in snapshots])
    memories = np.empty(sizes.sum())
    for end, size, snapshot in zip(np.cumsum(sizes), sizes, snapshots, strict=True):
        memories[end - size : end] = snapshot.optimizer
    return {
        "snapshots.step": np.array([m.step for m in snapshots]),
        "snapshots.loss": np.array([m.loss for m in snapshots]),
        "snapshots.changes": np.array([m.changes for m in snapshots]),
        "snapshots.parameters": parameters,
        "snapshots.optimizer": memories,
        "snapshots.optimizer_size": sizes,
    }


def _run(entries: Archive, meta: dict[str, Any]) -> Run:
    kind = find_experiment(meta["experiment"])
    given = {key: loaded(kind, key, value) for key, value in meta["hyperparameters"].items()}
    settings = {h.key: h.default for h in kind.hyperparameters} | given  # a younger one is not in the file
    recipe = Recipe(kind.name, settings, loaded(kind, SEED.key, meta["seed"]))
    journal = text.loaded_journal(kind, meta)
    snapshots = _snapshots(entries, meta["snapshot_batches"], _settings_after(recipe.settings, journal))
    step = snapshots[-1].step
    if step != meta["step"]:
        raise ValueError("the last snapshot is not the last step")
    losses = loss_history(
        meta["loss_bucket_width"], {name: entries[f"losses.{name}"] for name in _BUCKETS}, step
    )
    experiment = build(recipe)
    try_out(experiment, journal, snapshots)
    for name, values in experiment.network.parameters.items():
        if not np.array_equal(entries[name], values):
            raise ValueError("the parameters are not those of the last snapshot")
    run = Run(recipe, losses, Timeline(snapshots), journal, origin=_origin(meta.get("origin"), step))
    if meta.get("name"):
        run.name = proper_name(meta["name"])
    run.halt = _halt(meta.get("halt"), step)
    run.stops = _stops(meta.get("stops", []), experiment)
    return run


def _origin(stored: Any, last: int) -> tuple[str, int] | None:
    """Return the run that one was forked from, and where; ValueError where that is after its `last` step."""
    if stored is None:
        return None
    name, step = stored
    if type(step) is not int or not 0 <= step <= last:
        raise ValueError("it was forked at no step of it")
    return proper_name(name), step


def _halt(stored: Any, last: int) -> Halt | None:
    """Return why a run stopped at its `last` step, or could not go on; ValueError for what is no reason."""
    if stored is None:
        return None
    kind, step, reason = stored
    if kind not in get_args(HaltKind) or reason != printable(reason):
        raise ValueError("there is no such reason to stop")
    if type(step) is not int or not _fits(kind, step, reason, last):
        raise ValueError("it did not stop there")
    return Halt(kind, step, reason)


def _fits(kind: HaltKind, step: int, reason: str, last: int) -> bool:
    """Whether a run can have stopped so after its `last` step, or diverged on the next."""
    return step == last + (kind == "diverged") and len(reason) <= _LONGEST_REASON


def _stops(stored: Sequence[str], experiment: Experiment) -> tuple[Until, ...]:
    if len(stored) > MOST:
        raise ValueError("more conditions than can be waited for")
    return tuple(Until.parse(each, experiment) for each in stored)


def _settings_after(settings: Settings, journal: Sequence[Entry]) -> list[Settings]:
    """Return the settings after each number of changes, 0 to all; one object where they are alike."""
    after = [settings]
    for entry in journal:
        if is_element(entry.key) or after[-1][entry.key] == entry.value:
            after.append(after[-1])
        else:
            after.append({**after[-1], entry.key: entry.value})
    return after


def _snapshots(entries: Archive, batches: list[Any], settings: list[Settings]) -> list[Snapshot]:
    steps, losses = entries["snapshots.step"], entries["snapshots.loss"]
    parameters, optimizers = entries["snapshots.parameters"], entries["snapshots.optimizer"]
    changes, sizes = entries["snapshots.changes"], entries["snapshots.optimizer_size"]
    if steps.ndim != 1 or not 0 < len(steps) <= MOST_SNAPSHOTS:
        raise ValueError("there are no snapshots, or more than a run has")
    for each in (steps, changes, sizes):
        if each.dtype.kind != "i" or each.shape != steps.shape or each.min() < 0:
            raise ValueError("a snapshot does not say when it was, or how large")
    if np.any(np.diff(steps) < 0) or steps[-1] > MOST_STEPS:
        raise ValueError("the snapshots are not in order")
    if losses.dtype != np.float64 or losses.shape != steps.shape:
        raise ValueError("the losses are not one number a snapshot")
    require_finite(parameters, (len(steps), *parameters.shape[1:]))
    require_finite(optimizers, optimizers.shape)
    if sum(sizes.tolist()) != len(optimizers):
        raise ValueError("the optimizers' memories are not as long as they say")
    rows = zip(
        steps.tolist(),
        [settings[made] for made in changes.tolist()],
        parameters,
        np.split(optimizers, np.cumsum(sizes)[:-1]),
        _batches(batches),
        losses.tolist(),
        changes.tolist(),
        strict=True,
    )
    return [  # copies, as a row of an array would keep all of it
        Snapshot(step, those, vector.copy(), memory.copy(), where, loss, made)
        for step, those, vector, memory, where, loss, made in rows
    ]


def _batches(stored: list[Any]) -> list[tuple[dict[str, Any], int]]:
    """Return where each snapshot is in the data, sharing what is as in the one before."""
    batches: list[tuple[dict[str, Any], int]] = []
    for memory, place in stored:
        batches.append((batches[-1][0] if memory is None else memory, place))
    return batches


def finite(value: Any) -> Any:
    """Return JSON-ready data with every number that JSON cannot write as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
