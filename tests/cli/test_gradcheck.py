"""`gradcheck`: right gradients are ok, wrong ones are WRONG."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS, Entry
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.optimizer import make_optimizer
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.nn import Array, Dense, Sequential
from scratchtui.training.trainer import Trainer
from tests.cli.conftest import Command


class Crooked(Dense):
    """A layer whose gradient is a little too large."""

    too_large = 1e-5

    def backward(self, dy: Array) -> Array:
        dx = super().backward(dy)
        self.gradients["W"] *= 1.0 + self.too_large
        return dx


class Astray(Binary):
    """An experiment with such a layer."""

    name = "astray"

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe)
        vector = self.network.vector.copy()
        self.network = Sequential(Crooked(self.bits, 1, np.random.default_rng(0), bias=False))
        self.network.load(vector)
        self.optimizer = make_optimizer(self.network.vector, self.settings)


@pytest.fixture
def astray(monkeypatch: pytest.MonkeyPatch) -> None:
    """An experiment more, whose gradient is wrong."""
    monkeypatch.setitem(EXPERIMENTS._entries, "astray", Entry("Astray", __name__, "Astray"))


def test_every_gradient_of_every_experiment_is_right(scratchtui_: Command) -> None:
    result = scratchtui_("gradcheck", "--json")
    (checks,) = result.events
    assert (result.code, result.err) == (0, "")
    assert list(dict.fromkeys(check["experiment"] for check in checks)) == list(EXPERIMENTS)
    for check in checks:
        assert set(check) == {"experiment", "tensor", "relative_error", "cosine", "ok"}
        assert check["ok"]
        assert check["relative_error"] < 1e-6
        assert check["cosine"] == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["binary", "nn"])
def test_gradients_are_checked_after_ten_steps(scratchtui_: Command, name: str) -> None:
    trainer = Trainer(default_recipe(EXPERIMENTS[name]))
    trainer.step(10)
    (checks,) = scratchtui_("gradcheck", name, "--json").events
    expected = {each.name: each.relative_error for each in trainer.experiment.check_gradients()}
    assert {each["tensor"]: each["relative_error"] for each in checks} == expected


def test_a_line_a_tensor(scratchtui_: Command) -> None:
    result = scratchtui_("gradcheck", "binary", "binary")
    head, *rows = [line.split() for line in result.out.splitlines()]
    assert head == ["experiment", "tensor", "error", "cosine"]
    assert [row[:3] for row in rows] == [["ok", "binary", "0.Dense.W"], ["ok", "binary", "x"]]


@pytest.mark.usefixtures("astray")
def test_a_wrong_gradient_is_called_wrong_and_fails(scratchtui_: Command) -> None:
    result = scratchtui_("gradcheck", "binary", "astray")
    rows = {tuple(line.split()[1:3]): line.split() for line in result.out.splitlines()}
    assert (result.code, result.err) == (1, "")
    assert rows["binary", "0.Dense.W"][0] == "ok"
    assert rows["astray", "0.Crooked.W"][:4] == ["WRONG", "astray", "0.Crooked.W", "1e-05"]
    assert rows["astray", "x"][0] == "ok"
    assert scratchtui_("gradcheck", "binary").code == 0
    assert [each["ok"] for each in json.loads(scratchtui_("gradcheck", "astray", "--json").out)] == [
        False,
        True,
    ]


@pytest.mark.usefixtures("astray")
@pytest.mark.parametrize(
    ("too_large", "code"), [(9e-7, 0), (1.1e-6, 1), (-2.0, 1), (-1.0, 1), (math.nan, 1), (math.inf, 1)]
)
def test_the_limit_is_a_millionth_and_no_number_is_right(
    scratchtui_: Command, monkeypatch: pytest.MonkeyPatch, too_large: float, code: int
) -> None:
    monkeypatch.setattr(Crooked, "too_large", too_large)
    monkeypatch.setattr("scratchtui.cli.gradcheck.STEPS", 0)  # with such gradients no step can be taken
    assert scratchtui_("gradcheck", "astray").code == code
