"""Neural net: what a hidden layer can do that one layer cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchtui.experiments.batches import Batches
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.hyperparameter import Hyperparameter, Remark, Value
from scratchtui.experiments.optimizer import make_optimizer
from scratchtui.experiments.panel import POINT
from scratchtui.experiments.prediction import Prediction
from scratchtui.experiments.recipe import BATCH_SIZE, LEARNING_RATE, MOMENTUM, OPTIMIZER, Recipe
from scratchtui.experiments.samples import points, views
from scratchtui.experiments.samples.answers import LOSSES, METRICS, Answers
from scratchtui.experiments.samples.claims import CLAIMS
from scratchtui.experiments.samples.multilayer import (
    ACTIVATIONS,
    BOUNDED,
    INITIALIZERS,
    Perceptron,
    activations,
    dense_of,
    read_hidden,
)
from scratchtui.experiments.samples.panels import PANELS
from scratchtui.experiments.samples.points import FEATURES, PLANES
from scratchtui.experiments.samples.split import Split, structure_of
from scratchtui.experiments.samples.tables import TABLES
from scratchtui.experiments.twin import Twin
from scratchtui.experiments.view import Gallery, Prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.panel import Edit, Probe
    from scratchtui.experiments.samples.dataset import Dataset
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.experiments.view import View
    from scratchtui.nn import Array, Loss, Penalized

TOLERANCE = 0.05
ACCURACY = 0.95
_IN_THE_PLANE = {"data": PLANES}


class NeuralNet(Experiment):
    """Dense layers with an activation between them, and one output that says 0 or 1."""

    name = "nn"
    title = "Neural net"
    question = "What can a hidden layer do that one layer cannot?"
    prompt = "input"
    hyperparameters = (
        LEARNING_RATE,
        replace(OPTIMIZER, default="adam"),
        MOMENTUM,
        BATCH_SIZE,
        Hyperparameter("data", "data", "text", "xor", "which rows, or points of the plane, it learns from",
                       live=True, choices=(*TABLES, *PLANES)),
        Hyperparameter("noise", "noise", "float", 0.1, "standard deviation by which points are moved",
                       live=True, low=0.0, high=5.0, when=_IN_THE_PLANE),
        Hyperparameter("loss", "loss", "choice", "cross_entropy", "how wrong an answer is",
                       live=True, choices=tuple(LOSSES)),
        Hyperparameter("l1", "l1", "float", 0.0, "penalty on the size of every weight", live=True,
                       low=0.0, high=1.0),
        Hyperparameter("l2", "l2", "float", 0.0, "penalty on half the square of every weight", live=True,
                       low=0.0, high=1.0),
        Hyperparameter("hidden", "hidden", "text", "8", "units of each hidden layer, at most 4 layers of 32",
                       choices=("none", "4", "8,8")),
        Hyperparameter("activation", "activation", "choice", "tanh", "what hidden units make of their input",
                       choices=tuple(ACTIVATIONS)),
        Hyperparameter("initializer", "initializer", "choice", "xavier", "where the weights start",
                       choices=tuple(INITIALIZERS)),
        Hyperparameter("inputs", "inputs", "text", "x,y", "what it is told of a point, with commas between",
                       choices=FEATURES, when=_IN_THE_PLANE),
        Hyperparameter("points", "points", "integer", 200, "how many there are", low=4, high=1000, step=20,
                       when=_IN_THE_PLANE),
        Hyperparameter("test_share", "test share", "float", 0.25, "part of the points that is held out",
                       low=0.0, high=0.9, step=0.05, when=_IN_THE_PLANE),
    )  # fmt: skip
    panels = PANELS
    claims = CLAIMS
    network: Penalized

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        self._data_seed, weight_seed, batch_seed = np.random.SeedSequence(recipe.seed).spawn(3)
        self._batch_size = int(self.settings["batch_size"])
        self._structure = structure_of(self.settings)
        self._load_data()
        shape = Perceptron(
            len(self.dataset.names),
            read_hidden(str(self.settings["hidden"])),
            str(self.settings["activation"]),
            str(self.settings["initializer"]),
        )
        self.shape = shape
        self.network = shape.build(np.random.default_rng(weight_seed))
        self._twin = Twin(self.network, shape.build)
        self._set_loss()
        self.optimizer = make_optimizer(self.network.vector, self.settings)
        self.batches: Batches = Batches(np.random.default_rng(batch_seed), len(self.split.x))

    def gradient(self) -> float:
        """Leave the next batch's gradient in the network, and return its loss; that has no penalties."""
        x, y = self.split.x, self.split.y
        if size := self._batch_size:
            batch = self.batches.next(size)
            x, y = x[batch], y[batch]
        loss, dy = self._loss(self.network.forward(x), y)
        self.network.backward_to_parameters(dy)
        return loss

    def can_change(self, key: str, value: Value) -> bool:
        """Whether this network has the inputs for it; ValueError for what cannot be at all."""
        if key == "data":
            return structure_of({**self.settings, key: value}) == self._structure
        if key == "hidden":
            read_hidden(str(value))
        if key == "inputs":
            points.read_features(str(value))
        return super().can_change(key, value)

    def changed(self, key: str) -> None:
        """Carry a live hyperparameter, already in `settings`, into data or network."""
        if key in {"data", "noise"}:
            self._load_data()
            self.batches.resize(len(self.split.x))
        self._batch_size = int(self.settings["batch_size"])
        self._set_loss()

    def _set_loss(self) -> None:
        self._loss = LOSSES[str(self.settings["loss"])]
        self._answers = Answers(self._twin, self.split, self._loss)
        self.network.penalize(l1=float(self.settings["l1"]), l2=float(self.settings["l2"]))

    @property
    def _in_plane(self) -> bool:
        return self._structure[0] == "plane"

    def _load_data(self) -> None:
        self.split = Split.of(self.settings, self._data_seed)

    @property
    def dataset(self) -> Dataset:
        """What it learns from."""
        return self.split.dataset

    @property
    def goal(self) -> str:
        """Every output near its target; of points, nearly all of those not trained on right."""
        if not self._in_plane:
            return f"max_error<{TOLERANCE:g}"
        return f"{'test_accuracy' if self.split.tests else 'accuracy'}>{ACCURACY:g}"

    def measure(self, metric: str) -> float:
        """Return a metric that is one number; nan where there is nothing to measure it on."""
        if metric in METRICS:
            return self._answers.measure(metric)
        return super().measure(metric)

    def metrics(self) -> dict[str, Any]:
        """Return everything measurable about the present state, ready for JSON."""
        names = ("accuracy", "test_accuracy") if self.split.tests else ("accuracy",)
        network = self.network
        return {
            **{name: self.measure(name) for name in (*names, "max_error")},
            "predictions": self._answers.to(self.split.x).tolist(),
            **({"penalty": network.penalty} if self._penalized else {}),
        }

    @property
    def _penalized(self) -> bool:
        return bool(self.settings["l1"] or self.settings["l2"])

    @property
    def has_held_out(self) -> bool:
        """Whether there are points that are not trained on."""
        return self.split.tests

    def held_out_loss(self) -> float:
        """Return the loss on the points that are not trained on; nan where there are none."""
        return self._answers.held_out_loss()

    def predict(self, text: str) -> Prediction:
        """Return what the network says, 0 to 1, to numbers with commas between; or ValueError."""
        return Prediction(
            text, float(self._answers.to(self.dataset.encoded(self.dataset.read(text)[None]))[0])
        )

    def answer(self, text: str) -> str:
        """Return what the network says to numbers with commas between; ValueError if they are none."""
        said = self.predict(text).prediction
        return f"{text} → {said:.3f}  ({said:.0f})"

    def answers(self) -> dict[str, str]:
        """Return what the network says to each row, 0 to 1."""
        return self._answers.by_row()

    def headline(self) -> str:
        """Return how many rows are right, and by how much the worst is not."""
        right = self.measure("accuracy")
        if not self._in_plane:
            rows = len(self.split.x)
            return f"{right * rows:.0f} of {rows} right · largest error {self.measure('max_error'):.3f}"
        return f"train {right:.1%}" + (
            f" · unseen {self.measure('test_accuracy'):.1%}" if self.split.tests else ""
        )

    def goal_words(self) -> str:
        """Return the goal as it is written for people."""
        if not self._in_plane:
            return f"every output within {TOLERANCE:g} of its target"
        return f"more than {ACCURACY:.0%} of the {'unseen' if self.split.tests else 'training'} points right"

    def step_budget(self) -> int:
        """Return how many steps a recipe that works needs at the very most."""
        return 20_000

    def remarks(self) -> dict[str, Remark]:
        """Return how much the penalties add to what is minimised."""
        if not self._penalized:
            return {}
        key = "l1" if self.settings["l1"] else "l2"
        return {key: Remark(f"adds {self.network.penalty:.3g} to what is minimised")}

    def notice(self) -> str:
        """Return what keeps these data from being learnt, if anything does."""
        if clash := self.dataset.examples.contradiction():
            return clash
        if not self.shape.hidden and self.measure("accuracy") < 1.0:
            return "no hidden layer: it tells apart what one straight edge can part, and no more"
        return ""

    def absent(self) -> frozenset[str]:
        """Return the planes where the data is in none, and the units where there are none."""
        hidden = set() if self.dataset.extent else {"surface", "units"}
        return frozenset(hidden if self.shape.hidden else hidden | {"units"})

    def view(self, panel: str, timeline: Sequence[Snapshot], probe: Probe) -> View:
        """Return what a panel shows of the present state."""
        del timeline
        dataset, examples, extent = self.dataset, self.dataset.examples, self.dataset.extent
        match panel:
            case "rows":
                rows = views.point_rows if self._in_plane else views.table_rows
                return rows(examples, self._answers.to_all(), examples.place(probe.row))
            case "surface" if extent:
                return views.surface(
                    lambda xy: self._answers.to(dataset.encoded(xy)), examples, extent, sum(self.shape.hidden)
                )
            case "units" if extent:
                return views.units(
                    lambda xy: self._layers(dataset.encoded(xy)), examples, extent, self._limit
                )
            case "surface" | "units":
                return Prose(
                    (((f"only two inputs make a plane, and there are {len(dataset.names)}", "dim"),),)
                )
            case "weights":
                return self.located(lambda parameters: views.weights(dense_of(parameters), dataset.names))
            case "activations":
                return self._activations_view(probe)
        raise KeyError(panel)

    def _layers(self, x: Array) -> list[Array]:
        return activations(self._twin, x)

    @property
    def _limit(self) -> float | None:
        """The largest magnitude of an activation, where there is one."""
        return 1.0 if self.shape.activation in BOUNDED else None

    def _activations_view(self, probe: Probe) -> Gallery:
        row, note = self.dataset.probed(probe)
        x = self.dataset.encoded(row[None])
        return views.activations(self.dataset.names, x, self._layers(x), self._limit, note)

    def example(self) -> tuple[Loss, Array, Array]:
        """Return the loss with its penalties, and a few rows, moved off the kinks of rectifiers."""

        def penalized(prediction: Array, target: Array) -> tuple[float, Array]:
            loss, gradient = self._loss(prediction, target)
            return loss + self.network.penalty, gradient

        return penalized, self.split.x[:8] + 0.1, self.split.y[:8]

    def edited(self, panel: str, edit: Edit, probe: Probe) -> tuple[Probe, dict[str, Value]]:
        """Point at a row, flip what is under the cursor, add a row (ROW=TARGET), or delete one."""
        if panel == "rows" and edit.action == POINT:
            return replace(probe, row=edit.place[0], text=""), {}
        if panel == "rows" and (data := self.dataset.edited(edit)) is not None:
            return replace(probe, row=-1, text="") if edit.action in {"add", "paste"} else probe, {
                "data": data
            }
        return super().edited(panel, edit, probe)
