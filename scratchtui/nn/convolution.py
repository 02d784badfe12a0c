"""Images: Conv2D looks for small patterns wherever they are, MaxPool2D keeps the strongest responses.

Axis letters: images are (N, C, H, W), kernels (F, C, K, K); y is H' high and W' wide, with
H' = floor((H + 2 padding - K) / stride) + 1, and W' likewise. Pixels that no window fits on are not seen.

Images lie in memory with the batch as the last axis, (C, H, W, N). A window of all images is then
made of long contiguous runs, and gathering windows costs a quarter of what it costs in (N, C, H, W).
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scratchtui.nn.arrays import Array, Shape, all_finite
from scratchtui.nn.initializers import Initializer, xavier
from scratchtui.nn.layers import Layer


class Conv2D(Layer):
    """Cross-correlation: each filter is laid on every window of x, and the products are added up.

    y[n, f, h, w] = b[f] + sum over c, i, j of W[f, c, i, j] x[n, c, stride h + i, stride w + j],
    for x with `padding` zeros on each of its four sides.

    Shapes: x (N, C, H, W), W (F, C, K, K), b (F,), y (N, F, H', W').
    Gradients: dW[f, c, i, j] = the sum over n, h, w of dy[n, f, h, w] x[n, c, stride h + i, stride w + j],
    db = the sum of dy over all axes but f; dx is the correlation of dy, its rows and columns set
    `stride` apart with zeros between and around, with each kernel turned by 180 degrees.
    """

    order = "K"

    def __init__(
        self,
        channels: int,
        filters: int,
        size: int,
        rng: np.random.Generator,
        stride: int = 1,
        padding: int = 0,
        *,
        bias: bool = True,
        initializer: Initializer | None = None,
    ) -> None:
        """Draw W with `initializer` (Xavier unless told); b starts at zero, or is left out."""
        super().__init__()
        if min(channels, filters, size, stride) < 1 or padding < 0:
            raise ValueError(
                "Conv2D needs channels, filters, size and stride >= 1 and padding >= 0, "
                f"not {channels}, {filters}, {size}, {stride} and {padding}"
            )
        self.channels, self.filters, self.size = channels, filters, size
        self.stride, self.padding, self.bias = stride, padding, bias
        draw = initializer or xavier()
        shape = (filters, channels, size, size)
        self._add_parameter("W", draw(rng, shape, channels * size**2, filters * size**2))
        if bias:
            self._add_parameter("b", np.zeros(filters))

    def forward(self, x: Array) -> Array:
        """Return y (N, F, H', W') for x (N, C, H, W)."""
        x = self._receive(x)
        np.copyto(self._x_inside, x)
        np.copyto(self._windows, self._windows_of_x)
        np.dot(self.parameters["W"].reshape(self.filters, -1), self._columns, out=self._sums)
        if self.bias:
            np.add(self._sums, self.parameters["b"][:, None], out=self._sums)
        return self._y

    def backward(self, dy: Array) -> Array:
        """Return dL/dx (N, C, H, W) for dL/dy (N, F, H', W'): a pixel collects from all that saw it."""
        self.backward_to_parameters(dy)
        np.copyto(self._dy_apart, dy)
        np.copyto(self._dy_windows, self._windows_of_dy)
        np.copyto(self._turned, self.parameters["W"][:, :, ::-1, ::-1].transpose(1, 0, 2, 3))
        np.dot(self._turned.reshape(self.channels, -1), self._dy_columns, out=self._dx_sums)
        return self._dx

    def backward_to_parameters(self, dy: Array) -> None:
        """Overwrite dL/dW and dL/db for dL/dy (N, F, H', W')."""
        dy_rows = in_order(self._receive_gradient(dy), self._dy).reshape(self.filters, -1)
        np.dot(dy_rows, self._columns.T, out=self.gradients["W"].reshape(self.filters, -1))
        if self.bias:
            np.dot(dy_rows, self._ones, out=self.gradients["b"])

    def output_shape(self, shape: Shape) -> Shape:
        """Return (N, F, H', W') for (N, C, H, W)."""
        if len(shape) != 4 or 0 in shape or shape[1] != self.channels:
            raise ValueError(f"{self} takes x (N, {self.channels}, H, W), not empty, but got {shape}")
        height, width = (side + 2 * self.padding for side in shape[2:])
        if min(height, width) < self.size:
            raise ValueError(
                f"{self} takes x (N, {self.channels}, H, W) of at least {self.size} x {self.size} with its "
                f"padding, but got {shape}, which is {height} x {width}"
            )
        return (
            shape[0],
            self.filters,
            (height - self.size) // self.stride + 1,
            (width - self.size) // self.stride + 1,
        )

    def __repr__(self) -> str:
        sizes = f"{self.channels}, {self.filters}, {self.size}"
        return f"Conv2D({sizes}, stride={self.stride}, padding={self.padding})"

    def _allocate(self, x_shape: Shape, y_shape: Shape) -> None:
        super()._allocate(x_shape, y_shape)
        self._allocate_forward(x_shape, y_shape)
        self._allocate_backward(x_shape, y_shape)

    def _allocate_forward(self, x_shape: Shape, y_shape: Shape) -> None:
        N, C, H, W = x_shape
        _, F, y_height, y_width = y_shape
        K, stride, rim = self.size, self.stride, self.padding
        padded = np.zeros((C, H + 2 * rim, W + 2 * rim, N))
        self._x_inside = padded[:, rim : rim + H, rim : rim + W].transpose(3, 0, 1, 2)
        self._windows_of_x = windows_first(padded, K)[:, :, :, ::stride, ::stride]
        self._windows = np.empty((C, K, K, y_height, y_width, N))
        self._columns = self._windows.reshape(C * K * K, -1)
        self._sums = batch_last(self._y).reshape(F, -1)
        self._ones = np.ones(self._sums.shape[1])

    def _allocate_backward(self, x_shape: Shape, y_shape: Shape) -> None:
        N, C, H, W = x_shape
        _, F, y_height, y_width = y_shape
        K, stride, rim = self.size, self.stride, self.padding
        self._dy = np.empty((F, y_height, y_width, N))
        spread = np.zeros((F, H + 2 * rim + K - 1, W + 2 * rim + K - 1, N))
        first, bottom, right = K - 1, K - 1 + stride * y_height, K - 1 + stride * y_width
        self._dy_apart = spread[:, first:bottom:stride, first:right:stride].transpose(3, 0, 1, 2)
        self._windows_of_dy = windows_first(spread, K)[:, :, :, rim : rim + H, rim : rim + W]
        self._dy_windows = np.empty((F, K, K, H, W, N))
        self._dy_columns = self._dy_windows.reshape(F * K * K, -1)
        self._turned = np.empty((C, F, K, K))
        self._dx_sums = batch_last(self._dx).reshape(C, -1)


class MaxPool2D(Layer):
    """The largest number in each window of size x size pixels, windows `stride` apart.

    Shapes: x (N, C, H, W), y (N, C, H', W'), here with K = size and no padding.
    Gradients: dx adds up dy where each maximum stood, and is zero elsewhere. Of equal numbers the first
    in reading order is the maximum; a NaN counts as the largest of all, so that it does not vanish.
    """

    order = "K"

    def __init__(self, size: int, stride: int | None = None) -> None:
        """Take the side of a window, and how far apart windows are: side by side unless told."""
        super().__init__()
        stride = size if stride is None else stride
        if size < 1 or stride < 1:
            raise ValueError(f"MaxPool2D needs size and stride >= 1, not {size} and {stride}")
        self.size, self.stride = size, stride

    def forward(self, x: Array) -> Array:
        """Return the maxima (N, C, H', W') of x (N, C, H, W)."""
        in_order(self._receive(x), self._x).take(self._cells, out=self._windows, mode="clip")
        np.maximum.reduce(self._windows, axis=0, out=self._y_row)
        return self._y

    def backward(self, dy: Array) -> Array:
        """Return dL/dx (N, C, H, W) for dL/dy (N, C, H', W')."""
        dy_row = in_order(self._receive_gradient(dy), self._dy).reshape(-1)
        self._find_maxima()
        self._dx.fill(0.0)
        np.add.at(self._dx_row, self._source, dy_row)
        return self._dx

    def _find_maxima(self) -> None:
        """Leave in `_source` where the first maximum of each window is: behind all that are smaller."""
        windows, below = self._windows[:-1], self._below
        np.not_equal(windows, self._y_row, out=below)
        if not all_finite(self._y_row):  # a NaN equals nothing
            np.logical_and(below, windows == windows, out=below)  # noqa: PLR0124 - but itself if a number
        for before, here in pairwise(below):
            np.logical_and(before, here, out=here)
        np.add.reduce(below.view(np.int8), axis=0, dtype=self._behind.dtype, out=self._behind)
        np.multiply(self._behind, self._row, out=self._choice)
        np.add(self._choice, self._columns, out=self._choice)
        self._cells.take(self._choice, out=self._source, mode="clip")

    def output_shape(self, shape: Shape) -> Shape:
        """Return (N, C, H', W') for (N, C, H, W)."""
        if len(shape) != 4 or 0 in shape or min(shape[2:]) < self.size:
            size = self.size
            raise ValueError(f"{self} takes x (N, C, H, W) of at least {size} x {size}, but got {shape}")
        height, width = ((side - self.size) // self.stride + 1 for side in shape[2:])
        return (*shape[:2], height, width)

    def __repr__(self) -> str:
        return f"MaxPool2D({self.size}, stride={self.stride})"

    def _allocate(self, x_shape: Shape, y_shape: Shape) -> None:
        super()._allocate(x_shape, y_shape)
        self._y_row, self._dx_row = batch_last(self._y).reshape(-1), batch_last(self._dx).reshape(-1)
        N, *image = x_shape
        self._x, self._dy = np.empty((*image, N)), np.empty(batch_last(self._y).shape)
        places = windows_first(np.arange(self._dx.size).reshape(self._x.shape), self.size)
        cells = places[:, :, :, :: self.stride, :: self.stride].transpose(1, 2, 0, 3, 4, 5)
        # where in x, flat, each cell of the windows is: a row for the first of all windows, one for the next
        self._cells = cells.reshape(self.size**2, -1)
        self._windows = np.empty(self._cells.shape)
        self._below = np.empty((self.size**2 - 1, self._y.size), np.bool_)
        self._columns, self._row = np.arange(self._y.size), np.array(self._y.size)
        self._behind = np.empty(self._y.size, np.min_scalar_type(-(self.size**2)))
        self._choice, self._source = np.empty_like(self._columns), np.empty_like(self._columns)


class Flatten(Layer):
    """All the numbers of an example in one row: y = x with other axes, and so dx = dy.

    Shapes: x (N, ...), y (N, D).
    """

    order = "K"

    def forward(self, x: Array) -> Array:
        """Return x as (N, D)."""
        x = self._receive(x)
        np.copyto(self._y_as_x, x)
        return self._y

    def backward(self, dy: Array) -> Array:
        """Return dL/dx (N, ...) for dL/dy (N, D)."""
        dy = self._receive_gradient(dy)
        np.copyto(self._dx, dy.reshape(self._dx.shape))
        return self._dx

    def output_shape(self, shape: Shape) -> Shape:
        """Return (N, D) for (N, ...)."""
        shape = super().output_shape(shape)
        return (shape[0], int(np.prod(shape[1:])))

    def _allocate(self, x_shape: Shape, y_shape: Shape) -> None:
        super()._allocate(x_shape, y_shape)
        self._y_as_x = self._y.reshape(x_shape)


def batch_last(images: Array) -> Array:
    """Return a view (C, H, W, N) of images (N, C, H, W)."""
    return images.transpose(1, 2, 3, 0)


def in_order(images: Array, spare: Array) -> Array:
    """Return images (N, C, H, W) as (C, H, W, N), contiguous: `spare` where they are in another order."""
    view = batch_last(images)
    if view.flags.c_contiguous:
        return view
    np.copyto(spare, view)
    return spare


def windows_first(images: NDArray[Any], size: int) -> NDArray[Any]:
    """Return a view (C, K, K, H', W', N) of images (C, H, W, N): every pixel at [i, j] of some window."""
    return sliding_window_view(images, (size, size), axis=(1, 2)).transpose(0, 4, 5, 1, 2, 3)
