"""Training steps made of bare layers: each takes a batch and the flat parameters to start from.

The parameters are laid out as in a Sequential; a step updates a copy of them and returns its loss.
"""

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from scratchtui.nn import Array
from tests.benchmarks import bare_layers as bare
from tests.benchmarks.bare_layers import Bare, Call, parts_of

Step = Callable[[], float]
Update = Callable[[Array, Array], Sequence[Call]]  # of parameters and gradients (P,), call after call
RATE = 1e-3


def plain(w: Array, dw: Array) -> Sequence[Call]:
    """Return gradient descent at RATE."""
    return [bare.descent(w, dw, RATE)]


def _step(layers: Sequence[Bare], loss: Step, update: Sequence[Call]) -> Step:
    forward = [layer.forward for layer in layers]
    backward = [*(layer.backward for layer in reversed(layers)), *update]

    def step() -> float:
        for call in forward:
            call()
        value = loss()
        for call in backward:
            call()
        return value

    return step


def _vectors(w: Array, shapes: tuple[tuple[int, ...], ...]) -> tuple[Array, Array, list[Array]]:
    """Return a copy of the parameters, their gradients, and W, dW, b, db, ... as views of them."""
    w, dw = w.copy(), np.empty_like(w)
    pairs = zip(parts_of(w, shapes), parts_of(dw, shapes), strict=True)
    return w, dw, list(chain.from_iterable(pairs))


def linear_step(x: Array, y: Array, w: Array, update: Update = plain) -> Step:
    """Return the step of one linear layer without bias, under the mean squared error."""
    w, dw, (W, dW) = _vectors(w, ((x.shape[1], y.shape[1]),))
    out = bare.dense(x, None, W, dW, None, None)
    return _step([out], bare.squared_error(out.y, y, out.dy), update(w, dw))


def sigmoid_step(x: Array, y: Array, w: Array, hidden: int) -> Step:
    """Return the step of two sigmoid layers under the mean squared error."""
    D, M = x.shape[1], y.shape[1]
    w, dw, parts = _vectors(w, ((D, hidden), (hidden,), (hidden, M), (M,)))
    first = bare.dense(x, None, *parts[:4])
    last = bare.dense(first.y, first.dy, *parts[4:])
    layers = [first, bare.sigmoid(first.y, first.dy), last, bare.sigmoid(last.y, last.dy)]
    return _step(layers, bare.squared_error(last.y, y, last.dy), plain(w, dw))


def tanh_step(x: Array, y: Array, w: Array, hidden: int, update: Update) -> Step:
    """Return the step of a hidden tanh layer and one logit, under the cross-entropy."""
    D, M = x.shape[1], y.shape[1]
    w, dw, parts = _vectors(w, ((D, hidden), (hidden,), (hidden, M), (M,)))
    first = bare.dense(x, None, *parts[:4])
    last = bare.dense(first.y, first.dy, *parts[4:])
    layers = [first, bare.tanh(first.y, first.dy), last]
    return _step(layers, bare.sigmoid_entropy(last.y, y, last.dy), update(w, dw))


def face_step(x: Array, t: Array, w: Array, filters: int) -> Step:
    """Return the step of two 3x3 convolutions, each rectified, max pooling, and one dense layer."""
    C, F, V = x.shape[1], filters, t.shape[1]
    shapes = ((F, C, 3, 3), (F,), (F, F, 3, 3), (F,), (F * ((x.shape[2] - 4) // 2) ** 2, V), (V,))
    w, dw, parts = _vectors(w, shapes)
    one = bare.convolution(x.transpose(1, 2, 3, 0).copy(), None, *parts[:4])
    two = bare.convolution(one.y, one.dy, *parts[4:8])
    pooled = bare.halved(two.y, two.dy)
    rows = bare.in_rows(pooled.y, pooled.dy)
    last = bare.dense(rows.y, rows.dy, *parts[8:])
    layers = [one, bare.relu(one.y, one.dy), two, bare.relu(two.y, two.dy), pooled, rows, last]
    return _step(layers, bare.softmax_entropy(last.y, t, last.dy), plain(w, dw))


def faces_step(
    draw: Callable[[], tuple[Array, Array]], size: int, w: Array, filters: int, hidden: int, update: Update
) -> Step:
    """Return the step of the CNN: `draw` gives each time `size` faces (N, 1, 8, 8) and their targets (N, 3).

    Two padded 3x3 convolutions, each rectified and pooled, a rectified dense layer and another one.
    """
    F, H = filters, hidden
    shapes = ((F, 1, 3, 3), (F,), (F, F, 3, 3), (F,), (F * 4, H), (H,), (H, 3), (3,))
    w, dw, parts = _vectors(w, shapes)
    x, t = np.empty((1, 8, 8, size)), np.empty((size, 3))
    x_as_drawn = x.transpose(3, 0, 1, 2)
    one = bare.convolution(x, None, *parts[:4], padding=1)
    pooled = bare.halved(one.y, one.dy)
    two = bare.convolution(pooled.y, pooled.dy, *parts[4:8], padding=1)
    again = bare.halved(two.y, two.dy)
    rows = bare.in_rows(again.y, again.dy)
    inner = bare.dense(rows.y, rows.dy, *parts[8:12])
    last = bare.dense(inner.y, inner.dy, *parts[12:])
    layers = [
        *(one, bare.relu(one.y, one.dy), pooled, two, bare.relu(two.y, two.dy), again, rows),
        *(inner, bare.relu(inner.y, inner.dy), last),
    ]
    learn = _step(layers, bare.softmax_entropy(last.y, t, last.dy), update(w, dw))

    def step() -> float:
        faces, targets = draw()
        np.copyto(x_as_drawn, faces)
        np.copyto(t, targets)
        return learn()

    return step


def word_step(x: Array, t: Array, w: Array, hidden: int, update: Update = plain) -> Step:
    """Return the step of one recurrent layer and a dense one, for a single sequence."""
    D, V, H = x.shape[2], t.shape[2], hidden
    w, dw, parts = _vectors(w, ((D, H), (H, H), (H,), (H, V), (V,)))
    memory = bare.recurrent(x[0], *parts[:6])
    last = bare.dense(memory.y, memory.dy, *parts[6:])
    return _step([memory, last], bare.softmax_entropy(last.y, t[0], last.dy), update(w, dw))
