"""Layers, losses and optimizers written out call by call, as fast as numpy allows: buffers made beforehand.

A layer is given its input x, where dL/dx goes (None: nobody needs it), and its parameters and gradients; it
makes y and dy. Activations work in place. What these leave out is what a library must do: to check shapes and
data, to take another batch, to hand over images with the batch as the first axis; here they are (C, H, W, N).
"""

from collections.abc import Callable
from itertools import pairwise
from math import prod, sqrt
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scratchtui.nn import Array

Call = Callable[[], None]
HALF, ONE, ZERO = np.array(0.5), np.array(1.0), np.array(0.0)


class Bare(NamedTuple):
    """What fills y from x and what fills gradients from dy, and both arrays."""

    forward: Call
    backward: Call
    y: Array
    dy: Array


def parts_of(flat: Array, shapes: tuple[tuple[int, ...], ...]) -> list[Array]:
    """Return views of these shapes that share out a flat vector."""
    ends = np.cumsum([prod(shape) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True)]


def dense(x: Array, dx: Array | None, W: Array, dW: Array, b: Array | None, db: Array | None) -> Bare:
    """Return y = xW + b for x (N, D)."""
    y, dy = np.empty((2, len(x), W.shape[1]))
    xT, WT, ones = x.T, W.T, np.ones(len(x))

    def forward() -> None:
        np.dot(x, W, out=y)
        if b is not None:
            np.add(y, b, out=y)

    def backward() -> None:
        np.dot(xT, dy, out=dW)
        if db is not None:
            np.dot(ones, dy, out=db)
        if dx is not None:
            np.dot(dy, WT, out=dx)

    return Bare(forward, backward, y, dy)


def sigmoid(y: Array, dy: Array) -> Bare:
    """Return y <- 1 / (1 + exp(-y))."""
    slope = np.empty_like(y)

    def forward() -> None:
        np.multiply(y, HALF, out=y)
        np.tanh(y, out=y)
        np.multiply(y, HALF, out=y)
        np.add(y, HALF, out=y)

    def backward() -> None:
        np.subtract(ONE, y, out=slope)
        np.multiply(slope, y, out=slope)
        np.multiply(dy, slope, out=dy)

    return Bare(forward, backward, y, dy)


def tanh(y: Array, dy: Array) -> Bare:
    """Return y <- tanh(y)."""
    slope = np.empty_like(y)

    def forward() -> None:
        np.tanh(y, out=y)

    def backward() -> None:
        np.multiply(y, y, out=slope)
        np.subtract(ONE, slope, out=slope)
        np.multiply(dy, slope, out=dy)

    return Bare(forward, backward, y, dy)


def relu(y: Array, dy: Array) -> Bare:
    """Return y <- max(y, 0)."""
    slope = np.empty_like(y)

    def forward() -> None:
        np.maximum(y, ZERO, out=y)

    def backward() -> None:
        np.sign(y, out=slope)
        np.multiply(dy, slope, out=dy)

    return Bare(forward, backward, y, dy)


def convolution(
    x: Array, dx: Array | None, W: Array, dW: Array, b: Array, db: Array, *, padding: int = 0
) -> Bare:
    """Return the correlation of x (C, H, W, N) with W (F, C, K, K)."""
    (C, H, _, N), (F, _, K, _), rim = x.shape, W.shape, padding
    side = H + 2 * rim - K + 1
    padded = np.zeros((C, H + 2 * rim, H + 2 * rim, N))
    inside = padded[:, rim : rim + H, rim : rim + H]
    windows, gathered, columns = _gather(padded, K)
    y, dy = np.empty((2, F, side, side, N))
    y_rows, dy_rows, W_rows, dW_rows = (each.reshape(F, -1) for each in (y, dy, W, dW))
    columnsT, ones, b_column = columns.T, np.ones(y_rows.shape[1]), b[:, None]
    spread = np.zeros((F, side + 2 * (K - 1), side + 2 * (K - 1), N))
    centre = spread[:, K - 1 : K - 1 + side, K - 1 : K - 1 + side]
    dy_windows, dy_gathered, dy_columns = _gather(spread[:, rim : rim + H + K - 1, rim : rim + H + K - 1], K)
    turned, W_turned = np.empty((C, F, K, K)), W[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    turned_rows = turned.reshape(C, -1)
    dx_rows = None if dx is None else dx.reshape(C, -1)

    def forward() -> None:
        np.copyto(inside, x)
        np.copyto(gathered, windows)
        np.dot(W_rows, columns, out=y_rows)
        np.add(y_rows, b_column, out=y_rows)

    def backward() -> None:
        np.dot(dy_rows, columnsT, out=dW_rows)
        np.dot(dy_rows, ones, out=db)
        if dx_rows is not None:
            np.copyto(centre, dy)
            np.copyto(dy_gathered, dy_windows)
            np.copyto(turned, W_turned)
            np.dot(turned_rows, dy_columns, out=dx_rows)

    return Bare(forward, backward, y, dy)


def _gather(images: Array, size: int) -> tuple[Array, Array, Array]:
    """Return every window of images, room for them, and that room as columns."""
    windows = sliding_window_view(images, (size, size), axis=(1, 2)).transpose(0, 4, 5, 1, 2, 3)
    gathered = np.empty(windows.shape)
    return windows, gathered, gathered.reshape(len(images) * size**2, -1)


def halved(x: Array, dx: Array) -> Bare:
    """Return the maximum of each 2x2 square of x (C, H, W, N); the first of equal ones gets the gradient."""
    C, H, _, N = x.shape
    y, dy = np.empty((2, C, H // 2, H // 2, N))
    squares = sliding_window_view(np.arange(x.size).reshape(x.shape), (2, 2), axis=(1, 2))[:, ::2, ::2]
    cells = squares.transpose(4, 5, 0, 1, 2, 3).reshape(4, -1)
    rows, below, behind = np.empty(cells.shape), np.empty((3, y.size), np.bool_), np.empty(y.size, np.int8)
    count, places = np.array(y.size), np.arange(y.size)
    choice, source = np.empty_like(places), np.empty_like(places)
    y_row, dy_row, dx_row, counted = y.reshape(-1), dy.reshape(-1), dx.reshape(-1), below.view(np.int8)

    def forward() -> None:
        x.take(cells, out=rows, mode="clip")
        np.maximum.reduce(rows, axis=0, out=y_row)

    def backward() -> None:
        np.not_equal(rows[:-1], y_row, out=below)
        np.logical_and(below[0], below[1], out=below[1])
        np.logical_and(below[1], below[2], out=below[2])
        np.add.reduce(counted, axis=0, dtype=np.int8, out=behind)
        np.multiply(behind, count, out=choice)
        np.add(choice, places, out=choice)
        cells.take(choice, out=source, mode="clip")
        dx.fill(0.0)
        np.add.at(dx_row, source, dy_row)

    return Bare(forward, backward, y, dy)


def in_rows(x: Array, dx: Array) -> Bare:
    """Return images (C, H, W, N) as rows (N, D)."""
    columns, dcolumns = x.reshape(-1, x.shape[-1]), dx.reshape(-1, x.shape[-1])
    y, dy = np.empty((2, x.shape[-1], len(columns)))
    yT, dyT = y.T, dy.T

    def forward() -> None:
        np.copyto(yT, columns)

    def backward() -> None:
        np.copyto(dcolumns, dyT)

    return Bare(forward, backward, y, dy)


def recurrent(x: Array, Wx: Array, dWx: Array, Wh: Array, dWh: Array, b: Array, db: Array) -> Bare:
    """Return every h_t = tanh(x_t Wx + h_(t-1) Wh + b) for one sequence x (T, D)."""
    T, H = len(x), len(b)
    h, dh, dz = np.zeros((T + 1, H)), np.empty((T, H)), np.empty((T, H))
    later, before, recalled, ones = h[1:], h[:-1], np.empty(H), np.ones(T)
    steps = list(pairwise(h))
    steps_back = list(zip(dh[:-1], dz[:-1], dz[1:], strict=True))[::-1]
    xT, beforeT, WhT = x.T, before.T, Wh.T

    def forward() -> None:
        np.dot(x, Wx, out=later)
        np.add(later, b, out=later)
        for h_before, h_t in steps:
            np.dot(h_before, Wh, out=recalled)
            np.add(h_t, recalled, out=h_t)
            np.tanh(h_t, out=h_t)

    def backward() -> None:
        np.multiply(later, later, out=dz)
        np.subtract(ONE, dz, out=dz)
        np.multiply(dz[-1], dh[-1], out=dz[-1])
        for dh_t, dz_t, dz_after in steps_back:
            np.dot(dz_after, WhT, out=recalled)
            np.add(dh_t, recalled, out=dh_t)
            np.multiply(dz_t, dh_t, out=dz_t)
        np.dot(xT, dz, out=dWx)
        np.dot(beforeT, dz, out=dWh)
        np.dot(ones, dz, out=db)

    return Bare(forward, backward, later, dh)


def squared_error(y: Array, t: Array, dy: Array) -> Callable[[], float]:
    """Return what gives the mean squared error and leaves its gradient in dy."""
    flat, factor, size = dy.reshape(-1), 2.0 / y.size, y.size

    def loss() -> float:
        np.subtract(y, t, out=dy)
        mean = float(np.dot(flat, flat)) / size
        np.multiply(dy, factor, out=dy)
        return mean

    return loss


def sigmoid_entropy(z: Array, t: Array, dz: Array) -> Callable[[], float]:
    """Return what gives the cross-entropy of the logits z, each a class of its own, gradient in dz."""
    softplus, size = np.empty_like(z), z.size

    def loss() -> float:
        np.abs(z, out=softplus)
        np.negative(softplus, out=softplus)
        np.exp(softplus, out=softplus)
        np.log1p(softplus, out=softplus)
        np.add(softplus, np.maximum(z, ZERO, out=dz), out=softplus)
        np.subtract(softplus, np.multiply(z, t, out=dz), out=softplus)
        np.multiply(z, HALF, out=dz)
        np.tanh(dz, out=dz)
        np.multiply(dz, HALF, out=dz)
        np.add(dz, HALF, out=dz)
        np.subtract(dz, t, out=dz)
        np.divide(dz, size, out=dz)
        return float(softplus.sum()) / size

    return loss


def softmax_entropy(z: Array, t: Array, dz: Array) -> Callable[[], float]:
    """Return what gives the cross-entropy of the logits z (N, V) and leaves its gradient in dz."""
    rows, most, total, log = len(z), *np.empty((3, len(z), 1))
    flat, t_flat = dz.reshape(-1), t.reshape(-1)

    def loss() -> float:
        np.maximum.reduce(z, axis=-1, keepdims=True, out=most)
        np.subtract(z, most, out=dz)
        score = float(np.dot(flat, t_flat))
        np.exp(dz, out=dz)
        np.add.reduce(dz, axis=-1, keepdims=True, out=total)
        np.divide(dz, total, out=dz)
        np.log(total, out=log)
        np.subtract(dz, t, out=dz)
        np.divide(dz, rows, out=dz)
        return (float(np.add.reduce(log, axis=None)) - score) / rows

    return loss


def descent(w: Array, dw: Array, rate: float) -> Call:
    """Return the update of gradient descent."""
    change, by = np.empty_like(w), np.array(rate)

    def update() -> None:
        np.multiply(dw, by, out=change)
        np.subtract(w, change, out=w)

    return update


def adam(w: Array, dw: Array, rate: float) -> Call:
    """Return the update of Adam with its usual constants."""
    m, v, change = np.zeros((3, w.size))
    kept, new, kept2, new2, epsilon = map(np.array, (0.9, 1.0 - 0.9, 0.999, 1.0 - 0.999, 1e-8))
    t = 0

    def update() -> None:
        nonlocal t
        t += 1
        np.multiply(dw, new, out=change)
        np.multiply(m, kept, out=m)
        np.add(m, change, out=m)
        np.multiply(dw, dw, out=change)
        np.multiply(change, new2, out=change)
        np.multiply(v, kept2, out=v)
        np.add(v, change, out=v)
        np.divide(v, 1.0 - 0.999**t, out=change)
        np.sqrt(change, out=change)
        np.add(change, epsilon, out=change)
        np.divide(m, change, out=change)
        np.multiply(change, rate / (1.0 - 0.9**t), out=change)
        np.subtract(w, change, out=w)

    return update


def clipped(dw: Array, limit: float) -> Call:
    """Return what cuts a gradient to a length."""

    def clip() -> None:
        norm = sqrt(np.dot(dw, dw))
        if norm > limit:
            np.multiply(dw, limit / norm, out=dw)

    return clip
