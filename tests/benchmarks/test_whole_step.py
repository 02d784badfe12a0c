"""What a whole step of each experiment costs with its default settings, against bare numpy doing the same.

A step draws a batch, augments it, goes forward and backward, clips and updates: all that training does. The
faces come from the experiment's own augmentation, which is bare numpy already. `extra_info` holds the median
microseconds of both and their ratio, from bursts that take turns in this process.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.rnn import RNN
from scratchtui.nn import Array
from tests.benchmarks import bare_layers as bare
from tests.benchmarks import bare_loops
from tests.benchmarks.bare_loops import Step
from tests.benchmarks.test_step_cost import in_turns

BURSTS = {"binary": 500, "nn": 200, "cnn": 20, "rnn": 100}


def bare_step(twin: Experiment) -> Step:
    """Return the bare step of an experiment as it is built, whose data and batches it takes."""
    w, settings = twin.network.vector, twin.settings
    rate, hidden = float(settings["learning_rate"]), int(settings.get("hidden", 0))
    match twin:
        case Binary():
            descent = lambda w, dw: [bare.descent(w, dw, rate)]  # noqa: E731
            return bare_loops.linear_step(twin.rows.bits, twin._labels, w, descent)
        case NeuralNet():
            return bare_loops.tanh_step(
                twin.split.x, twin.split.y, w, hidden, lambda w, dw: [bare.adam(w, dw, rate)]
            )
        case RNN():
            clip = float(settings["clip"])
            update = lambda w, dw: [bare.clipped(dw, clip), bare.adam(w, dw, rate)]  # noqa: E731
            return bare_loops.word_step(twin._x, twin._y, w, hidden, update)
        case CNN():
            size, filters = int(settings["batch_size"]), int(settings["filters"])

            def draw() -> tuple[Array, Array]:
                faces, places = twin.batches.next_faces(size)
                return faces, twin._targets[places]

            adam = lambda w, dw: [bare.adam(w, dw, rate)]  # noqa: E731
            return bare_loops.faces_step(draw, size, w, filters, hidden, adam)
    raise TypeError(f"no bare step for {twin.title}")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_cost_of_a_whole_step_against_bare_numpy(
    benchmark: Any, name: str, record: Callable[..., None]
) -> None:
    recipe = default_recipe(EXPERIMENTS[name])
    experiment = build(recipe)
    steps = {"bare": bare_step(build(recipe)), "ours": experiment.step}
    losses = [[step() for _ in range(30)] for step in steps.values()]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-9)  # the arithmetic is the same
    micros = in_turns(steps, BURSTS[name])
    benchmark.extra_info["microseconds"] = {each: round(t, 2) for each, t in micros.items()}
    benchmark.extra_info["ratio"] = round(micros["ours"] / micros["bare"], 2)
    record(f"a whole step of {name}", micros["ours"], "us", remark=f"bare {micros['bare']:.1f}")
    record(f"a whole step of {name} against bare numpy", micros["ours"] / micros["bare"], "times")
    benchmark(experiment.step)
