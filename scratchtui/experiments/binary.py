"""Binary: one linear layer, shown bits and the number they spell, discovers 128, 64, ..., 1."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from scratchtui.experiments import figures
from scratchtui.experiments.batches import Batches
from scratchtui.experiments.bits import rows as dataset
from scratchtui.experiments.bits.codes import CODES, Code, decode, place_values
from scratchtui.experiments.bits.decoding import Reading
from scratchtui.experiments.bits.panels import PANELS
from scratchtui.experiments.bits.quadratic import LeastSquares
from scratchtui.experiments.claim import Claim
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.forecast import Forecast
from scratchtui.experiments.hyperparameter import Hyperparameter, Remark, Value
from scratchtui.experiments.optimizer import make_optimizer
from scratchtui.experiments.prediction import Prediction
from scratchtui.experiments.recipe import BATCH_SIZE, LEARNING_RATE, MOMENTUM, OPTIMIZER, Recipe
from scratchtui.nn import Dense, Sequential, he, mean_squared_error, uniform, xavier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.panel import Edit, Probe
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.experiments.view import View
    from scratchtui.nn import Array, Loss

TOLERANCE = 1e-6
INITIALIZERS = {"uniform": uniform, "xavier": xavier, "he": he}


class Binary(Experiment):
    """Bits in, one number out, no activation: y = xW (+ b); W should become the place values."""

    name = "binary"
    title = "Binary"
    question = "Does one linear layer, shown bits and the number they spell, discover 128, 64, ..., 1?"
    prompt = "decode"
    hyperparameters = (
        replace(LEARNING_RATE, default=0.2),
        OPTIMIZER,
        MOMENTUM,
        BATCH_SIZE,
        Hyperparameter("data", "data", "text", "all", "which rows it learns from", live=True,
                       choices=dataset.BASES),
        Hyperparameter("noise", "noise", "float", 0.0, "standard deviation of what is added to labels",
                       live=True, low=0.0, high=1e6),
        Hyperparameter("bits", "bits", "integer", 8, "how many inputs", low=1, high=16),
        Hyperparameter("encoding", "encoding", "choice", "unsigned", "how bits spell a number",
                       choices=CODES),
        Hyperparameter("bias", "bias", "switch", default=False,
                       help="whether a constant is learnt as well"),
        Hyperparameter("initializer", "initializer", "choice", "uniform", "where the weights start",
                       choices=tuple(INITIALIZERS)),
        Hyperparameter("scale", "scale", "float", 1.0, "how far from zero they start",
                       low=1e-6, high=1e6),
    )  # fmt: skip
    panels = PANELS
    claims = (
        Claim("powers", "8 bits become 128, 64, ..., 1 to within 1e-6", ("max_weight_error<1e-6",)),
        Claim("other sizes", "so do 4, 10, 12 and 16 bits, to within 1e-3", ("max_weight_error<1e-3",),
              tuple({"bits": bits} for bits in ("4", "10", "12", "16")), most_seeds=20),
        Claim("codes", "so do the place values of two's complement, BCD and negabinary",
              ("max_weight_error<1e-6",),
              tuple({"encoding": code} for code in ("twos", "bcd", "negabinary")), most_seeds=30),
        Claim("original", "and the eight rows of the original are enough", ("max_weight_error<1e-6",),
              ({"data": "original"},), most_seeds=20),
    )  # fmt: skip

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        data_seed, weight_seed, batch_seed = np.random.SeedSequence(recipe.seed).spawn(3)
        self._data_seed = data_seed
        self._batch_size = int(self.settings["batch_size"])
        self.bits = int(self.settings["bits"])
        self.code = cast("Code", self.settings["encoding"])
        self._load_rows()
        self.network = Sequential(
            Dense(
                self.bits,
                1,
                np.random.default_rng(weight_seed),
                bias=bool(self.settings["bias"]),
                initializer=INITIALIZERS[str(self.settings["initializer"])](float(self.settings["scale"])),
            )
        )
        self.optimizer = make_optimizer(self.network.vector, self.settings)
        self.batches: Batches = Batches(np.random.default_rng(batch_seed), len(self.rows.bits))

    def gradient(self) -> float:
        """Leave the next batch's gradient in the network and return its loss."""
        x, y = self.rows.bits, self._labels
        if size := self._batch_size:
            batch = self.batches.next(size)
            x, y = x[batch], y[batch]
        loss, dy = mean_squared_error(self.network.forward(x), y)
        self.network.backward_to_parameters(dy)
        return loss

    def changed(self, key: str) -> None:
        """Carry a live hyperparameter, already in `settings`, into data or network."""
        if key in {"data", "noise"}:
            self._load_rows()
            self.batches.resize(len(self.rows.bits))
        self._batch_size = int(self.settings["batch_size"])

    def _load_rows(self) -> None:
        noise = float(self.settings["noise"])
        rng = np.random.default_rng(self._data_seed)
        self.rows = dataset.make_rows(str(self.settings["data"]), self.code, self.bits, noise, rng)
        self._labels = self.rows.labels[:, None]
        x, places = self.rows.bits, place_values(self.code, self.bits)
        if self.settings["bias"]:
            x = np.hstack((x, np.ones((len(x), 1))))
            places = np.append(places, 0.0) if places is not None else None
        self.problem = LeastSquares.of(x, self.rows.labels, places)
        self._ever_set: NDArray[np.bool_] = np.asarray(x.any(axis=0))

    @property
    def weights(self) -> Array:
        """The weights, most significant first, and last the bias where there is one: (P,)."""
        return self.network.vector

    @property
    def reading(self) -> Reading:
        """How the present weights read the rows."""
        return Reading(self.code, self.bits, self.rows, self.problem, self._ever_set, self.weights)

    @property
    def goal(self) -> str:
        """No weight further from where it belongs than the tolerance."""
        return f"max_weight_error<{TOLERANCE:g}"

    def measure(self, metric: str) -> float:
        """Return `loss`, `max_weight_error`, or the `bias` if there is one; KeyError for other names."""
        if metric == "max_weight_error":
            return self.problem.max_error(self.weights)  # asked for after every step
        return super().measure(metric)

    def metrics(self) -> dict[str, Any]:
        """Return everything measurable about the present state, ready for JSON."""
        targets = self.reading.targets[: self.bits].tolist()
        return {
            "max_weight_error": self.measure("max_weight_error"),
            "weights": self.weights[: self.bits].tolist(),
            "targets": [None if math.isnan(target) else target for target in targets],
        } | ({"bias": float(self.weights[-1])} if self.settings["bias"] else {})

    def predict(self, text: str) -> Prediction:
        """Return the number that the network reads in a text of bits; ValueError if it is none."""
        plain = text.replace(" ", "").replace("_", "")
        if len(plain) != self.bits or not set(plain) <= {"0", "1"}:
            raise ValueError(
                f"{text!r} is not a row of {self.bits} digits 0 and 1, "
                f"such as {'10' * self.bits:.{self.bits}}"
            )
        return Prediction(text, float(self.reading.says(np.array([[float(digit) for digit in plain]]))[0]))

    def answer(self, text: str) -> str:
        """Return a number's or a row's bits and what is read in them; ValueError if it is none."""
        bits = dataset.row_bits(text, self.code, self.bits)
        number = int(decode(bits[None], self.code)[0])
        reading = self.reading
        return f"{reading.spelt(bits[None])[0]} → {figures.figure(reading.says(bits[None])[0])}  ({number})"

    def answers(self) -> dict[str, str]:
        """Return the number that is read in each row of the dataset."""
        said = map(figures.figure, self.reading.says(self.rows.bits))
        return dict(zip(self.reading.spelt(self.rows.bits), said, strict=True))

    def headline(self) -> str:
        """Return the largest distance of a weight from its target."""
        error = self.measure("max_weight_error")
        return (
            "no weight is settled by these rows" if math.isnan(error) else f"{self._error_name} {error:.3g}"
        )

    def goal_words(self) -> str:
        """Return the goal as it is written for people."""
        return f"{self._error_name} < {TOLERANCE:.0e}".replace("e-0", "e-")

    @property
    def _error_name(self) -> str:
        exact = self.code != "gray" and self.problem.floor <= TOLERANCE**2
        target = {"unsigned": "2^k", "negabinary": "(-2)^k"}.get(self.code, "place") if exact else "w*"
        return f"max|w-{target}|"

    def forecast(self) -> Forecast:
        """Return the step at which plain gradient descent meets the goal, exactly."""
        if self.frozen.size:
            return Forecast(None, "with weights frozen it cannot be foretold")
        if self.settings["optimizer"] != "sgd" or not self._sees_all_rows:
            return Forecast(None, "only plain gradient descent on all rows can be foretold")
        rate = float(self.settings["learning_rate"])
        if rate >= self.problem.largest_stable_rate():
            return Forecast(None, "it will diverge")
        if not self.problem.foreseeable(self.weights):
            return Forecast(None, "from weights as large as these, rounding decides")
        steps = self.problem.steps_until(TOLERANCE, self.weights, rate)
        about = not self.problem.exact(TOLERANCE, self.weights, rate)
        return Forecast(None) if steps is None else Forecast(self.steps + steps, about=about)

    def step_budget(self) -> int:
        """Return how many steps are surely enough to meet the goal, where that can be told."""
        step = self.forecast().step
        return 20_000 if step is None else step - self.steps + 10

    def remarks(self) -> dict[str, Remark]:
        """Return the stable limit of the learning rate, where there is one."""
        if self.settings["optimizer"] == "rmsprop":
            return {"optimizer": Remark("circles within the rate")}
        if self.settings["optimizer"] == "adam":
            return {}
        limit = self.problem.largest_stable_rate(self._momentum)
        if float(self.settings["learning_rate"]) >= limit:
            return {"learning_rate": Remark(f"diverges from {figures.limit(limit)} on", warning=True)}
        words = "stable below" if self._sees_all_rows else "at best below"
        return {"learning_rate": Remark(f"{words} {figures.limit(limit)}")} if limit < math.inf else {}

    @property
    def _sees_all_rows(self) -> bool:
        return not 0 < self._batch_size < len(self.rows.bits)

    def divergence_advice(self) -> str:
        """Return what to do about a loss that is no longer finite."""
        remark = self.remarks().get("learning_rate")
        if remark is None or not remark.warning:
            if not self.problem.foreseeable(self.weights):
                return "from weights as large as these nothing leads back: begin again"
            return super().divergence_advice()
        limit = self.problem.largest_stable_rate(self._momentum)
        return f"learning rate {self.settings['learning_rate']:g} is above the stable {figures.limit(limit)}"

    @property
    def _momentum(self) -> float:
        return float(self.settings["momentum"]) if self.settings["optimizer"] == "momentum" else 0.0

    def notice(self) -> str:
        """Return the first reason why the place values will not come out, if they will not."""
        return next(iter(self.notices()), "")

    def notices(self) -> list[str]:
        """Return why the place values will not come out, if they will not."""
        found, floor = [], self.problem.floor
        if not self._ever_set.all():
            found.append(
                f"{self.reading.listed(~self._ever_set)} never set: no gradient, so the random weight stays"
            )
        if (tied := self._ever_set & ~self.problem.determined).any():
            found.append(
                f"{self.reading.listed(tied)} not settled by these rows: only sums of the weights are"
            )
        if self.code == "gray" and floor > TOLERANCE:
            found.append(f"Gray: a bit's worth depends on those above it; best linear loss {floor:.4g}")
        elif floor > TOLERANCE:
            found.append(f"labels contradict the place values: the best possible loss is {floor:.4g}")
        return found

    def view(self, panel: str, timeline: Sequence[Snapshot], probe: Probe) -> View:
        """Return what a panel shows of the present state, and of the snapshots that led to it."""
        match panel:
            case "weights":
                return self.reading.weights_table(self.frozen)
            case "heatmap":
                return self.reading.heatmap(self.frozen)
            case "paths":
                return self.reading.paths(timeline)
            case "rows":
                return self.reading.rows_table(probe)
        raise KeyError(panel)

    def example(self) -> tuple[Loss, Array, Array]:
        """Return the loss, and a few rows with their labels."""
        return mean_squared_error, self.rows.bits[:8], self._labels[:8]

    def edited(self, panel: str, edit: Edit, probe: Probe) -> tuple[Probe, dict[str, Value]]:
        """Point at a row, add one (a number or bits, perhaps =LABEL), or delete one."""
        data = str(self.settings["data"])
        match panel, edit.action:
            case "rows", "point":
                return replace(probe, row=edit.place[0]), {}
            case "rows", "add":
                added = dataset.with_row(data, edit.text, self.code, self.bits)
                return replace(probe, row=-1), {"data": added}
            case "rows", "remove":
                return probe, {"data": dataset.without_row(data, self.rows, edit.place[0], self.code)}
        return super().edited(panel, edit, probe)
