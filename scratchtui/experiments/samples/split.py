"""What a network is given of a dataset: its inputs, and which of them it is trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.data_text import base_of, unknown
from scratchtui.experiments.samples import points, tables
from scratchtui.experiments.samples.points import PLANES
from scratchtui.experiments.samples.tables import TABLES

if TYPE_CHECKING:
    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.samples.dataset import Dataset
    from scratchtui.nn import Array


@dataclass(frozen=True)
class Split:
    """A dataset, all its rows as the network is given them (N, F), and in two parts.

    `x` and `y` (n, F), (n, 1) are trained on, `test_x` and `test_y` are not.
    """

    dataset: Dataset
    encoded: Array
    x: Array
    y: Array
    test_x: Array
    test_y: Array

    @classmethod
    def of(cls, settings: Settings, seed: np.random.SeedSequence) -> Split:
        """Return what these settings describe; ValueError if they describe nothing to learn from.

        The same seed gives the same points each time.
        """
        dataset = _dataset(settings, seed)
        encoded = dataset.encoded(dataset.examples.inputs)
        targets, unseen = dataset.examples.targets[:, None], dataset.examples.held_out
        return cls(dataset, encoded, encoded[~unseen], targets[~unseen], encoded[unseen], targets[unseen])

    @property
    def tests(self) -> bool:
        """Whether there is anything that is not trained on."""
        return len(self.test_x) > 0


def structure_of(settings: Settings) -> tuple[str, int]:
    """Return of what kind the dataset is, plane or table, and how many inputs it has; ValueError for none."""
    name = base_of(str(settings["data"]))
    if name in PLANES:
        return "plane", len(points.read_features(str(settings["inputs"])))
    if (bits := tables.bits_of(name)) is None:
        raise unknown(name, (*TABLES, *PLANES))
    return "table", bits


def _dataset(settings: Settings, seed: np.random.SeedSequence) -> Dataset:
    data = str(settings["data"])
    if structure_of(settings)[0] == "table":
        return tables.TruthTable(data)
    again = np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key)  # which has spawned nothing yet
    base = points.base_points(
        base_of(data),
        int(settings["points"]),
        float(settings["noise"]),
        float(settings["test_share"]),
        again,
    )
    return points.Plane(data, base, points.read_features(str(settings["inputs"])))
