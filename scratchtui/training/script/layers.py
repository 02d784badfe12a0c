"""Layers as a script has them: by type, the lines of forward and of backward, and what they call.

Layer k makes `yk` of the y before it, which is `x` for the first; `dyk` is dL/dyk. The parameters are in
`p` by name, the gradients go to `g`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchtui.nn import RNN, Conv2D, Dense, Flatten, LeakyReLU, MaxPool2D, ReLU, Sigmoid, Tanh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.nn import Layer

Variables = tuple[str, str, str, str]  # the names of x, y, dL/dy and dL/dx

SUM = "np.ones(len({})) @ {}"  # over the rows, in the order in which the run adds them up

SIGMOID = '''
def sigmoid(z):
    """1 / (1 + exp(-z)), by way of tanh, which cannot overflow."""
    return 0.5 * np.tanh(0.5 * z) + 0.5
'''
COLUMNS = '''
def columns(images, size, rim):
    """Return, for images (N, C, H, W) with a rim of zeros, what a filter sees: (C size size, H' W' N).

    A column is one place of one image; a row is what one weight of a filter is laid on there.
    """
    padded = np.pad(images.transpose(1, 2, 3, 0), ((0, 0), (rim, rim), (rim, rim), (0, 0)))
    windows = sliding_window_view(padded, (size, size), axis=(1, 2)).transpose(0, 4, 5, 1, 2, 3)
    return windows.reshape(len(padded) * size * size, -1)
'''
CONVOLVED = '''
def convolved(images, W, rim):
    """Lay filters W (F, C, K, K) on every place of images (N, C, H, W): (N, F, H', W')."""
    N, _, height, width = images.shape
    F, _, K, _ = W.shape
    sums = W.reshape(F, -1) @ columns(images, K, rim)
    return sums.reshape(F, height + 2 * rim - K + 1, width + 2 * rim - K + 1, N).transpose(3, 0, 1, 2)


def filters_gradient(images, dy, size, rim):
    """Return dL/dW and dL/db for dL/dy (N, F, H', W')."""
    rows = dy.transpose(1, 2, 3, 0).reshape(dy.shape[1], -1)
    dW = rows @ columns(images, size, rim).T
    return dW.reshape(-1, images.shape[1], size, size), rows @ np.ones(rows.shape[1])


def images_gradient(dy, W, rim):
    """Return dL/dx: each pixel collects from all places that saw it, by filters turned round."""
    return convolved(dy, W[:, :, ::-1, ::-1].transpose(1, 0, 2, 3), W.shape[-1] - 1 - rim)
'''
POOLED = '''
def pooled(images, size):
    """Return the maximum of each square of images (N, C, H, W), and which of its pixels that is."""
    N, C, H, W = images.shape
    h, w = H // size, W // size  # what no square fits on is not seen
    squares = images[:, :, : h * size, : w * size].reshape(N, C, h, size, w, size)
    squares = squares.transpose(0, 1, 2, 4, 3, 5).reshape(N, C, h, w, size * size)
    return squares.max(axis=-1), squares.argmax(axis=-1)


def pooled_gradient(dy, which, images):
    """Return dL/dx for images (N, C, H, W): dL/dy where the maximum was, 0 elsewhere."""
    N, C, h, w = dy.shape
    size = images.shape[2] // h
    squares = np.zeros((N, C, h, w, size * size))
    np.put_along_axis(squares, which[..., None], dy[..., None], axis=-1)
    dx = np.zeros(images.shape)
    dx[:, :, : h * size, : w * size] = (
        squares.reshape(N, C, h, w, size, size).transpose(0, 1, 2, 4, 3, 5).reshape(N, C, h * size, w * size)
    )
    return dx
'''
REMEMBERED = '''
def remembered(x, h0, Wx, Wh, b):
    """Return h_t = tanh(x_t Wx + h_(t-1) Wh + b) for x (T, V): h_0 to h_T, (T + 1, H)."""
    h = np.vstack((h0, x @ Wx + b))
    for t in range(1, len(h)):
        h[t] = np.tanh(h[t] + h[t - 1] @ Wh)
    return h


def through_time(dh, h, Wh):
    """Return dL/dz (T, H), z being what tanh is taken of, for dL/dh (T, H): from the last step back."""
    dz = 1 - h[1:] * h[1:]
    dz[-1] *= dh[-1]
    for t in reversed(range(len(dz) - 1)):
        dz[t] *= dh[t] + dz[t + 1] @ Wh.T
    return dz
'''


@dataclass(frozen=True)
class Snippet:
    """The lines of one layer, the functions that they call, and what they change besides."""

    forward: tuple[str, ...]
    backward: tuple[str, ...]
    definitions: tuple[str, ...] = ()
    assigns: tuple[str, ...] = ()  # variables of the whole script


def snippets(layers: Sequence[Layer]) -> list[Snippet]:
    """Return the snippet of each layer, the first without dL/dx; ValueError for one that there is none of."""
    return [_snippet(layer, place) for place, layer in enumerate(layers)]


def _snippet(layer: Layer, place: int) -> Snippet:
    x = f"y{place - 1}" if place else "x"
    y, dy, dx = f"y{place}", f"dy{place}", f"dy{place - 1}" if place else ""
    match layer:
        case Dense():
            return _dense(layer, f"{place}.Dense", (x, y, dy, dx))
        case Conv2D(stride=1, bias=True):
            return _convolution(layer, f"{place}.Conv2D", (x, y, dy, dx))
        case MaxPool2D() if layer.stride == layer.size:
            return Snippet(
                (f"{y}, which{place} = pooled({x}, {layer.size})",),
                (f"{dx} = pooled_gradient({dy}, which{place}, {x})",),
                (POOLED,),
            )
        case RNN() if not place:
            return _memory(f"{place}.RNN", (x, y, dy))
        case Flatten():
            return Snippet((f"{y} = {x}.reshape(len({x}), -1)",), (f"{dx} = {dy}.reshape({x}.shape)",))
    return _activation(layer, (x, y, dy, dx))


def _activation(layer: Layer, variables: Variables) -> Snippet:
    x, y, dy, dx = variables
    match layer:
        case Tanh():
            return Snippet((f"{y} = np.tanh({x})",), (f"{dx} = {dy} * (1 - {y} * {y})",))
        case Sigmoid():
            return Snippet((f"{y} = sigmoid({x})",), (f"{dx} = {dy} * ({y} * (1 - {y}))",), (SIGMOID,))
        case ReLU():
            return Snippet((f"{y} = np.maximum({x}, 0)",), (f"{dx} = {dy} * ({y} > 0)",))
        case LeakyReLU(slope=slope):
            return Snippet(
                (f"{y} = np.where({x} > 0, {x}, {slope!r} * {x})",),
                (f"{dx} = np.where({x} > 0, {dy}, {slope!r} * {dy})",),
            )
    raise ValueError(f"no script can be written of a network with {layer}")


def _dense(layer: Dense, name: str, variables: Variables) -> Snippet:
    x, y, dy, dx = variables
    weights, biases = f'["{name}.W"]', f'["{name}.b"]'
    forward = f"{y} = {x} @ p{weights}" + (f" + p{biases}" if layer.bias else "")
    backward = [f"g{weights} = {x}.T @ {dy}"]
    if layer.bias:
        backward.append(f"g{biases} = {SUM.format(dy, dy)}")
    if dx:
        backward.append(f"{dx} = {dy} @ p{weights}.T")
    return Snippet((forward,), tuple(backward))


def _convolution(layer: Conv2D, name: str, variables: Variables) -> Snippet:
    x, y, dy, dx = variables
    weights, biases, rim = f'["{name}.W"]', f'["{name}.b"]', layer.padding
    backward = [f"g{weights}, g{biases} = filters_gradient({x}, {dy}, {layer.size}, rim={rim})"]
    if dx:
        backward.append(f"{dx} = images_gradient({dy}, p{weights}, rim={rim})")
    forward = f"{y} = convolved({x}, p{weights}, rim={rim}) + p{biases}[:, None, None]"
    return Snippet((forward,), tuple(backward), (COLUMNS, CONVOLVED))


def _memory(name: str, variables: tuple[str, str, str]) -> Snippet:
    x, y, dy = variables
    names = {each: f'["{name}.{each}"]' for each in ("Wx", "Wh", "b")}
    forward = (
        "h = remembered({}, memory, {})".format(x, ", ".join(f"p{each}" for each in names.values())),
        "memory = h[-1]  # the next window goes on from here",
        f"{y} = h[1:]",
    )
    backward = (
        f"dz = through_time({dy}, h, p{names['Wh']})",
        f"g{names['Wx']} = {x}.T @ dz",
        f"g{names['Wh']} = h[:-1].T @ dz",
        f"g{names['b']} = {SUM.format('dz', 'dz')}",
    )
    return Snippet(forward, backward, (REMEMBERED,), ("memory",))
