"""What layers as objects cost: one step of training against a bare numpy loop of the same arithmetic.

`extra_info` of each case holds the median microseconds a step of both and their ratio, from bursts
that take turns in this process, so that whatever slows the machine slows both.
"""

import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import pytest

from scratchtui.nn import SGD, Array, Dense, Layer, Sequential, Sigmoid, mean_squared_error

Step = Callable[[], object]
RATE = 1e-3
CASES: dict[str, tuple[int, tuple[int, ...], int]] = {
    # name: (rows, sizes of the layers, steps in a burst); one layer is linear, more are sigmoids
    "binary, 8 rows": (8, (8, 1), 500),
    "binary, 256 rows": (256, (8, 1), 500),
    "binary, 65536 rows of 16 bits": (65536, (16, 1), 20),
    "nn 4-4-1, 4 rows": (4, (4, 4, 1), 200),
}
BUDGETS = {"binary, 8 rows": 3.0, "nn 4-4-1, 4 rows": 2.2}


def network_step(x: Array, y: Array, sizes: tuple[int, ...], *, to_input: bool) -> Step:
    """Return a step of ours; `to_input` computes dL/dx of the first layer as well."""
    rng = np.random.default_rng(0)
    layers: list[Layer] = []
    deep = len(sizes) > 2
    for inputs, outputs in pairwise(sizes):
        layers.append(Dense(inputs, outputs, rng, bias=deep))
        layers += [Sigmoid()] if deep else []
    network = Sequential(*layers)
    optimizer = SGD(network.vector, RATE)
    backward = network.backward if to_input else network.backward_to_parameters

    def step() -> float:
        loss, gradient = mean_squared_error(network.forward(x), y)
        backward(gradient)
        optimizer.step(network.gradient)
        return loss

    return step


def bare_linear_step(x: Array, y: Array, sizes: tuple[int, ...]) -> Step:
    """Return the step of one linear layer, with every buffer and view made beforehand."""
    W = np.random.default_rng(0).normal(size=sizes)
    dW, change, error = np.empty_like(W), np.empty_like(W), np.empty_like(y)
    xT, flat, rows, factor = x.T, error.reshape(-1), len(x), 2.0 / y.size

    def step() -> float:
        np.dot(x, W, out=error)
        np.subtract(error, y, out=error)
        loss = float(np.dot(flat, flat)) / rows
        np.multiply(error, factor, out=error)
        np.dot(xT, error, out=dW)
        np.multiply(dW, RATE, out=change)
        np.subtract(W, change, out=W)
        return loss

    return step


def bare_sigmoid_step(x: Array, y: Array, sizes: tuple[int, ...]) -> Step:
    """Return the step of two sigmoid layers, likewise; all parameters in one vector, as ours."""
    rng = np.random.default_rng(0)
    D, H, M = sizes
    w = rng.normal(size=D * H + H + H * M + M)
    dw, change = np.empty_like(w), np.empty_like(w)
    ends = np.cumsum([D * H, H, H * M])
    shapes = ((D, H), (H,), (H, M), (M,))
    W1, b1, W2, b2 = (part.reshape(s) for part, s in zip(np.split(w, ends), shapes, strict=True))
    dW1, db1, dW2, db2 = (part.reshape(s) for part, s in zip(np.split(dw, ends), shapes, strict=True))
    rows = len(x)
    h, dh, slope_h = (np.empty((rows, H)) for _ in range(3))
    p, dp, slope_p = (np.empty((rows, M)) for _ in range(3))
    xT, hT, W2T, ones, flat, factor = x.T, h.T, W2.T, np.ones(rows), dp.reshape(-1), 2.0 / y.size
    half, one = np.array(0.5), np.array(1.0)

    def activate(z: Array) -> None:
        np.multiply(z, half, out=z)
        np.tanh(z, out=z)
        np.multiply(z, half, out=z)
        np.add(z, half, out=z)

    def step() -> float:
        np.dot(x, W1, out=h)
        np.add(h, b1, out=h)
        activate(h)
        np.dot(h, W2, out=p)
        np.add(p, b2, out=p)
        activate(p)
        np.subtract(p, y, out=dp)
        loss = float(np.dot(flat, flat)) / y.size
        np.multiply(dp, factor, out=dp)
        np.subtract(one, p, out=slope_p)
        np.multiply(slope_p, p, out=slope_p)
        np.multiply(dp, slope_p, out=dp)
        np.dot(hT, dp, out=dW2)
        np.dot(ones, dp, out=db2)
        np.dot(dp, W2T, out=dh)
        np.subtract(one, h, out=slope_h)
        np.multiply(slope_h, h, out=slope_h)
        np.multiply(dh, slope_h, out=dh)
        np.dot(xT, dh, out=dW1)
        np.dot(ones, dh, out=db1)
        np.multiply(dw, RATE, out=change)
        np.subtract(w, change, out=w)
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


@pytest.mark.parametrize(("rows", "sizes", "burst"), CASES.values(), ids=CASES)
def test_cost_of_a_step_against_bare_numpy(
    benchmark: Any,
    rows: int,
    sizes: tuple[int, ...],
    burst: int,
    request: pytest.FixtureRequest,
    record: Callable[..., None],
) -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(0, 2, (rows, sizes[0])).astype(np.float64)
    y = rng.uniform(size=(rows, sizes[-1]))
    bare = bare_linear_step if len(sizes) == 2 else bare_sigmoid_step
    steps = {
        "bare": bare(x, y, sizes),
        "ours": network_step(x, y, sizes, to_input=False),
        "ours, with dL/dx": network_step(x, y, sizes, to_input=True),
    }
    micros = in_turns(steps, burst)
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
