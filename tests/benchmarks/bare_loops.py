"""Training steps written out call by call, as fast as numpy allows: every buffer and view made beforehand.

Each takes a batch and the flat parameters to start from, laid out as in a Sequential, and returns a step of
gradient descent on a copy of them. What it leaves out is what a library must do: to check shapes and data, to
choose a layer, to hand over images with the batch as the first axis.
"""

from collections.abc import Callable
from itertools import pairwise
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scratchtui.nn import Array

Step = Callable[[], float]
RATE = 1e-3
HALF, ONE, ZERO = np.array(0.5), np.array(1.0), np.array(0.0)


def parts_of(flat: Array, shapes: tuple[tuple[int, ...], ...]) -> list[Array]:
    """Return views of these shapes that share out a flat vector."""
    ends = np.cumsum([prod(shape) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True)]


def linear_step(x: Array, y: Array, w: Array) -> Step:
    """Return the step of one linear layer without bias, under the mean squared error."""
    W = w.reshape(x.shape[1], y.shape[1]).copy()
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


def sigmoid_step(x: Array, y: Array, w: Array, hidden: int) -> Step:
    """Return the step of two sigmoid layers under the mean squared error."""
    w = w.copy()
    dw, change = np.empty_like(w), np.empty_like(w)
    rows, D, M = len(x), x.shape[1], y.shape[1]
    shapes = ((D, hidden), (hidden,), (hidden, M), (M,))
    W1, b1, W2, b2 = parts_of(w, shapes)
    dW1, db1, dW2, db2 = parts_of(dw, shapes)
    h, dh, slope_h = (np.empty((rows, hidden)) for _ in range(3))
    p, dp, slope_p = (np.empty((rows, M)) for _ in range(3))
    xT, hT, W2T, ones, flat, factor = x.T, h.T, W2.T, np.ones(rows), dp.reshape(-1), 2.0 / y.size

    def activate(z: Array) -> None:
        np.multiply(z, HALF, out=z)
        np.tanh(z, out=z)
        np.multiply(z, HALF, out=z)
        np.add(z, HALF, out=z)

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
        np.subtract(ONE, p, out=slope_p)
        np.multiply(slope_p, p, out=slope_p)
        np.multiply(dp, slope_p, out=dp)
        np.dot(hT, dp, out=dW2)
        np.dot(ones, dp, out=db2)
        np.dot(dp, W2T, out=dh)
        np.subtract(ONE, h, out=slope_h)
        np.multiply(slope_h, h, out=slope_h)
        np.multiply(dh, slope_h, out=dh)
        np.dot(xT, dh, out=dW1)
        np.dot(ones, dh, out=db1)
        np.multiply(dw, RATE, out=change)
        np.subtract(w, change, out=w)
        return loss

    return step


def softmax_loss(z: Array, t: Array, p: Array) -> Callable[[], float]:
    """Return a function that gives the cross-entropy of the logits z and leaves its gradient in p."""
    rows = z.size // z.shape[-1]
    most, total, log = (np.empty((*z.shape[:-1], 1)) for _ in range(3))
    p_flat, t_flat = p.reshape(-1), t.reshape(-1)

    def loss() -> float:
        np.maximum.reduce(z, axis=-1, keepdims=True, out=most)
        np.subtract(z, most, out=p)
        score = float(np.dot(p_flat, t_flat))
        np.exp(p, out=p)
        np.add.reduce(p, axis=-1, keepdims=True, out=total)
        np.divide(p, total, out=p)
        np.log(total, out=log)
        np.subtract(p, t, out=p)
        np.divide(p, rows, out=p)
        return (float(np.add.reduce(log, axis=None)) - score) / rows

    return loss


def face_step(x: Array, t: Array, w: Array, filters: int) -> Step:  # noqa: PLR0915 - a list of calls
    """Return the step of two 3x3 convolutions, each rectified, max pooling, and one dense layer.

    All images stay (C, H, W, N) from beginning to end.
    """
    w = w.copy()
    dw, change = np.empty_like(w), np.empty_like(w)
    N, C, H, _ = x.shape
    F, V, side = filters, t.shape[1], (H - 4) // 2
    shapes = ((F, C * 9), (F, 1), (F, F * 9), (F, 1), (F * side**2, V), (V,))
    W1, b1, W2, b2, W3, b3 = parts_of(w, shapes)
    dW1, db1, dW2, db2, dW3, db3 = parts_of(dw, shapes)
    db1, db2 = db1.reshape(-1), db2.reshape(-1)

    def gather(images: Array) -> tuple[Array, Array, Array]:
        windows = sliding_window_view(images, (3, 3), axis=(1, 2)).transpose(0, 4, 5, 1, 2, 3)
        copied = np.empty(windows.shape)
        return windows, copied, copied.reshape(len(images) * 9, -1)

    images = x.transpose(1, 2, 3, 0).copy()
    y1, y2 = np.empty((F, H - 2, H - 2, N)), np.empty((F, H - 4, H - 4, N))
    dy1, dy2 = np.empty_like(y1), np.empty_like(y2)
    y1_rows, y2_rows, dy1_rows, dy2_rows = (a.reshape(F, -1) for a in (y1, y2, dy1, dy2))
    windows1, copied1, columns1 = gather(images)
    windows2, copied2, columns2 = gather(y1)
    padded = np.zeros((F, H, H, N))
    inside = padded[:, 2:-2, 2:-2]
    windows3, copied3, columns3 = gather(padded)
    turned, W2_turned = np.empty((F, F, 3, 3)), W2.reshape(F, F, 3, 3)[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    turned_rows = turned.reshape(F, -1)

    places = sliding_window_view(np.arange(y2.size).reshape(y2.shape), (2, 2), axis=(1, 2))
    cells = places[:, ::2, ::2].reshape(-1, 4)
    quads, starts = np.empty(cells.shape), np.arange(0, cells.size, 4)
    choice, source = np.empty_like(starts), np.empty_like(starts)
    pooled = np.empty((F, side, side, N))
    pooled_flat, dpooled, dy2_flat = pooled.reshape(-1), np.empty_like(pooled), dy2.reshape(-1)
    features, dfeatures = pooled.reshape(-1, N), dpooled.reshape(-1, N)
    z, dz = np.empty((N, V)), np.empty((N, V))
    loss_of = softmax_loss(z, t, dz)
    ones, ones1, ones2 = np.ones(N), np.ones(y1_rows.shape[1]), np.ones(y2_rows.shape[1])
    slope1, slope2 = np.empty_like(y1), np.empty_like(y2)
    columns1T, columns2T, featuresT, dzT = columns1.T, columns2.T, features.T, dz.T

    def step() -> float:
        np.copyto(copied1, windows1)
        np.dot(W1, columns1, out=y1_rows)
        np.add(y1_rows, b1, out=y1_rows)
        np.maximum(y1, ZERO, out=y1)
        np.copyto(copied2, windows2)
        np.dot(W2, columns2, out=y2_rows)
        np.add(y2_rows, b2, out=y2_rows)
        np.maximum(y2, ZERO, out=y2)
        y2.take(cells, out=quads, mode="clip")
        quads.argmax(axis=1, out=choice)
        np.add(choice, starts, out=choice)
        quads.take(choice, out=pooled_flat, mode="clip")
        np.dot(featuresT, W3, out=z)
        np.add(z, b3, out=z)
        loss = loss_of()
        np.dot(features, dz, out=dW3)
        np.dot(ones, dz, out=db3)
        np.dot(W3, dzT, out=dfeatures)
        cells.take(choice, out=source, mode="clip")
        dy2.fill(0.0)
        np.add.at(dy2_flat, source, dpooled.reshape(-1))
        np.sign(y2, out=slope2)
        np.multiply(dy2, slope2, out=dy2)
        np.dot(dy2_rows, columns2T, out=dW2)
        np.dot(dy2_rows, ones2, out=db2)
        np.copyto(inside, dy2)
        np.copyto(copied3, windows3)
        np.copyto(turned, W2_turned)
        np.dot(turned_rows, columns3, out=dy1_rows)
        np.sign(y1, out=slope1)
        np.multiply(dy1, slope1, out=dy1)
        np.dot(dy1_rows, columns1T, out=dW1)
        np.dot(dy1_rows, ones1, out=db1)
        np.multiply(dw, RATE, out=change)
        np.subtract(w, change, out=w)
        return loss

    return step


def word_step(x: Array, t: Array, w: Array, hidden: int) -> Step:
    """Return the step of one recurrent layer and a dense one, for a single sequence."""
    w = w.copy()
    dw, change = np.empty_like(w), np.empty_like(w)
    x, t = x[0], t[0]
    (T, D), V = x.shape, t.shape[1]
    shapes = ((D, hidden), (hidden, hidden), (hidden,), (hidden, V), (V,))
    Wx, Wh, b, W, c = parts_of(w, shapes)
    dWx, dWh, db, dW, dc = parts_of(dw, shapes)
    h, dh, dz = np.zeros((T + 1, hidden)), np.empty((T, hidden)), np.empty((T, hidden))
    later, before, recalled, ones = h[1:], h[:-1], np.empty(hidden), np.ones(T)
    logits, dlogits = np.empty((T, V)), np.empty((T, V))
    loss_of = softmax_loss(logits, t, dlogits)
    steps = list(pairwise(h))
    steps_back = list(zip(dh[:-1], dz[:-1], dz[1:], strict=True))[::-1]
    xT, laterT, beforeT, WT, WhT = x.T, later.T, before.T, W.T, Wh.T

    def step() -> float:
        np.dot(x, Wx, out=later)
        np.add(later, b, out=later)
        for h_before, h_t in steps:
            np.dot(h_before, Wh, out=recalled)
            np.add(h_t, recalled, out=h_t)
            np.tanh(h_t, out=h_t)
        np.dot(later, W, out=logits)
        np.add(logits, c, out=logits)
        loss = loss_of()
        np.dot(laterT, dlogits, out=dW)
        np.dot(ones, dlogits, out=dc)
        np.dot(dlogits, WT, out=dh)
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
        np.multiply(dw, RATE, out=change)
        np.subtract(w, change, out=w)
        return loss

    return step
