"""Runs on disk: one `.npz` without pickle, written whole or not at all.

Entries: each parameter of the last snapshot under its name; `losses.*`, the buckets of the loss
history; `snapshots.*`, one row (or stretch) a snapshot; `meta`, a JSON text with the format
version, the recipe, the metrics, the package version, and what of the snapshots is not numbers.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import scratchtui
from scratchtui.experiments import build
from scratchtui.experiments.experiment import SEED, Experiment, Recipe, Snapshot, find_hyperparameter
from scratchtui.training.history import LossHistory
from scratchtui.training.run import Run
from scratchtui.training.timeline import Timeline

if TYPE_CHECKING:
    from scratchtui.experiments.hyperparameter import Settings

FORMAT = 1
_BUCKETS = tuple(f.name for f in fields(LossHistory) if f.name != "width")


class RunFileError(ValueError):
    """A file that is no run, or one that this version cannot read; says so in one sentence."""


def save_run(run: Run, path: Path) -> None:
    """Write `run` to `path`, whole or not at all; FileExistsError if `path` exists, OSError."""
    if path.exists():
        raise FileExistsError(f"{path} exists already; choose another name")
    experiment = restored(run)
    entries = {name: values.copy() for name, values in experiment.network.parameters.items()}
    entries |= {f"losses.{name}": getattr(run.losses, name) for name in _BUCKETS}
    entries |= _snapshot_entries(run.timeline.moments)
    entries["meta"] = np.array(json.dumps(_meta(run, experiment)))
    folder, name = path.parent, path.name
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, allow_pickle=False, **entries)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def load_run(path: Path) -> Run:
    """Return the run saved at `path`; RunFileError, or OSError where it cannot be opened."""
    if not path.exists():
        raise RunFileError(f"there is no file {path}")
    try:
        # opened here, because numpy does not close what turns out to be damaged
        with path.open("rb") as file, np.load(file, allow_pickle=False) as entries:
            return _run(entries)
    except RunFileError as error:
        raise RunFileError(f"{path} {error}") from None
    except (PermissionError, IsADirectoryError):
        raise
    except Exception as error:  # numpy, zipfile, zlib and json raise what they like
        raise RunFileError(f"{path} is damaged, or no run that scratchtui saved") from error


def restored(run: Run) -> Experiment:
    """Return the experiment of `run` as it was after its last step."""
    experiment = build(run.recipe)
    experiment.restore(run.latest)
    return experiment


def _meta(run: Run, experiment: Experiment) -> dict[str, Any]:
    settings: list[dict[str, Any]] = []
    which = []
    for moment in run.timeline.moments:
        if not settings or settings[-1] != moment.settings:
            settings.append(dict(moment.settings))
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
        "snapshot_settings": settings,
        "snapshot_setting": which,
        "snapshot_batches": [[dict(m.batches[0]), m.batches[1]] for m in run.timeline.moments],
    }


def _snapshot_entries(moments: list[Snapshot]) -> dict[str, Any]:
    return {
        "snapshots.step": np.array([m.step for m in moments]),
        "snapshots.loss": np.array([m.loss for m in moments]),
        "snapshots.parameters": np.array([m.parameters for m in moments]),
        "snapshots.optimizer": np.concatenate([m.optimizer for m in moments]),
        "snapshots.optimizer_size": np.array([len(m.optimizer) for m in moments]),
    }


def _run(entries: Any) -> Run:
    meta = json.loads(str(entries["meta"]))
    if meta["format"] > FORMAT:
        raise RunFileError(
            f"was saved by scratchtui {meta['version']}, which is newer than this {scratchtui.__version__}"
        )
    recipe = Recipe(meta["experiment"], meta["hyperparameters"], meta["seed"])
    experiment = _checked(recipe)
    losses = _losses(entries, meta["loss_bucket_width"])
    moments = _moments(entries, meta)
    for moment in moments:
        experiment.restore(moment)
    if experiment.steps != meta["step"]:
        raise ValueError("the last snapshot is not the last step")
    return Run(recipe, losses, Timeline(moments))


def _losses(entries: Any, width: int) -> LossHistory:
    index, *buckets = (entries[f"losses.{name}"] for name in _BUCKETS)
    if index.ndim != 1 or index.dtype.kind != "i" or width < 1:
        raise ValueError("the loss history has no places")
    if any(each.shape != index.shape or each.dtype.kind != "f" for each in buckets):
        raise ValueError("the loss history is not one number a bucket")
    return LossHistory(width, index, *buckets)


def _checked(recipe: Recipe) -> Experiment:
    """Build the experiment of a recipe from a file, every value read again as a user's would be."""
    from scratchtui.experiments import find_experiment

    known = find_experiment(recipe.experiment)
    for key, value in (*recipe.settings.items(), (SEED.key, recipe.seed)):
        hyperparameter = find_hyperparameter(known, key)
        if hyperparameter.parse(hyperparameter.format(value)) != value:
            raise ValueError(f"{key} is not {value!r}")
    return build(recipe)


def _moments(entries: Any, meta: dict[str, Any]) -> list[Snapshot]:
    settings: list[Settings] = meta["snapshot_settings"]
    sizes = entries["snapshots.optimizer_size"]
    optimizers = np.split(entries["snapshots.optimizer"], np.cumsum(sizes)[:-1])
    rows = zip(
        entries["snapshots.step"].tolist(),
        meta["snapshot_setting"],
        entries["snapshots.parameters"],
        optimizers,
        meta["snapshot_batches"],
        entries["snapshots.loss"].tolist(),
        strict=True,
    )
    return [
        Snapshot(step, settings[which], parameters, optimizer, (state, place), loss)
        for step, which, parameters, optimizer, (state, place), loss in rows
    ]


def finite(value: Any) -> Any:
    """Return JSON-ready data with every number that JSON cannot write as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
