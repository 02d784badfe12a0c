"""A fifth experiment in one file: a picture that is drawn, and a network that says where the ink is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from scratchtui.experiments import EXPERIMENTS, Entry
from scratchtui.experiments.batches import Batches
from scratchtui.experiments.claim import Claim
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.hyperparameter import Hyperparameter, Value
from scratchtui.experiments.optimizer import make_optimizer
from scratchtui.experiments.panel import Edit, EditKey, Panel, Probe
from scratchtui.experiments.prediction import Prediction
from scratchtui.experiments.recipe import LEARNING_RATE, MOMENTUM, OPTIMIZER, Recipe
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.experiments.view import Bar, Canvas, Matrix, View
from scratchtui.nn import Array, Dense, Loss, Sequential, binary_cross_entropy

SIDE = 8
CLASSES = ("above", "below")
BLANK = "." * SIDE**2


@contextmanager
def listed() -> Iterator[None]:
    """List the experiment for a while: this is all that it takes."""
    EXPERIMENTS.add("tiny", Entry("Tiny", __name__, "Tiny"))
    try:
        yield
    finally:
        del EXPERIMENTS._entries["tiny"]


class Tiny(Experiment):
    """64 pixels in, one number out, its sign the answer."""

    name = "tiny"
    title = "Tiny"
    question = "Is there more ink in the upper half or in the lower?"
    hyperparameters = (
        replace(LEARNING_RATE, default=0.1),
        OPTIMIZER,
        MOMENTUM,
        Hyperparameter("pictures", "pictures", "integer", 32, "how many it learns from", low=1, high=999),
    )
    panels = (
        Panel("picture", "picture", "stage", "canvas",
              "What you draw, and where the network sees more ink.",
              edits=(
                  EditKey("m", "m", "mirror", "turn it upside down", "mirror"),
                  EditKey("x", "x", "clear", "clear it", "clear"),
                  EditKey("c", "c", "copy", "copy it", "copy", "copy"),
                  EditKey("v", "v", "paste", "paste one", "paste", "paste"),
                  EditKey("t", "t", "type", "type its row", "type", "type", "8 of # and ."),
                  EditKey("L", "L", "load", "load one from a file", "load", "load", "a file"),
                  EditKey("W", "W", "save", "save it to a file", "", "save", "a new file"),
              )),
        Panel("weights", "weights", "side", "matrix", "What each pixel speaks for."),
        Panel("signs", "signs", "side", "matrix", "Only which of the two it is.", follows=True),
    )  # fmt: skip
    claims = (Claim("halves", "it tells the halves apart", ("accuracy>0.99",)),)

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        data, weights, batches = np.random.SeedSequence(recipe.seed).spawn(3)
        half = np.arange(int(self.settings["pictures"])) % 2
        ink = np.random.default_rng(data).random((len(half), 2, SIDE**2 // 2))
        self._x = (ink < np.where(half[:, None] == [1, 0], 0.2, 0.6)[:, :, None]).reshape(-1, SIDE**2) * 1.0
        self._y = half[:, None] * 1.0
        self.network = Sequential(Dense(SIDE**2, 1, np.random.default_rng(weights)))
        self.optimizer = make_optimizer(self.network.vector, self.settings)
        self.batches = Batches(np.random.default_rng(batches), len(half))

    def gradient(self) -> float:
        loss, dy = binary_cross_entropy(self.network.forward(self._x), self._y)
        self.network.backward_to_parameters(dy)
        return loss

    def changed(self, key: str) -> None:
        raise NotImplementedError(key)  # what is live is the optimizer's

    @property
    def goal(self) -> str:
        return "accuracy>0.99"

    def goal_words(self) -> str:
        return "all pictures right"

    def headline(self) -> str:
        return f"{self.metrics()['accuracy']:.0%} right"

    def metrics(self) -> dict[str, Any]:
        right = (self.network.forward(self._x) > 0) == (self._y > 0.5)
        return {"accuracy": float(right.mean())}

    def example(self) -> tuple[Loss, Array, Array]:
        return binary_cross_entropy, self._x[:4], self._y[:4]

    def predict(self, text: str) -> Prediction:
        below = self._below(read(text))
        return Prediction(text, CLASSES[below > 0.5], dict(zip(CLASSES, (1 - below, below), strict=True)))

    def _below(self, picture: str) -> float:
        pixels = np.array([[float(pixel == "#") for pixel in picture]])
        return float(1 / (1 + np.exp(-self.network.forward(pixels)[0, 0])))

    def view(self, panel: str, timeline: Sequence[Snapshot], probe: Probe) -> View:
        weights = self.network.vector[: SIDE**2].reshape(SIDE, SIDE)
        if panel == "weights":
            return Matrix(weights.copy())
        if panel == "signs":
            return Matrix(np.sign(weights))
        picture = probe.picture or BLANK
        cells = np.array(list(picture)).reshape(SIDE, SIDE) == "#"
        below = self._below(picture)
        bars = (Bar(CLASSES[0], 1 - below, marked=below <= 0.5), Bar(CLASSES[1], below, marked=below > 0.5))
        return Canvas(cells, bars, "your picture", "" if cells.any() else "nothing to see")

    def written(self, panel: str, edit: Edit, probe: Probe) -> str:
        rows = rows_of(probe.picture or BLANK)
        return rows[edit.place[0]] if edit.action == "type" else "\n".join(rows) + "\n"

    def edited(self, panel: str, edit: Edit, probe: Probe) -> tuple[Probe, dict[str, Value]]:
        pixels = list(probe.picture or BLANK)
        if panel == "picture":
            row, column = edit.place
            here = row * SIDE + column
            match edit.action:
                case "flip":
                    pixels[here] = "." if pixels[here] == "#" else "#"
                case "paint":
                    pixels[here] = edit.text
                case "mirror":
                    pixels = list("".join(reversed(rows_of("".join(pixels)))))
                case "clear":
                    pixels = list(BLANK)
                case "type":
                    pixels[row * SIDE : (row + 1) * SIDE] = read(edit.text, SIDE)
                case "paste" | "load":
                    pixels = list(read(edit.text))
            return replace(probe, picture="".join(pixels)), {}
        if edit.action == "point":
            return replace(probe, row=edit.place[0]), {}
        return super().edited(panel, edit, probe)


def rows_of(picture: str) -> list[str]:
    return [picture[start : start + SIDE] for start in range(0, SIDE**2, SIDE)]


def read(text: str, count: int = SIDE**2) -> str:
    picture = "".join(text.split())
    if len(picture) != count or not set(picture) <= set("#."):
        raise ValueError(f"a picture has {count} pixels # and ., not {text[:20]!r}")
    return picture
