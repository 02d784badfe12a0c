"""What layers as objects cost: one step of training against a bare numpy loop of the same arithmetic.

`extra_info` of each case holds the median microseconds a step of both and their ratio, from bursts
that take turns in this process, so that whatever slows the machine slows both.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pytest

from scratchtui.nn import (
    RNN,
    SGD,
    Array,
    Conv2D,
    Dense,
    Flatten,
    Layer,
    Loss,
    MaxPool2D,
    ReLU,
    Sequential,
    Sigmoid,
    mean_squared_error,
    softmax_cross_entropy,
)
from tests.benchmarks import bare_loops
from tests.benchmarks.bare_loops import RATE, Step


@dataclass(frozen=True)
class Case:
    """A network with a loss and a batch, the bare loop that does the same, and the steps in a burst."""

    build: Callable[[], Sequential]
    bare: Callable[[Array], Step]  # given the parameters to start from
    loss: Loss
    x: Array
    y: Array
    burst: int


def dense_case(rows: int, sizes: tuple[int, ...], burst: int) -> Case:
    """Return one linear layer, or two with sigmoids."""
    rng = np.random.default_rng(1)
    x = rng.integers(0, 2, (rows, sizes[0])).astype(np.float64)
    y = rng.uniform(size=(rows, sizes[-1]))
    deep = len(sizes) > 2

    def build() -> Sequential:
        layers: list[Layer] = []
        for inputs, outputs in pairwise(sizes):
            layers.append(Dense(inputs, outputs, np.random.default_rng(0), bias=deep))
            layers += [Sigmoid()] if deep else []
        return Sequential(*layers)

    def bare(w: Array) -> Step:
        return bare_loops.sigmoid_step(x, y, w, sizes[1]) if deep else bare_loops.linear_step(x, y, w)

    return Case(build, bare, mean_squared_error, x, y, burst)


def face_case(rows: int, filters: int, burst: int) -> Case:
    """Return two 3x3 convolutions of faces of 8 by 8, pooling, and a dense layer for three classes."""
    rng = np.random.default_rng(1)
    x = rng.integers(0, 2, (rows, 1, 8, 8)).astype(np.float64)
    y = np.eye(3)[rng.integers(0, 3, rows)]

    def build() -> Sequential:
        rng = np.random.default_rng(0)
        first, second = Conv2D(1, filters, 3, rng), Conv2D(filters, filters, 3, rng)
        last = Dense(filters * 4, 3, rng)
        return Sequential(first, ReLU(), second, ReLU(), MaxPool2D(2), Flatten(), last)

    return Case(build, lambda w: bare_loops.face_step(x, y, w, filters), softmax_cross_entropy, x, y, burst)


def word_case(hidden: int, burst: int) -> Case:
    """Return a recurrent layer that reads "hell", and a dense one that spells "ello"."""
    letters = np.eye(4)[[[0, 1, 2, 2, 3]]]
    x, y = letters[:, :-1].copy(), letters[:, 1:].copy()

    def build() -> Sequential:
        rng = np.random.default_rng(0)
        return Sequential(RNN(4, hidden, rng), Dense(hidden, 4, rng))

    return Case(build, lambda w: bare_loops.word_step(x, y, w, hidden), softmax_cross_entropy, x, y, burst)


CASES = {
    "binary, 8 rows": dense_case(8, (8, 1), 500),
    "binary, 256 rows": dense_case(256, (8, 1), 500),
    "binary, 65536 rows of 16 bits": dense_case(65536, (16, 1), 20),
    "nn 4-4-1, 4 rows": dense_case(4, (4, 4, 1), 200),
    "cnn, 1 face, 2 filters": face_case(1, 2, 100),
    "cnn, 64 faces, 8 filters": face_case(64, 8, 10),
    "rnn, 4 letters, 120 hidden": word_case(120, 100),
}
BUDGETS = {
    "binary, 8 rows": 3.0,
    "nn 4-4-1, 4 rows": 2.2,
    "cnn, 1 face, 2 filters": 3.0,
    "rnn, 4 letters, 120 hidden": 1.5,
}


def network_step(case: Case, *, to_input: bool) -> Step:
    """Return a step of ours; `to_input` computes dL/dx of the first layer as well."""
    network, loss_of, x, y = case.build(), case.loss, case.x, case.y
    optimizer = SGD(network.vector, RATE)
    backward = network.backward if to_input else network.backward_to_parameters

    def step() -> float:
        loss, gradient = loss_of(network.forward(x), y)
        backward(gradient)
        optimizer.step(network.gradient)
        return loss

    return step


def in_turns(steps: dict[str, Step], burst: int, rounds: int = 30) -> dict[str, float]:
    """Return the median microseconds a step of each."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    names, rng = list(steps), np.random.default_rng(0)
    for turn in range(rounds + 1):
        for name in rng.permutation(names):  # each finds the caches as the one before left them
            step = steps[name]
            start = time.perf_counter()
            for _ in range(burst):
                step()
            if turn:  # the first warms up
                times[name].append((time.perf_counter() - start) / burst * 1e6)
    return {name: median(values) for name, values in times.items()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_cost_of_a_step_against_bare_numpy(
    benchmark: Any, case: Case, request: pytest.FixtureRequest, record: Callable[..., None]
) -> None:
    steps = {
        "bare": case.bare(case.build().vector),
        "ours": network_step(case, to_input=False),
        "ours, with dL/dx": network_step(case, to_input=True),
    }
    losses = [[step() for _ in range(5)] for step in steps.values()]
    np.testing.assert_allclose(losses, [losses[0]] * 3, rtol=1e-9)  # the arithmetic is the same
    micros = in_turns(steps, case.burst)
    benchmark.extra_info["microseconds"] = {name: round(t, 2) for name, t in micros.items()}
    benchmark.extra_info["ratio"] = round(micros["ours"] / micros["bare"], 2)
    benchmark.extra_info["ratio with dL/dx"] = round(micros["ours, with dL/dx"] / micros["bare"], 2)
    name = request.node.callspec.id
    against = f"bare {micros['bare']:.2f}; with dL/dx {micros['ours, with dL/dx']:.2f}"
    record(f"a step of {name}", micros["ours"], "us", remark=against)
    record(
        f"a step of {name} against bare numpy", micros["ours"] / micros["bare"], "times", BUDGETS.get(name)
    )
    benchmark(steps["ours"])
